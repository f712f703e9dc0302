import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import * as client from '../../client.ts'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { Mark } from '../../parts/mark.tsx'
import { PushSwitch } from '../../parts/push-switch.tsx'
import { ErrorNote, Note } from '../../parts/states.tsx'
import { TrustChoice } from '../../parts/trust-choice.tsx'
import { cameras } from '../../state/cameras.ts'
import { installOffer, installed, isAppleTouch } from '../../state/install.ts'
import { checkPush, pushState } from '../../state/push.ts'
import { useResource } from '../../state/resource.ts'
import { checkSession, me } from '../../state/session.ts'
import { lastPush } from '../../state/worker.ts'
import { t } from '../../text/index.ts'
import { Onward } from './device-steps.tsx'
import { forgetDraft } from './draft.ts'
import { Question } from './question.tsx'
import type { StepProps } from './question.tsx'

const words = t.setup

export function InstallStep({ onNext }: StepProps) {
  const offer = installOffer.value
  const install = async () => {
    const { outcome } = (await offer?.prompt()) ?? { outcome: 'dismissed' }
    installOffer.value = null
    if (outcome === 'accepted') onNext()
  }
  return (
    <div class="form">
      <Question step="install" />
      {installed.value ? (
        <Note tone="good">
          <p>{words.install.installed}</p>
        </Note>
      ) : offer ? (
        <Button look="main" icon="install" wide onPress={() => void install()}>
          {words.install.button}
        </Button>
      ) : isAppleTouch ? (
        <ol class="steps">
          {words.install.apple.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      ) : (
        <p>{words.install.other}</p>
      )}
      <Onward ready={installed.value} onNext={onNext} />
    </div>
  )
}

export function NotifyStep({ onNext }: StepProps) {
  return (
    <div class="form">
      <Question step="notify" />
      <PushSwitch onChange={onNext} />
      <Onward ready={pushState.value === 'on'} onNext={onNext} />
    </div>
  )
}

/** After this long without the notification it says so, and goes on. */
const PATIENCE_MS = 20_000

export function TestStep({ onNext }: StepProps) {
  const task = useTask()
  const sentAt = useSignal<number | null>(null)
  const late = useSignal(false)
  const failed = useSignal<readonly string[]>([])
  useEffect(() => void checkPush(), [])
  useEffect(() => {
    if (sentAt.value === null) return
    const timer = setTimeout(() => (late.value = true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [sentAt.value])
  const arrived = sentAt.value !== null && lastPush.value !== null && lastPush.value.at >= sentAt.value
  const send = () =>
    task.run(async () => {
      const now = Date.now()
      const reply = await client.testPush()
      failed.value = reply.failed.map(({ label, reason }) => t.more.notifications.failed(label, reason))
      late.value = false
      sentAt.value = reply.sent > 0 ? now : null
    })
  return (
    <div class="form">
      <Question step="test" />
      {pushState.value === 'on' ? (
        <Button look={arrived ? 'plain' : 'main'} icon="bell" wide busy={task.busy.value} onPress={() => void send()}>
          {words.test.send}
        </Button>
      ) : (
        <Note tone="info">
          <p>{words.test.noPhone}</p>
        </Note>
      )}
      <div role="status">
        {arrived ? (
          <Note tone="good">
            <p>{words.test.arrived}</p>
          </Note>
        ) : (
          sentAt.value !== null && <p class="quiet">{late.value ? words.test.notYet : words.test.waiting}</p>
        )}
      </div>
      {failed.value.map((line) => (
        <Note key={line} tone="problem">
          <p>{line}</p>
        </Note>
      ))}
      {task.error.value && <ErrorNote error={task.error.value} />}
      <Onward ready={arrived} onNext={onNext} />
    </div>
  )
}

export function DoneStep() {
  useResource(cameras)
  const blind = cameras.data.value?.length === 0
  const { route } = useLocation()
  const trust = useSignal(installed.value)
  const task = useTask()
  const open = () =>
    task.run(async () => {
      const here = me.value?.session
      if (here && here.trusted !== trust.value) {
        await client.trustSession(here.id, trust.value)
        await checkSession()
      }
      forgetDraft()
      route('/', true)
    })
  return (
    <div class="form is-finished">
      <Mark />
      <Question step={blind ? 'ready' : 'done'} />
      <TrustChoice on={trust.value} onChange={(on) => (trust.value = on)} />
      {task.error.value && <ErrorNote error={task.error.value} />}
      <Button look="main" wide busy={task.busy.value} onPress={() => void open()}>
        {words.done.button}
      </Button>
    </div>
  )
}
