import { useLocation, useRoute } from 'preact-iso'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import { ButtonLink } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Mark } from '../../parts/mark.tsx'
import { Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { createResource, useResource } from '../../state/resource.ts'
import { session } from '../../state/session.ts'
import { readSetupStatus } from '../../client.ts'
import { t } from '../../text/index.ts'
import { CodeStep } from './code-step.tsx'
import { draft } from './draft.ts'
import { CamerasStep, PlugsStep } from './device-steps.tsx'
import { FactorStep } from './factor-step.tsx'
import { HomeStep } from './home-step.tsx'
import { DoneStep, InstallStep, NotifyStep, TestStep } from './phone-steps.tsx'
import type { StepProps } from './question.tsx'
import { RecoveryStep } from './recovery-step.tsx'
import { STEPS, allowedStep, isStep, stepAfter, stepBefore } from './steps.ts'
import type { Step } from './steps.ts'
import { YouStep } from './you-step.tsx'

const VIEWS: Record<Step, ComponentType<StepProps>> = {
  code: CodeStep,
  you: YouStep,
  factor: FactorStep,
  recovery: RecoveryStep,
  home: HomeStep,
  cameras: CamerasStep,
  plugs: PlugsStep,
  install: InstallStep,
  notify: NotifyStep,
  test: TestStep,
  done: DoneStep,
}

const status = createResource(readSetupStatus, { kept: false })

export default function Setup() {
  useResource(status)
  return (
    <Loaded of={status} skeleton={<Skeleton shape="card" />}>
      {(known) => {
        const signedIn = session.value.status === 'signed-in'
        if (known.setupDone && session.value.status === 'signed-out') return <Already />
        if (session.value.status === 'checking') return <Skeleton shape="card" />
        return <Steps signedIn={signedIn} clockTrusted={known.clockTrusted} problems={known.cardProblems ?? []} />
      }}
    </Loaded>
  )
}

interface StepsProps {
  signedIn: boolean
  clockTrusted: boolean
  /** What of the files on the card could not be taken over. */
  problems: readonly string[]
}

function Steps({ signedIn, clockTrusted, problems }: StepsProps) {
  const { params } = useRoute()
  const { route } = useLocation()
  const { setupCode, totp, recoveryCodes } = draft.value
  const wanted = isStep(params.step) ? params.step : 'code'
  const step = allowedStep(wanted, {
    signedIn,
    hasCode: setupCode !== '',
    hasSecret: totp !== null,
    hasRecoveryCodes: recoveryCodes !== null,
  })
  useEffect(() => {
    if (step !== params.step) route(`/setup/${step}`, true)
  }, [step, params.step])
  useEffect(() => {
    document.title = `${t.setup[step].title} · ${t.shell.product}`
    document.querySelector<HTMLElement>('.setup h1')?.focus({ preventScroll: true })
    scrollTo(0, 0)
  }, [step])
  const View = VIEWS[step]
  const before = stepBefore(step)
  return (
    <div class="page is-narrow setup">
      <header class="setup-head">
        {before ? (
          <a class="back" href={`/setup/${before}`}>
            <Icon name="back" />
            <span>{t.shell.back}</span>
          </a>
        ) : (
          <Mark />
        )}
        <Dots at={STEPS.indexOf(step)} />
      </header>
      {!clockTrusted && step === 'factor' && <Note tone="warning">{t.setup.clock}</Note>}
      {problems.length > 0 && step === 'code' && (
        <Note tone="warning" title={t.setup.card}>
          {problems.map((problem) => (
            <p key={problem}>{problem}</p>
          ))}
        </Note>
      )}
      <View key={step} onNext={() => route(`/setup/${stepAfter(step)}`)} onGo={(to) => route(`/setup/${to}`)} />
    </div>
  )
}

function Dots({ at }: { at: number }) {
  return (
    <div class="dots" role="img" aria-label={t.setup.progress(at + 1, STEPS.length)}>
      {STEPS.map((name, index) => (
        <span key={name} class={index < at ? 'dot is-past' : index === at ? 'dot is-here' : 'dot'} />
      ))}
    </div>
  )
}

function Already() {
  return (
    <div class="page is-narrow">
      <Mark />
      <h1>{t.setup.already.title}</h1>
      <p class="lead">{t.setup.already.text}</p>
      <ButtonLink href="/sign-in" look="main" wide>
        {t.setup.already.action}
      </ButtonLink>
    </div>
  )
}
