import { useSignal } from '@preact/signals'
import * as client from '../../client.ts'
import { dayAndTime } from '../../format.ts'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { PasswordField } from '../../parts/password-field.tsx'
import { checkPassword } from '../../parts/password-rules.ts'
import { Note } from '../../parts/states.tsx'
import { TrustChoice } from '../../parts/trust-choice.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { timeZone } from '../../state/home.ts'
import { own } from '../../text/account.ts'
import { t } from '../../text/index.ts'
import type { InvitationLook } from '../../wire.ts'
import { begunTooLongAgo, bodyOf, trust } from './accept.ts'
import { changeDraft, draft, password } from './draft.ts'
import { Screen } from './screen.tsx'

const words = own.invite

interface YouStepProps {
  look: InvitationLook
  onFactor: () => void
  onJoined: (recoveryCodes: readonly string[]) => Promise<void>
}

export function YouStep({ look, onFactor, onJoined }: YouStepProps) {
  const { displayName, username, enrolment } = draft.value
  const tried = useSignal(false)
  const task = useTask()
  const good = Object.values(checkPassword(password.value, username)).every(Boolean)
  const taken = task.error.value?.code === 'NAME_TAKEN' ? task.error.value.message : undefined
  const submit = async () => {
    tried.value = true
    if (displayName.trim() === '' || username.trim() === '' || !good) return
    await task.run(async () => {
      const begun = await client.beginAccept(bodyOf(draft.value, password.value))
      if (begun.enrolment) {
        // One that this person has scanned already, before the phone dropped this page, goes on to count.
        if (enrolment?.username !== username) changeDraft({ enrolment: { ...begun.enrolment, username } })
        begunTooLongAgo.value = false
        onFactor()
      } else
        await onJoined((await client.acceptInvitation(bodyOf(draft.value, password.value, trust.value))).recoveryCodes)
    })
  }
  return (
    <Screen title={words.title(look.homeName)}>
      <p class="lead">
        {words.lead(look.displayName, look.roleName)}{' '}
        {words.until(dayAndTime(look.expiresAt, Date.now(), timeZone.value))}
      </p>
      <TaskForm task={task} send={look.needsSecondFactor ? words.next : words.join} onSubmit={() => void submit()}>
        {begunTooLongAgo.value && (
          <Note tone="info">
            <p>{words.tooLong}</p>
          </Note>
        )}
        <Who tried={tried.value} good={good} taken={taken} />
        <TrustChoice on={trust.value} onChange={(on) => (trust.value = on)} />
      </TaskForm>
    </Screen>
  )
}

/** `taken`: the name belongs to somebody else. */
function Who({ tried, good, taken }: { tried: boolean; good: boolean; taken: string | undefined }) {
  const { displayName, username } = draft.value
  const missing = (value: string) => (tried && value.trim() === '' ? own.signIn.missing : undefined)
  return (
    <>
      <Field
        label={words.displayName}
        value={displayName}
        maxLength={64}
        autocomplete="name"
        error={missing(displayName)}
        onInput={(value) => changeDraft({ displayName: value })}
      />
      <Field
        label={words.username}
        hint={words.usernameHint}
        value={username}
        maxLength={64}
        autocomplete="username"
        error={missing(username) ?? taken}
        onInput={(value) => changeDraft({ username: value })}
      />
      <PasswordField
        label={words.password}
        value={password.value}
        username={username}
        error={tried && !good ? t.setup.you.weak : undefined}
        onInput={(value) => (password.value = value)}
      />
    </>
  )
}
