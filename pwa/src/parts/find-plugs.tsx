import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import * as client from '../client.ts'
import { keepPlug } from '../state/plugs.ts'
import { t } from '../text/index.ts'
import type { WaitingPlug } from '../wire.ts'
import { Button } from './button.tsx'
import { useTask } from './form.ts'
import { ErrorNote, Note } from './states.tsx'
import { WaitingPlugs } from './waiting-plugs.tsx'

export interface FindPlugsProps {
  /** Begins looking at once. */
  atOnce?: boolean
  look?: 'main' | 'plain'
}

/** Looks for plugs on the network; says what was found, and asks for the account where one is needed. */
export function FindPlugs({ atOnce, look: face = 'plain' }: FindPlugsProps) {
  const added = useSignal<number | null>(null)
  const waiting = useSignal<readonly WaitingPlug[]>([])
  const task = useTask()
  const look = () =>
    task.run(async () => {
      const reply = await client.discoverPlugs()
      reply.plugs.forEach(keepPlug)
      added.value = reply.added
      waiting.value = reply.waiting
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
          {waiting.value.length > 0 && <p>{t.plugs.foundWaiting(waiting.value.length)}</p>}
        </Note>
      )}
      {!task.busy.value && <WaitingPlugs waiting={waiting.value} onAgain={() => void look()} />}
      <Button look={face} icon="search" busy={task.busy.value} onPress={() => void look()}>
        {added.value === null ? t.plugs.find : t.setup.plugs.again}
      </Button>
    </div>
  )
}
