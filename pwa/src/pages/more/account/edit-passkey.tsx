import { useSignal } from '@preact/signals'
import * as client from '../../../client.ts'
import { Button } from '../../../parts/button.tsx'
import { Field } from '../../../parts/field.tsx'
import { useTask } from '../../../parts/form.ts'
import { Ask, Sheet } from '../../../parts/sheet.tsx'
import { ErrorNote } from '../../../parts/states.tsx'
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
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.value.trim() !== '') void rename()
        }}
      >
        <Field
          label={words.passkeyName}
          value={name.value}
          maxLength={64}
          error={name.value.trim() === '' ? words.missing : undefined}
          onInput={(value) => (name.value = value)}
        />
        {task.error.value && <ErrorNote error={task.error.value} />}
        <Button type="submit" look="main" wide busy={task.busy.value}>
          {words.passkeyRename}
        </Button>
        <Button look="danger" icon="trash" wide onPress={() => (asks.value = true)}>
          {words.passkeyRemove}
        </Button>
      </form>
    </Sheet>
  )
}
