import { useSignal } from '@preact/signals'
import * as client from '../../client-certificates.ts'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { Section } from '../../parts/page.tsx'
import { Ask } from '../../parts/sheet.tsx'
import { ErrorNote, Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { certificates } from '../../state/certificates.ts'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { settings } from '../../state/settings.ts'
import { showToast } from '../../state/toasts.ts'
import { cert } from '../../text/certificates.ts'
import type { AcmeCheckStep, Certificates } from '../../wire-certificates.ts'
import { SettingRows } from '../settings/setting-rows.tsx'
import { acmeKeys } from './acme-keys.ts'

const words = cert.public

/** Let's Encrypt beside the private root: on or off, what it needs to know, whether it would work. */
export function PublicCertificate({ of: known }: { of: Certificates }) {
  const { mode, modeSetBy } = known
  if (mode === 'provided' || mode === 'disabled') return null
  const isOn = mode === 'acme'
  return (
    <Section title={words.title}>
      {!isOn && <p>{words.lead}</p>}
      {modeSetBy === 'environment' && <p class="quiet">{words.byEnvironment(mode)}</p>}
      {isOn && <Needs />}
      {isOn && may('system.edit') && <TryIt />}
      {modeSetBy === 'app' && may('system.edit') && <Switch isOn={isOn} />}
    </Section>
  )
}

function Switch({ isOn }: { isOn: boolean }) {
  const task = useTask()
  const asking = useSignal(false)
  const change = async (mode: 'self_signed' | 'acme') => {
    await task.run(async () => void (await client.setMode(mode)))
    asking.value = false
    void certificates.load()
  }
  return (
    <>
      {task.error.value && <ErrorNote error={task.error.value} />}
      {isOn ? (
        <Button look="quiet" onPress={() => (asking.value = true)}>
          {words.off}
        </Button>
      ) : (
        <Button look="main" busy={task.busy.value} onPress={() => void change('acme')}>
          {words.on}
        </Button>
      )}
      {asking.value && (
        <Ask
          title={words.offAsk.title}
          text={words.offAsk.text}
          confirm={words.offAsk.confirm}
          busy={task.busy.value}
          onConfirm={() => void change('self_signed')}
          onClose={() => (asking.value = false)}
        />
      )}
    </>
  )
}

/** The settings that matter for the way that was chosen; each opens to be changed. */
function Needs() {
  useResource(settings)
  return (
    <Loaded of={settings} skeleton={<Skeleton shape="row" count={4} />}>
      {(list) => (
        <>
          <h3>{words.settings}</h3>
          <p class="quiet">{words.settingsHint}</p>
          <SettingRows of={acmeKeys(list)} onChanged={() => void certificates.load()} />
        </>
      )}
    </Loaded>
  )
}

function TryIt() {
  const check = useTask()
  const renew = useTask()
  const steps = useSignal<AcmeCheckStep[] | null>(null)
  const tryReach = () => check.run(async () => void (steps.value = (await client.checkReach()).steps))
  const renewNow = async () => {
    if (!(await renew.run(async () => void (await client.renewNow())))) return
    showToast({ tone: 'done', text: words.renewing })
    void certificates.load()
  }
  return (
    <>
      <div class="row-buttons">
        <Button busy={check.busy.value} onPress={() => void tryReach()}>
          {words.check}
        </Button>
        <Button busy={renew.busy.value} onPress={() => void renewNow()}>
          {words.renew}
        </Button>
      </div>
      <div role="status">
        {check.busy.value && <p class="quiet">{words.checking}</p>}
        {!check.busy.value && steps.value && <Steps of={steps.value} />}
      </div>
      {check.error.value && <ErrorNote error={check.error.value} />}
      {renew.error.value && <ErrorNote error={renew.error.value} />}
    </>
  )
}

const TONES = { ok: 'good', failed: 'problem', unknown: 'info' } as const

function Steps({ of: steps }: { of: readonly AcmeCheckStep[] }) {
  const good = steps.every(({ outcome }) => outcome !== 'failed')
  return (
    <>
      <Note tone={good ? 'good' : 'warning'} title={good ? words.allGood : words.notGood} />
      <ul class="cards">
        {steps.map(({ step, name, outcome, words: text }, index) => (
          <li key={index}>
            <Note tone={TONES[outcome]} title={`${words.steps[step]}${name === null ? '' : ` · ${name}`}`}>
              <p>
                <span class="visually-hidden">{words.outcomes[outcome]}. </span>
                {text}
              </p>
            </Note>
          </li>
        ))}
      </ul>
    </>
  )
}
