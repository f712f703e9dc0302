import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import * as client from '../../client.ts'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Mark } from '../../parts/mark.tsx'
import { ErrorNote } from '../../parts/states.tsx'
import { checkSession, session } from '../../state/session.ts'
import { t } from '../../text/index.ts'

type Step = 'password' | 'code' | 'recovery'
const words = t.signIn

const HEADINGS: Record<Step, { title: string; lead?: string }> = {
  password: { title: words.title },
  code: { title: words.codeTitle, lead: words.codeLead },
  recovery: { title: words.recoveryTitle, lead: words.recoveryLead },
}

export default function SignIn() {
  const { query, route } = useLocation()
  const step = useSignal<Step>('password')
  const username = useSignal('')
  const password = useSignal('')
  const code = useSignal('')
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
      const typed = code.value.replaceAll(' ', '')
      const reply = await client.signIn({
        username: username.value.trim(),
        password: password.value,
        ...(step.value === 'password' ? {} : { code: typed }),
      })
      if (reply.status === 'needs-code') step.value = 'code'
      else await checkSession()
    })
  const show = (next: Step) => {
    step.value = next
    code.value = ''
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
        {step.value === 'password' ? (
          <>
            <Field
              label={words.username}
              value={username.value}
              onInput={(v) => (username.value = v)}
              autocomplete="username"
            />
            <Field
              label={words.password}
              type="password"
              value={password.value}
              onInput={(v) => (password.value = v)}
              autocomplete="current-password"
            />
          </>
        ) : (
          <CodeField recovery={step.value === 'recovery'} value={code.value} onInput={(v) => (code.value = v)} />
        )}
        {task.error.value && <ErrorNote error={task.error.value} />}
        <Button type="submit" look="main" wide busy={task.busy.value}>
          {step.value === 'password' ? words.submit : words.confirm}
        </Button>
      </form>
      {step.value !== 'password' && <OtherWays step={step.value} onShow={show} />}
    </div>
  )
}

function CodeField({
  recovery,
  value,
  onInput,
}: {
  recovery: boolean
  value: string
  onInput: (value: string) => void
}) {
  return (
    <Field
      code
      autoFocus
      label={recovery ? words.recoveryCode : words.code}
      value={value}
      onInput={onInput}
      maxLength={recovery ? 16 : 7}
      inputMode={recovery ? 'text' : 'numeric'}
      autocomplete={recovery ? 'off' : 'one-time-code'}
    />
  )
}

function OtherWays({ step, onShow }: { step: 'code' | 'recovery'; onShow: (step: Step) => void }) {
  return (
    <div class="stack">
      {step === 'code' ? (
        <Button look="quiet" onPress={() => onShow('recovery')}>
          {words.useRecovery}
        </Button>
      ) : (
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
