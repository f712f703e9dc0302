import { useSignal } from '@preact/signals'
import { ErrorBoundary, lazy, useLocation } from 'preact-iso'
import { useEffect, useRef } from 'preact/hooks'
import * as client from '../../client.ts'
import { asClientError } from '../../client-error.ts'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { Mark } from '../../parts/mark.tsx'
import type * as library from '../../parts/passkey-library.ts'
import { answerPasskey, canOfferPasskeys, passkeysPossible } from '../../parts/passkey.ts'
import { ErrorNote, Note } from '../../parts/states.tsx'
import { TrustChoice } from '../../parts/trust-choice.tsx'
import { installed } from '../../state/install.ts'
import { checkSession, session } from '../../state/session.ts'
import { own } from '../../text/account.ts'
import { t } from '../../text/index.ts'
import type { PasskeyAnswer, PasskeyChallenge } from '../../wire.ts'
import { Fields } from './fields.tsx'
import { NOTHING_ASKED, bodyOf, nextStep, safePath } from './steps.ts'
import type { Asked, Draft, Next, Step } from './steps.ts'

const KeptCodes = lazy(() => import('./kept-codes.tsx'))
const words = own.signIn

const HEADINGS: Record<Step, { title: string; lead?: string }> = {
  password: { title: words.title },
  code: { title: words.codeTitle, lead: words.codeLead },
  passkey: { title: words.codeTitle, lead: words.passkeyLead },
  recovery: { title: words.recoveryTitle, lead: words.recoveryLead },
  expired: { title: words.expiredTitle, lead: words.expiredLead },
  enrol: { title: words.enrolTitle, lead: words.enrolLead },
  codes: { title: words.codesTitle, lead: words.codesLead },
}

const TO_HEADING: ReadonlySet<Step> = new Set(['passkey', 'expired', 'enrol', 'codes'])

export default function SignIn() {
  const { query, route } = useLocation()
  const flow = useSignIn()
  const { step, asked, draft, task } = flow
  const signedIn = session.value.status === 'signed-in'
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (signedIn) route(safePath(query.to), true)
  }, [signedIn])
  useEffect(() => {
    document.title = `${words.submit} · ${t.shell.product}`
  }, [])
  // Each step says what it is, where no field takes the focus; the first one only when somebody did not come by themselves.
  const arrived =
    TO_HEADING.has(step.value) ||
    (step.value === 'password' && session.value.status === 'signed-out' && session.value.reason !== null)
  useEffect(() => {
    if (arrived) heading.current?.focus({ preventScroll: true })
  }, [step.value, arrived])
  const { title, lead } = HEADINGS[step.value]
  return (
    <div class="page is-narrow">
      <Mark />
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {step.value === 'password' && <Ended />}
      {lead && <p class="lead">{lead}</p>}
      <ErrorBoundary>
        {asked.value.recoveryCodes ? (
          <KeptCodes codes={asked.value.recoveryCodes} onKept={() => void checkSession()} />
        ) : (
          <form
            key={step.value}
            class="form"
            onSubmit={(event) => {
              event.preventDefault()
              void flow.submit()
            }}
          >
            <Fields step={step.value} draft={draft.value} asked={asked.value} onChange={flow.change} />
            {step.value === 'password' && (
              <TrustChoice on={draft.value.trust} onChange={(trust) => flow.change({ trust })} />
            )}
            {task.error.value && <ErrorNote error={task.error.value} />}
            {step.value === 'passkey' ? (
              <PasskeyButton main busy={task.busy.value} label={words.confirm} onPress={flow.passkey} />
            ) : (
              <Button type="submit" look="main" wide busy={task.busy.value}>
                {step.value === 'password' ? words.submit : words.confirm}
              </Button>
            )}
          </form>
        )}
      </ErrorBoundary>
      <OtherWays flow={flow} />
    </div>
  )
}

/** Why one is here again, when that was not one's own doing. */
function Ended() {
  const state = session.value
  if (state.status !== 'signed-out' || state.reason === null) return null
  const { title, text } = own.ended[state.reason] ?? own.ended['other'] ?? { title: '', text: '' }
  return (
    <Note tone="info" title={title}>
      <p>{text}</p>
    </Note>
  )
}

