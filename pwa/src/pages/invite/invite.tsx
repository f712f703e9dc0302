import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import * as client from '../../client.ts'
import { asClientError } from '../../client-error.ts'
import type { ClientError } from '../../client-error.ts'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { RecoveryCodes } from '../../parts/recovery-codes.tsx'
import { ErrorNote, Skeleton } from '../../parts/states.tsx'
import { checkSession, me, session, signOut } from '../../state/session.ts'
import { own } from '../../text/account.ts'
import type { InvitationLook } from '../../wire.ts'
import { changeDraft, draft, forgetDraft, openDraft } from './draft.ts'
import { FactorStep } from './factor-step.tsx'
import { Screen } from './screen.tsx'
import { YouStep } from './you-step.tsx'

const words = own.invite

type Found = { look: InvitationLook } | { error: ClientError } | null

/** What an invitation link opens: name and password, the second factor where the role needs one, and in. */
export default function Invite() {
  const found = useSignal<Found>(null)
  const codes = useSignal<readonly string[] | null>(null)
  const { route } = useLocation()
  const look = async () => {
    found.value = null
    const { token, displayName } = draft.value
    if (token === '') return
    try {
      const answer = await client.lookAtInvitation(token)
      if (displayName === '') changeDraft({ displayName: answer.displayName })
      found.value = { look: answer }
    } catch (failure) {
      found.value = { error: asClientError(failure) }
    }
  }
  useEffect(() => {
    const open = () => {
      openDraft()
      void look()
    }
    open()
    // Another link, opened in the same tab.
    addEventListener('hashchange', open)
    return () => removeEventListener('hashchange', open)
  }, [])
  const enter = async () => {
    forgetDraft()
    await checkSession()
    route('/', true)
  }
  const joined = async (recoveryCodes: readonly string[]) => {
    if (recoveryCodes.length > 0) codes.value = recoveryCodes
    else await enter()
  }
  if (codes.value) return <Kept codes={codes.value} onKept={() => void enter()} />
  if (draft.value.token === '') return <Dead title={words.none.title} text={words.none.text} />
  if (session.value.status === 'signed-in') return <SomebodyElse />
  if (!found.value || session.value.status === 'checking') return <Waiting />
  if ('error' in found.value) return <Refused error={found.value.error} onRetry={() => void look()} />
  return <Joining look={found.value.look} onJoined={joined} />
}

interface JoiningProps {
  look: InvitationLook
  onJoined: (recoveryCodes: readonly string[]) => Promise<void>
}

function Joining({ look, onJoined }: JoiningProps) {
  const { enrolment, username } = draft.value
  const step = useSignal<'you' | 'factor'>('you')
  if (step.value === 'factor' && enrolment?.username === username)
    return <FactorStep enrolment={enrolment} onJoined={onJoined} onBack={() => (step.value = 'you')} />
  return <YouStep look={look} onFactor={() => (step.value = 'factor')} onJoined={onJoined} />
}

function Waiting() {
  return (
    <Screen title={words.checking}>
      <Skeleton shape="row" count={3} />
    </Screen>
  )
}

function Dead({ title, text }: { title: string; text: string }) {
  return (
    <Screen title={title}>
      <p class="lead">{text}</p>
      <ButtonLink href="/sign-in" wide>
        {words.signIn}
      </ButtonLink>
    </Screen>
  )
}

function Refused({ error, onRetry }: { error: ClientError; onRetry: () => void }) {
  if (error.code === 'INVITATION_INVALID') return <Dead title={words.invalid.title} text={error.message} />
  return (
    <Screen title={words.invalid.unknown}>
      <ErrorNote error={error} onRetry={onRetry} />
    </Screen>
  )
}

/** An invitation is for one person; this browser is somebody's already. */
function SomebodyElse() {
  const task = useTask()
  return (
    <Screen title={words.other.title(me.value?.user.displayName ?? '')}>
      <p class="lead">{words.other.text}</p>
      {task.error.value && <ErrorNote error={task.error.value} />}
      <ButtonLink href="/" look="main" wide>
        {words.other.stay}
      </ButtonLink>
      <Button wide busy={task.busy.value} onPress={() => void task.run(signOut)}>
        {words.other.signOut}
      </Button>
    </Screen>
  )
}

function Kept({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  return (
    <Screen title={words.codesTitle}>
      <p class="lead">{words.codesLead}</p>
      <RecoveryCodes codes={codes} />
      <Button look="main" wide onPress={onKept}>
        {words.kept}
      </Button>
    </Screen>
  )
}
