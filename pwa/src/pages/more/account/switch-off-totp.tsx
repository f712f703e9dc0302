import { useSignal } from '@preact/signals'
import * as client from '../../../client.ts'
import { CodeField, plainCode } from '../../../parts/code-field.tsx'
import { Field } from '../../../parts/field.tsx'
import { useTask } from '../../../parts/form.ts'
import { Sheet } from '../../../parts/sheet.tsx'
import { TaskForm } from '../../../parts/task-form.tsx'
import { checkSession } from '../../../state/session.ts'
import { showToast } from '../../../state/toasts.ts'
import { own } from '../../../text/account.ts'

const words = own.account

export function SwitchOffTotp({ onClose }: { onClose: () => void }) {
  const password = useSignal('')
  const code = useSignal('')
  const task = useTask()
  const switchOff = async () => {
    const off = await task.run(async () => {
      await client.removeTotp({ password: password.value, code: plainCode(code.value) })
      await checkSession()
    })
    if (!off) return
    showToast({ tone: 'done', text: words.switchedOff })
    onClose()
  }
  return (
    <Sheet title={words.switchOffOf} onClose={onClose}>
      <TaskForm task={task} send={words.switchOff} look="danger" onSubmit={() => void switchOff()}>
        <p class="lead">{words.switchOffLead}</p>
        <Field
          label={words.current}
          type="password"
          autocomplete="current-password"
          value={password.value}
          onInput={(value) => (password.value = value)}
        />
        <CodeField recovery label={words.code} value={code.value} onInput={(value) => (code.value = value)} />
      </TaskForm>
    </Sheet>
  )
}
