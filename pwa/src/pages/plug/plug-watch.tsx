import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import * as client from '../../client-rules.ts'
import { Check } from '../../parts/check.tsx'
import { Select } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { TaskForm } from '../../parts/task-form.tsx'
import { createResource, useResource } from '../../state/resource.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { rulesWords } from '../../text/rules.ts'
import type { PlugWatch as Watch } from '../../wire-rules.ts'
import type { Plug } from '../../wire.ts'

const words = rulesWords.watch
/** A freezer rests for up to an hour between two runs. */
const USUAL: Watch = { minWatts: 5, afterMin: 120 }
const WATTS = [1, 2, 5, 10, 20, 50, 100]
const MINUTES = [5, 15, 30, 60, 120, 240, 480]

const choices = (list: readonly number[], own: number, say: (value: number) => string) =>
  [...new Set([...list, own])].sort((a, b) => a - b).map((value) => ({ value: String(value), label: say(value) }))

/** A freezer, a pump: somebody is told when it stops drawing power. */
export function PlugWatch({ plug }: { plug: Plug }) {
  const known = useMemo(() => createResource(() => client.readPlugWatch(plug.id), { kept: false }), [plug.id])
  useResource(known)
  const draft = useSignal<Watch | null>(null)
  const task = useTask()
  const watch = known.data.value?.watch ?? null
  useEffect(() => void (draft.value = watch), [watch])
  const save = () =>
    task.run(async () => {
      const wanted = draft.value
      const reply = wanted ? await client.watchPlug(plug.id, wanted) : await client.unwatchPlug(plug.id)
      known.patch(() => reply)
      showToast({ tone: 'done', text: wanted ? words.saved : words.ended })
    })
  if (known.data.value === null) return null
  const chosen = draft.value
  return (
    <TaskForm task={task} send={t.shell.save} wide={false} look="plain" onSubmit={() => void save()}>
      <div class="checks">
        <Check
          label={words.title}
          hint={words.hint}
          checked={chosen !== null}
          onChange={(on) => (draft.value = on ? USUAL : null)}
        />
      </div>
      {chosen && (
        <>
          <Select
            label={words.watts}
            value={String(chosen.minWatts)}
            options={choices(WATTS, chosen.minWatts, words.wattsOf)}
            onChange={(value) => (draft.value = { ...chosen, minWatts: Number(value) })}
          />
          <Select
            label={words.after}
            value={String(chosen.afterMin)}
            options={choices(MINUTES, chosen.afterMin, words.minutes)}
            onChange={(value) => (draft.value = { ...chosen, afterMin: Number(value) })}
          />
        </>
      )}
    </TaskForm>
  )
}