function PasskeyButton(props: { main?: boolean; busy: boolean; label: string; onPress: () => void }) {
  return (
    <Button look={props.main ? 'main' : 'plain'} icon="passkey" wide busy={props.busy} onPress={props.onPress}>
      {props.label}
    </Button>
  )
}

type Flow = ReturnType<typeof useSignIn>

/** Other doors than the one that is open. */
function OtherWays({ flow: { step, asked, task, show, passkey } }: { flow: Flow }) {
  const at = step.value
  if (at === 'codes') return null
  if (at === 'password') {
    if (!passkeysPossible) return null
    return (
      <>
        <p class="or">{words.or}</p>
        <PasskeyButton busy={task.busy.value} label={words.withPasskey} onPress={passkey} />
      </>
    )
  }
  const ways = [
    asked.value.passkey && at !== 'passkey' && { to: 'passkey' as const, label: words.usePasskey },
    asked.value.hasTotp && at !== 'code' && { to: 'code' as const, label: words.useAuthenticator },
    (at === 'code' || at === 'passkey') && { to: 'recovery' as const, label: words.useRecovery },
    { to: 'password' as const, label: words.startOver },
  ].filter((way) => way !== null && way !== false)
  return (
    <div class="stack">
      {ways.map(({ to, label }) => (
        <Button key={to} look="quiet" wide onPress={() => show(to)}>
          {label}
        </Button>
      ))}
    </div>
  )
}

/** The conversation with the box, from the first field to being in. */
function useSignIn() {
  const step = useSignal<Step>('password')
  const draft = useSignal<Draft>({ username: '', password: '', code: '', newPassword: '', trust: installed.value })
  const asked = useSignal<Asked>(NOTHING_ASKED)
  const task = useTask()
  const follow = async (next: Next) => {
    asked.value = next.asked
    if (next.step === 'done') await checkSession()
    else step.value = next.step
  }
  const send = async (passkey?: PasskeyAnswer) => {
    const body = bodyOf(draft.value, asked.value)
    try {
      const { code: _, ...others } = body
      await follow(nextStep(await client.signIn(passkey ? { ...others, passkey } : body), passkeysPossible))
    } catch (failure) {
      if (asClientError(failure).code !== 'PASSWORD_EXPIRED') throw failure
      step.value = 'expired'
    }
  }
  const alone = async (challenge: PasskeyChallenge, offered: boolean) => {
    const passkey = await answerPasskey(challenge, offered)
    const reply = await client.signInWithPasskey({ passkey, ...(draft.value.trust ? { trustDevice: true } : {}) })
    await follow(nextStep(reply, true))
  }
  usePasskeyOffer((challenge) => alone(challenge, true), task)
  return {
    step,
    draft,
    asked,
    task,
    change: (part: Partial<Draft>) => (draft.value = { ...draft.value, ...part }),
    submit: () => task.run(() => send()),
    passkey: () =>
      void task.run(async () => {
        const challenge = asked.value.passkey
        if (step.value === 'password' || !challenge) await alone(await client.beginPasskeySignIn(), false)
        else await send(await answerPasskey(challenge))
      }),
    show(next: Step) {
      step.value = next
      draft.value = { ...draft.value, code: '', ...(next === 'password' ? { password: '', newPassword: '' } : {}) }
      if (next === 'password') asked.value = NOTHING_ASKED
      task.error.value = null
    },
  }
}

/** Where this browser has used a passkey before, it is offered in the list under the name field. */
function usePasskeyOffer(take: (challenge: PasskeyChallenge) => Promise<void>, task: ReturnType<typeof useTask>): void {
  useEffect(() => {
    let here = true
    let offered = false
    const offer = async () => {
      if (!(await canOfferPasskeys()) || !here) return
      offered = true
      const challenge = await client.beginPasskeySignIn()
      if (here) await take(challenge)
    }
    offer().catch((failure: unknown) => {
      const error = asClientError(failure)
      // Another door was taken, or the list was closed: nothing to say about it.
      if (here && error.kind !== 'passkey') task.error.value = error
    })
    return () => {
      here = false
      if (offered) void import('../../parts/passkey-library.ts').then(forgetOffer)
    }
  }, [])
}

function forgetOffer({ WebAuthnAbortService }: typeof library): void {
  WebAuthnAbortService.cancelCeremony()
}
