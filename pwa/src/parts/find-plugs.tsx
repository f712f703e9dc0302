import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import * as client from '../client.ts'
import { keepPlug } from '../state/plugs.ts'
import { t } from '../text/index.ts'
import { Button } from './button.tsx'
import { useTask } from './form.ts'
import { ErrorNote, Note } from './states.tsx'

export interface FindPlugsProps {
  /** Begins looking at once. */
  atOnce?: boolean
}

/** Looks for plugs on the network; says what was found. */
export function FindPlugs({ atOnce }: FindPlugsProps) {
  const added = useSignal<number | null>(null)
  const task = useTask()
  const look = () =>
    task.run(async () => {
      const reply = await client.discoverPlugs()
      reply.plugs.forEach(keepPlug)
      added.value = reply.added
    })
  useEffect(() => {
    if (atOnce) void look()
  }, [])
  return (
    <div class="stack">
      {task.busy.value && (
        <div class="looking" role="status">
          <span class="radar" aria-hidden="true" />
          <p>{t.plugs.finding}</p>
        </div>
      )}
      {task.error.value && <ErrorNote error={task.error.value} />}
      {added.value !== null && !task.busy.value && (
        <Note tone={added.value > 0 ? 'good' : 'info'}>
          <p>{added.value > 0 ? t.plugs.foundNew(added.value) : t.plugs.foundNone}</p>
        </Note>
      )}
      <Button icon="search" busy={task.busy.value} onPress={() => void look()}>
        {added.value === null ? t.plugs.find : t.setup.plugs.again}
      </Button>
    </div>
  )
}
