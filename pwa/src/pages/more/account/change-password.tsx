import { useSignal } from '@preact/signals'
import * as client from '../../../client.ts'
import { Field } from '../../../parts/field.tsx'
import { useTask } from '../../../parts/form.ts'
import { PasswordField } from '../../../parts/password-field.tsx'
import { checkPassword } from '../../../parts/password-rules.ts'
import { Sheet } from '../../../parts/sheet.tsx'
import { TaskForm } from '../../../parts/task-form.tsx'
import { showToast } from '../../../state/toasts.ts'
import { own } from '../../../text/account.ts'
import { t } from '../../../text/index.ts'

const words = own.account

export function ChangePassword({ username, onClose }: { username: string; onClose: () => void }) {
  const current = useSignal('')
  const next = useSignal('')
  const tried = useSignal(false)
  const task = useTask()
  const good = Object.values(checkPassword(next.value, username)).every(Boolean)
  const save = async () => {
    tried.value = true
    if (current.value === '' || !good) return
    const body = { currentPassword: current.value, newPassword: next.value }
    const changed = await task.run(async () => void (await client.changePassword(body)))
    if (!changed) return
    showToast({ tone: 'done', text: words.changed })
    onClose()
  }
  return (
    <Sheet title={words.changeOf} onClose={onClose}>
      <TaskForm task={task} send={words.changeOf} onSubmit={() => void save()}>
        <input
          class="visually-hidden"
          type="text"
          autocomplete="username"
          value={username}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <Field
          label={words.current}
          type="password"
          autocomplete="current-password"
          value={current.value}
          error={tried.value && current.value === '' ? words.missing : undefined}
          onInput={(value) => (current.value = value)}
        />
        <PasswordField
          label={words.next}
          value={next.value}
          username={username}
          error={tried.value && !good ? t.setup.you.weak : task.error.value?.fields.get('newPassword')}
          onInput={(value) => (next.value = value)}
        />
      </TaskForm>
    </Sheet>
  )
}
