import { useSignal } from '@preact/signals'
import * as client from '../../../client.ts'
import { Field } from '../../../parts/field.tsx'
import { useTask } from '../../../parts/form.ts'
import { makePasskey } from '../../../parts/passkey.ts'
import { Sheet } from '../../../parts/sheet.tsx'
import { TaskForm } from '../../../parts/task-form.tsx'
import { phoneName } from '../../../state/push.ts'
import { showToast } from '../../../state/toasts.ts'
import { own } from '../../../text/account.ts'

const words = own.account

export function AddPasskey({ onDone, onClose }: { onDone: () => Promise<void>; onClose: () => void }) {
  const name = useSignal(phoneName(navigator.userAgent))
  const tried = useSignal(false)
  const task = useTask()
  const add = () => {
    tried.value = true
    const called = name.value.trim()
    if (called === '') return
    void task.run(async () => {
      const passkey = await makePasskey(await client.beginPasskey())
      await client.addPasskey({ passkey, name: called })
      showToast({ tone: 'done', text: words.passkeyAdded(called) })
      await onDone()
    })
  }
  return (
    <Sheet title={words.passkeyAdd} onClose={onClose}>
      <TaskForm task={task} send={words.passkeyMake} icon="passkey" onSubmit={add}>
        <p class="lead">{words.passkeyAddLead}</p>
        <Field
          label={words.passkeyName}
          hint={words.passkeyNameHint}
          value={name.value}
          maxLength={64}
          error={tried.value && name.value.trim() === '' ? words.missing : undefined}
          onInput={(value) => (name.value = value)}
        />
      </TaskForm>
    </Sheet>
  )
}
