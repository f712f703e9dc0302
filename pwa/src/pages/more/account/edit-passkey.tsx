import { useSignal } from '@preact/signals'
import * as client from '../../../client.ts'
import { Button } from '../../../parts/button.tsx'
import { Field } from '../../../parts/field.tsx'
import { useTask } from '../../../parts/form.ts'
import { Ask, Sheet } from '../../../parts/sheet.tsx'
import { TaskForm } from '../../../parts/task-form.tsx'
import { showFailure, showToast } from '../../../state/toasts.ts'
import { own } from '../../../text/account.ts'
import type { Passkey } from '../../../wire.ts'

const words = own.account

interface EditPasskeyProps {
  passkey: Passkey
  onDone: () => Promise<void>
  onClose: () => void
}

/** Another name, or away with it. */
export function EditPasskey({ passkey, onDone, onClose }: EditPasskeyProps) {
  const name = useSignal(passkey.name)
  const asks = useSignal(false)
  const task = useTask()
  const rename = () =>
    task.run(async () => {
      await client.renamePasskey(passkey.id, name.value.trim())
      showToast({ tone: 'done', text: words.passkeyRenamed })
      await onDone()
    })
  const remove = async () => {
    const gone = await task.run(async () => {
      await client.removePasskey(passkey.id)
      showToast({ tone: 'done', text: words.passkeyRemoved(passkey.name) })
      await onDone()
    })
    if (gone) return
    asks.value = false
    if (task.error.value) showFailure(task.error.value)
  }
  if (asks.value) {
    return (
      <Ask
        title={words.passkeyRemoveAsk(passkey.name)}
        text={words.passkeyRemoveText}
        confirm={words.remove}
        busy={task.busy.value}
        onConfirm={() => void remove()}
        onClose={() => (asks.value = false)}
      />
    )
  }
  return (
    <Sheet title={words.passkeyEdit(passkey.name)} onClose={onClose}>
      <TaskForm
        task={task}
        send={words.passkeyRename}
        onSubmit={() => {
          if (name.value.trim() !== '') void rename()
        }}
        after={
          <Button look="danger" icon="trash" wide onPress={() => (asks.value = true)}>
            {words.passkeyRemove}
          </Button>
        }
      >
        <Field
          label={words.passkeyName}
          value={name.value}
          maxLength={64}
          error={name.value.trim() === '' ? words.missing : undefined}
          onInput={(value) => (name.value = value)}
        />
      </TaskForm>
    </Sheet>
  )
}
