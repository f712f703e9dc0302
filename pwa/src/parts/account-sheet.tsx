import { useSignal } from '@preact/signals'
import { addPlugAccount } from '../client-plugs.ts'
import { showToast } from '../state/toasts.ts'
import { plugWords } from '../text/plugs.ts'
import { Field } from './field.tsx'
import { useTask } from './form.ts'
import { Sheet } from './sheet.tsx'
import { TaskForm } from './task-form.tsx'

const words = plugWords.accounts

export interface AccountSheetProps {
  onSaved: () => void
  onClose: () => void
}

/** The TP-Link account that newer plugs ask for, entered once. */
export function AccountSheet({ onSaved, onClose }: AccountSheetProps) {
  const username = useSignal('')
  const password = useSignal('')
  const tried = useSignal(false)
  const task = useTask()
  const save = async () => {
    tried.value = true
    if (username.value.trim() === '' || password.value === '') return
    const saved = await task.run(async () => {
      await addPlugAccount({ username: username.value.trim(), password: password.value })
    })
    if (!saved) return
    showToast({ tone: 'done', text: words.saved })
    onClose()
    onSaved()
  }
  const fields = task.error.value?.fields
  const missing = (value: string, text: string) => (tried.value && value.trim() === '' ? text : undefined)
  return (
    <Sheet title={words.addTitle} onClose={onClose}>
      <TaskForm task={task} send={words.save} onSubmit={() => void save()}>
        <Field
          label={words.username}
          hint={words.usernameHint}
          value={username.value}
          maxLength={128}
          autocomplete="off"
          error={missing(username.value, words.usernameMissing) ?? fields?.get('username')}
          onInput={(value) => (username.value = value)}
        />
        <Field
          label={words.password}
          hint={words.passwordHint}
          type="password"
          value={password.value}
          maxLength={128}
          autocomplete="off"
          error={missing(password.value, words.passwordMissing) ?? fields?.get('password')}
          onInput={(value) => (password.value = value)}
        />
      </TaskForm>
    </Sheet>
  )
}
