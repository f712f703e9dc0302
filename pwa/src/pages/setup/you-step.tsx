import { useSignal } from '@preact/signals'
import * as client from '../../client.ts'
import { asClientError } from '../../client-error.ts'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import type { Task } from '../../parts/form.ts'
import { PasswordField } from '../../parts/password-field.tsx'
import { checkPassword } from '../../parts/password-rules.ts'
import { Note } from '../../parts/states.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { t } from '../../text/index.ts'
import { begunTooLongAgo, changeDraft, codeRefusal, draft, password } from './draft.ts'
import { Question } from './question.tsx'
import type { StepProps } from './question.tsx'

const words = t.setup.you

export function YouStep({ onNext, onGo }: StepProps) {
  const { displayName, username } = draft.value
  const tried = useSignal(false)
  const task = useTask()
  const good = Object.values(checkPassword(password.value, username)).every(Boolean)
  const wrong = task.error.value?.fields
  const missing = (value: string) => (tried.value && value.trim() === '' ? words.missing : undefined)

  const submit = async () => {
    tried.value = true
    if (displayName.trim() === '' || username.trim() === '' || !good) return
    if (await begin(task)) onNext()
    else if (codeRefusal.value) onGo('code')
  }
  return (
    <TaskForm task={task} send={t.setup.next} onSubmit={() => void submit()}>
      <Question step="you" />
      {begunTooLongAgo.value && (
        <Note tone="info">
          <p>{t.setup.factor.lost}</p>
        </Note>
      )}
      <Field
        label={words.displayName}
        value={displayName}
        maxLength={64}
        autocomplete="name"
        error={missing(displayName) ?? wrong?.get('displayName')}
        onInput={(value) => changeDraft(usernameFollows(displayName, username, value))}
      />
      <Field
        label={words.username}
        hint={words.usernameHint}
        value={username}
        maxLength={64}
        autocomplete="username"
        error={missing(username) ?? wrong?.get('username')}
        onInput={(value) => changeDraft({ username: value })}
      />
      <PasswordField
        label={words.password}
        value={password.value}
        username={username}
        error={tried.value && !good ? words.weak : wrong?.get('password')}
        onInput={(value) => (password.value = value)}
      />
    </TaskForm>
  )
}

/** Suggests a user name from the first name, as long as the person has not chosen another. */
function usernameFollows(oldName: string, username: string, newName: string) {
  const suggest = (name: string) => name.trim().toLowerCase().split(/\s+/)[0] ?? ''
  return { displayName: newName, username: username === suggest(oldName) ? suggest(newName) : username }
}

async function begin(task: Task): Promise<boolean> {
  const { setupCode, username, displayName } = draft.value
  return await task.run(async () => {
    try {
      const reply = await client.beginSetup({
        setupCode,
        username: username.trim(),
        displayName: displayName.trim(),
        password: password.value,
      })
      begunTooLongAgo.value = false
      changeDraft({ totp: { secret: reply.totpSecret, uri: reply.totpUri } })
    } catch (failure) {
      const error = asClientError(failure)
      codeRefusal.value = error.code.startsWith('SETUP_CODE') ? error.message : undefined
      throw error
    }
  })
}
