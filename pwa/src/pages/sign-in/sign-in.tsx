import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import * as client from '../../client.ts'
import { asClientError } from '../../client-error.ts'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Mark } from '../../parts/mark.tsx'
import { PasswordField } from '../../parts/password-field.tsx'
import { ErrorNote } from '../../parts/states.tsx'
import { checkSession, session } from '../../state/session.ts'
import { t } from '../../text/index.ts'

type Step = 'password' | 'code' | 'recovery' | 'expired'
const words = t.signIn

const HEADINGS: Record<Step, { title: string; lead?: string }> = {
  password: { title: words.title },
  code: { title: words.codeTitle, lead: words.codeLead },
  recovery: { title: words.recoveryTitle, lead: words.recoveryLead },
  expired: { title: words.expiredTitle, lead: words.expiredLead },
}

interface Draft {
  username: string
  password: string
  code: string
  newPassword: string
}
const NOTHING: Draft = { username: '', password: '', code: '', newPassword: '' }

export default function SignIn() {
  const { query, route } = useLocation()
  const step = useSignal<Step>('password')
  const draft = useSignal(NOTHING)
  const task = useTask()
  const signedIn = session.value.status === 'signed-in'
  useEffect(() => {
    if (signedIn) route(safePath(query.to), true)
  }, [signedIn])
  useEffect(() => {
    document.title = `${words.submit} · ${t.shell.product}`
  }, [])
  const submit = () =>
    task.run(async () => {
      const next = await trySignIn(draft.value)
      if (next === 'done') await checkSession()
      else step.value = next
    })
  const show = (next: Step) => {
    step.value = next
    draft.value = next === 'password' ? { ...NOTHING, username: draft.value.username } : { ...draft.value, code: '' }
    task.error.value = null
  }
  const { title, lead } = HEADINGS[step.value]
  return (
    <div class="page is-narrow">
      <Mark />
      <h1>{title}</h1>
      {lead && <p class="lead">{lead}</p>}
      <form
        key={step.value}
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <Fields
          step={step.value}
          draft={draft.value}
          onChange={(part) => (draft.value = { ...draft.value, ...part })}
        />
        {task.error.value && <ErrorNote error={task.error.value} />}
        <Button type="submit" look="main" wide busy={task.busy.value}>
          {step.value === 'password' ? words.submit : words.confirm}
        </Button>
      </form>
      {step.value !== 'password' && <OtherWays step={step.value} onShow={show} />}
    </div>
  )
}

/** One try with all that was typed so far; what the box still asks for, or `done`. */
async function trySignIn({ username, password, code, newPassword }: Draft): Promise<Step | 'done'> {
  try {
    const reply = await client.signIn({
      username: username.trim(),
      password,
      ...(code ? { code: code.replaceAll(' ', '') } : {}),
      ...(newPassword ? { newPassword } : {}),
    })
    return reply.status === 'needs-code' ? 'code' : 'done'
  } catch (failure) {
    const error = asClientError(failure)
    if (error.code === 'PASSWORD_EXPIRED') return 'expired'
    throw error
  }
}

interface FieldsProps {
  step: Step
  draft: Draft
  onChange: (part: Partial<Draft>) => void
}

function Fields({ step, draft, onChange }: FieldsProps) {
  if (step === 'expired') {
    return (
      <PasswordField
        label={words.newPassword}
        value={draft.newPassword}
        username={draft.username}
        error={undefined}
        onInput={(newPassword) => onChange({ newPassword })}
      />
    )
  }
  if (step !== 'password') {
    const recovery = step === 'recovery'
    return (
      <Field
        code
        autoFocus
        label={recovery ? words.recoveryCode : words.code}
        value={draft.code}
        onInput={(code) => onChange({ code })}
        maxLength={recovery ? 16 : 7}
        inputMode={recovery ? 'text' : 'numeric'}
        autocomplete={recovery ? 'off' : 'one-time-code'}
      />
    )
  }
  return (
    <>
      <Field
        label={words.username}
        value={draft.username}
        onInput={(username) => onChange({ username })}
        autocomplete="username"
      />
      <Field
        label={words.password}
        type="password"
        value={draft.password}
        onInput={(password) => onChange({ password })}
        autocomplete="current-password"
      />
    </>
  )
}

function OtherWays({ step, onShow }: { step: Exclude<Step, 'password'>; onShow: (step: Step) => void }) {
  return (
    <div class="stack">
      {step === 'code' && (
        <Button look="quiet" onPress={() => onShow('recovery')}>
          {words.useRecovery}
        </Button>
      )}
      {step === 'recovery' && (
        <Button look="quiet" onPress={() => onShow('code')}>
          {words.useAuthenticator}
        </Button>
      )}
      <Button look="quiet" onPress={() => onShow('password')}>
        {words.startOver}
      </Button>
    </div>
  )
}

/** Only a path of this app: never an address that leads elsewhere. */
function safePath(to: string | undefined): string {
  return to && /^\/(?![/\\])/.test(to) && !to.startsWith('/sign-in') ? to : '/'
}
