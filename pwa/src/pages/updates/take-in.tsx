import { useSignal } from '@preact/signals'
import * as client from '../../client-updates.ts'
import { Button } from '../../parts/button.tsx'
import { FileField } from '../../parts/file-field.tsx'
import { useTask } from '../../parts/form.ts'
import { Section } from '../../parts/page.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { updates } from '../../state/updates.ts'
import { up } from '../../text/updates.ts'
import type { Updates } from '../../wire-updates.ts'

const OPEN_PHASES: readonly Updates['phase'][] = ['idle', 'receiving', 'received', 'verified', 'done', 'rolled-back']

/** A bundle from this device, or one that lies on the box already. */
export function TakeIn({ known }: { known: Updates }) {
  const file = useSignal<File | null>(null)
  const tried = useSignal(false)
  const sent = useSignal(0)
  const task = useTask()
  if (!OPEN_PHASES.includes(known.phase)) return null
  const run = (work: () => Promise<Updates>) =>
    void task.run(async () => {
      try {
        const now = await work()
        updates.patch(() => now)
        file.value = null
      } finally {
        // What is refused is gone; what is older waits for a word.
        void updates.load()
      }
    })
  const send = () => {
    tried.value = true
    sent.value = 0
    const chosen = file.value
    if (chosen) run(() => client.uploadBundle(chosen, (share) => (sent.value = share)))
  }
  const problem = tried.value && !file.value && !task.busy.value ? up.noFile : undefined
  return (
    <Section title={up.take}>
      <p class="lead">{up.takeLead}</p>
      <TaskForm
        task={task}
        look="plain"
        send={task.busy.value ? up.sending((sent.value * 100).toFixed(0)) : up.send}
        onSubmit={send}
      >
        <FileField
          label={up.choose}
          accept=".raucb"
          chosen={file.value}
          error={problem}
          onChoose={(chosen) => {
            file.value = chosen
            tried.value = false
          }}
        />
      </TaskForm>
      <Waiting names={known.waiting} busy={task.busy.value} onTake={(name) => run(() => client.takeWaiting(name))} />
    </Section>
  )
}

interface WaitingProps {
  names: readonly string[]
  busy: boolean
  onTake: (name: string) => void
}

function Waiting({ names, busy, onTake }: WaitingProps) {
  if (names.length === 0) return null
  return (
    <>
      <h3>{up.waiting}</h3>
      <ul class="update-history">
        {names.map((name) => (
          <li key={name}>
            <span class="break">{name}</span>
            <Button busy={busy} onPress={() => onTake(name)}>
              {up.useIt}
            </Button>
          </li>
        ))}
      </ul>
    </>
  )
}
