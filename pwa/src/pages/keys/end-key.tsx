import { useSignal } from '@preact/signals'
import * as client from '../../client-people.ts'
import { Button } from '../../parts/button.tsx'
import { Select } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Ask, Sheet } from '../../parts/sheet.tsx'
import { ErrorNote } from '../../parts/states.tsx'
import { keys } from '../../state/keys.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { care } from '../../text/people.ts'
import type { ApiKey, CreateApiKeyReply } from '../../wire-people.ts'
import { Made } from './make-key.tsx'

const USUAL_HOURS = 24

interface Props {
  of: ApiKey
  onClose: () => void
}

export function RotateKey({ of: key, onClose }: Props) {
  const ask = care.keys.rotateAsk
  const hours = useSignal(USUAL_HOURS)
  const made = useSignal<CreateApiKeyReply | null>(null)
  const task = useTask()
  const rotate = () => task.run(async () => void (made.value = await client.rotateKey(key.id, hours.value)))
  if (made.value) {
    // The list is read when the sheet is gone: reading it now would take this sheet away with the old key's place.
    const close = () => {
      onClose()
      void keys.load()
    }
    return <Made made={made.value} onClose={close} />
  }
  return (
    <Sheet title={ask.title(key.name)} onClose={onClose}>
      <p>{ask.text}</p>
      <Select
        label={ask.overlap}
        value={String(hours.value)}
        options={ask.lengths.map((each) => ({ value: String(each.hours), label: each.label }))}
        onChange={(value) => (hours.value = Number(value))}
      />
      {task.error.value && <ErrorNote error={task.error.value} />}
      <div class="row-buttons">
        <Button onPress={onClose}>{t.shell.cancel}</Button>
        <Button look="main" busy={task.busy.value} onPress={() => void rotate()}>
          {ask.confirm}
        </Button>
      </div>
    </Sheet>
  )
}

export function RevokeKey({ of: key, onClose }: Props) {
  const ask = care.keys.revokeAsk
  const task = useTask()
  const revoke = async () => {
    if (!(await task.run(async () => void (await client.revokeKey(key.id))))) return
    onClose()
    showToast({ tone: 'done', text: ask.revoked(key.name) })
    void keys.load()
  }
  if (task.error.value) {
    return (
      <Sheet title={ask.title(key.name)} onClose={onClose}>
        <ErrorNote error={task.error.value} />
      </Sheet>
    )
  }
  return (
    <Ask
      title={ask.title(key.name)}
      text={ask.text}
      confirm={ask.confirm}
      busy={task.busy.value}
      onConfirm={() => void revoke()}
      onClose={onClose}
    />
  )
}
