import { useSignal, type Signal } from '@preact/signals'
import * as client from '../../client-network.ts'
import { Button } from '../../parts/button.tsx'
import { Check } from '../../parts/check.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Section } from '../../parts/page.tsx'
import { ErrorNote } from '../../parts/states.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { network } from '../../state/network.ts'
import { net as words } from '../../text/network.ts'
import type { HeardNetwork, ScanReply } from '../../wire-network.ts'
import { countryOptions, likelyCountry } from './countries.ts'
import { strengthWords } from './strength.ts'

interface Draft {
  /** null: one that is typed. */
  picked: HeardNetwork | null
  isOther: boolean
  name: string
  password: string
  /** Empty until somebody chooses one. */
  country: string
}

const EMPTY = { picked: null, isOther: false, name: '', password: '' }

/** Listens, lets one pick, and begins to join. `country`: what the box knows already. */
export function JoinForm({ country }: { country: string | null }) {
  const heard = useSignal<ScanReply | null>(null)
  const listening = useTask()
  const listen = () => listening.run(async () => void (heard.value = await client.scanWifi()))
  return (
    <Section title={words.change}>
      <p class="quiet">{words.lead}</p>
      {listening.error.value && <ErrorNote error={listening.error.value} />}
      {heard.value && <Choose scan={heard.value} country={country} />}
      <Button icon="search" busy={listening.busy.value} onPress={() => void listen()}>
        {listening.busy.value ? words.listening : heard.value ? words.again : words.listen}
      </Button>
    </Section>
  )
}

function Choose({ scan: { networks: heard, countries }, country: told }: { scan: ScanReply; country: string | null }) {
  const draft = useSignal<Draft>({ ...EMPTY, country: likelyCountry(countries, told, navigator.languages) })
  const tried = useSignal(false)
  const task = useTask()
  const { picked, isOther, name, password, country } = draft.value
  const change = (part: Partial<Draft>): void => void (draft.value = { ...draft.value, ...part })
  const problems = tried.value ? problemsOf(draft.value) : {}
  const join = async () => {
    tried.value = true
    if (Object.keys(problemsOf(draft.value)).length > 0) return
    const ssid = picked?.ssid ?? name.trim()
    const secret = picked?.security === 'open' || password === '' ? null : password
    await task.run(async () => {
      const now = await client.joinWifi({ ssid, password: secret, hidden: picked === null, country })
      network.patch(() => now)
    })
  }
  return (
    <TaskForm task={task} send={words.join} onSubmit={() => void join()}>
      {heard.length === 0 && <p class="quiet">{words.heardNone}</p>}
      <div class="checks" role="radiogroup" aria-label={words.change}>
        {heard.map((each) => (
          <Heard key={each.ssid} network={each} draft={draft} />
        ))}
        <Check
          {...{ kind: 'radio', name: 'network', label: words.other, hint: words.otherHint, checked: isOther }}
          onChange={() => change({ picked: null, isOther: true })}
        />
      </div>
      {problems.pick && <p class="field-error">{problems.pick}</p>}
      {isOther && <Field label={words.name} value={name} maxLength={32} onInput={(value) => change({ name: value })} />}
      {(isOther || picked?.security === 'password') && (
        <Field
          {...{ label: words.password, value: password, hint: words.passwordHint, error: problems.password }}
          maxLength={64}
          onInput={(value) => change({ password: value })}
        />
      )}
      <Select
        {...{ label: words.country, value: country, hint: words.countryHint, error: problems.country }}
        options={[...(country === '' ? [{ value: '', label: words.pleaseChoose }] : []), ...countryOptions(countries)]}
        onChange={(value) => change({ country: value })}
      />
    </TaskForm>
  )
}

function Heard({ network: heard, draft }: { network: HeardNetwork; draft: Signal<Draft> }) {
  const { ssid, strength, security } = heard
  const hint = `${strengthWords(strength)}${security === 'open' ? `, ${words.open}` : ''}`
  return (
    <Check
      {...{ kind: 'radio', name: 'network', label: ssid, hint, checked: draft.value.picked?.ssid === ssid }}
      {...(security === 'unsupported' && { barred: words.unsupported })}
      onChange={() => (draft.value = { ...draft.value, picked: heard, isOther: false })}
    />
  )
}

interface Problems {
  pick?: string
  password?: string
  country?: string
}

function problemsOf({ picked, isOther, name, password, country }: Draft): Problems {
  const problems: Problems = {}
  if (picked === null && !(isOther && name.trim() !== '')) problems.pick = words.problems.pick
  const needsOne = picked?.security === 'password' || (isOther && password !== '')
  if (needsOne && (password.length < 8 || (password.length > 63 && !/^[0-9a-f]{64}$/i.test(password))))
    problems.password = words.problems.password
  if (country === '') problems.country = words.problems.country
  return problems
}
