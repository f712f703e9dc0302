import { useSignal } from '@preact/signals'
import * as client from '../../client-certificates.ts'
import { age, clockTime, dayName } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { Section } from '../../parts/page.tsx'
import { Ask, Sheet } from '../../parts/sheet.tsx'
import { Empty, ErrorNote, Loaded, Skeleton } from '../../parts/states.tsx'
import { Toggle } from '../../parts/toggle.tsx'
import { certificates, clients } from '../../state/certificates.ts'
import { timeZone } from '../../state/home.ts'
import { nowMs } from '../../state/now.ts'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { cert } from '../../text/certificates.ts'
import type { Certificates, ClientCertificate } from '../../wire-certificates.ts'
import { IssueClient } from './issue-client.tsx'

const words = cert.clients

/** Certificates by which phones show who they are. */
export function Clients({ of: known }: { of: Certificates['clients'] }) {
  useResource(clients)
  const making = useSignal(false)
  const make = may('system.edit') && (
    <Button look="main" icon="plus" onPress={() => (making.value = true)}>
      {words.issue}
    </Button>
  )
  return (
    <Section title={words.title}>
      <p>{words.lead}</p>
      <Required of={known} />
      {known.otherAuthorities.length > 0 && <p class="quiet">{words.others(known.otherAuthorities.join('; '))}</p>}
      <Loaded of={clients} skeleton={<Skeleton shape="row" count={2} />}>
        {({ certificates: list }) =>
          list.length === 0 ? (
            <Empty icon="key" title={words.empty.title} text={words.empty.text}>
              {make}
            </Empty>
          ) : (
            <>
              <ul class="cards">
                {list.map((one) => (
                  <li key={one.id}>
                    <Card of={one} />
                  </li>
                ))}
              </ul>
              <div class="page-foot">{make}</div>
            </>
          )
        }
      </Loaded>
      {making.value && <IssueClient onClose={() => (making.value = false)} />}
    </Section>
  )
}

/** Whether everybody is asked. Switching it on says first what that means for this very device. */
function Required({ of: { required, setBy, trialEndsAt } }: { of: Certificates['clients'] }) {
  const asking = useSignal(false)
  const task = useTask()
  const change = async (next: boolean) => {
    await task.run(async () => void (await client.requireClients(next)))
    asking.value = false
    void certificates.load()
  }
  const fixed = setBy === 'environment' ? words.byEnvironment : may('system.edit') ? undefined : words.requiredOff
  return (
    <>
      <div class="switch-row">
        <span class="row-words">
          <span>{words.required}</span>
          <span class="quiet">{required ? words.requiredOn : words.requiredOff}</span>
          {setBy === 'environment' && <span class="quiet">{words.byEnvironment}</span>}
          {trialEndsAt !== null && <span class="quiet">{words.trial(clockTime(trialEndsAt, timeZone.value))}</span>}
        </span>
        <Toggle
          label={words.required}
          on={required}
          pending={task.busy.value}
          disabledReason={fixed}
          onToggle={(on) => (on ? void (asking.value = true) : void change(false))}
        />
      </div>
      {task.error.value && <ErrorNote error={task.error.value} />}
      {asking.value && (
        <Ask
          title={words.ask.title}
          text={words.ask.text}
          confirm={words.ask.confirm}
          busy={task.busy.value}
          onConfirm={() => void change(true)}
          onClose={() => (asking.value = false)}
        />
      )}
    </>
  )
}

const LOOKS = { active: 'is-good', expired: '', revoked: '' } as const

function Card({ of: one }: { of: ClientCertificate }) {
  const { name, state, expiresAt, lastUsedAt, issuedBy } = one
  const asking = useSignal(false)
  const until = words.until(dayName(expiresAt, Date.now(), timeZone.value))
  const used = lastUsedAt === null ? words.never : words.used(age(lastUsedAt, nowMs.value))
  return (
    <article class={`card${state === 'active' ? '' : ' is-over'}`}>
      <header class="card-head">
        <h3>{name}</h3>
        <span class={`badge ${LOOKS[state]}`}>{words.states[state]}</span>
      </header>
      <p class="quiet">{[used, until, issuedBy === null ? null : words.by(issuedBy)].filter(Boolean).join(' · ')}</p>
      {state === 'active' && may('system.edit') && (
        <div class="row-buttons">
          <Button look="danger" label={words.revokeOf(name)} onPress={() => (asking.value = true)}>
            {words.revoke}
          </Button>
        </div>
      )}
      {asking.value && <Revoke of={one} onClose={() => (asking.value = false)} />}
    </article>
  )
}

function Revoke({ of: { id, name }, onClose }: { of: ClientCertificate; onClose: () => void }) {
  const ask = words.revokeAsk
  const task = useTask()
  const revoke = async () => {
    if (!(await task.run(async () => void (await client.revokeClient(id))))) return
    onClose()
    showToast({ tone: 'done', text: ask.done(name) })
    void clients.load()
  }
  if (task.error.value) {
    return (
      <Sheet title={ask.title(name)} onClose={onClose}>
        <ErrorNote error={task.error.value} />
      </Sheet>
    )
  }
  return (
    <Ask
      title={ask.title(name)}
      text={ask.text}
      confirm={ask.confirm}
      busy={task.busy.value}
      onConfirm={() => void revoke()}
      onClose={onClose}
    />
  )
}
