import { useSignal } from '@preact/signals'
import { age, dayAndTime } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { Permissions } from '../../parts/permissions.tsx'
import { Section } from '../../parts/page.tsx'
import { Empty, Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { timeZone } from '../../state/home.ts'
import { keys } from '../../state/keys.ts'
import { nowMs } from '../../state/now.ts'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { care } from '../../text/people.ts'
import type { ApiKey } from '../../wire-people.ts'
import { MakeKey } from './make-key.tsx'
import { RevokeKey, RotateKey } from './end-key.tsx'
import '../people/people.css'

const words = care.keys

export default function Keys() {
  useResource(keys)
  const making = useSignal(false)
  const make = may('users.edit') && (
    <Button look="main" icon="plus" onPress={() => (making.value = true)}>
      {words.make}
    </Button>
  )
  return (
    <>
      <p class="lead">{words.lead}</p>
      <Loaded of={keys} skeleton={<Skeleton shape="card" count={2} />}>
        {({ enabled, keys: list }) => {
          const living = list.filter(({ state }) => state === 'active' || state === 'rotated')
          const over = list.filter((key) => !living.includes(key))
          return (
            <>
              {!enabled && (
                <Note tone="warning" title={words.off}>
                  <p>{words.offText}</p>
                </Note>
              )}
              {list.length === 0 ? (
                <Empty icon="key" title={words.empty.title} text={words.empty.text}>
                  {make}
                </Empty>
              ) : (
                <>
                  {living.length > 0 && (
                    <Section title={words.living}>
                      <Cards list={living} />
                    </Section>
                  )}
                  <div class="page-foot">{make}</div>
                </>
              )}
              {over.length > 0 && (
                <Section title={words.old}>
                  <Cards list={over} />
                </Section>
              )}
            </>
          )
        }}
      </Loaded>
      {making.value && <MakeKey onClose={() => (making.value = false)} />}
    </>
  )
}

function Cards({ list }: { list: readonly ApiKey[] }) {
  return (
    <ul class="cards">
      {list.map((key) => (
        <li key={key.id}>
          <Card of={key} />
        </li>
      ))}
    </ul>
  )
}

const LOOKS = { active: 'is-good', rotated: 'is-notice', expired: '', revoked: '' } as const

function Card({ of: key }: { of: ApiKey }) {
  const open = useSignal<'rotate' | 'revoke' | null>(null)
  const works = key.state === 'active' || key.state === 'rotated'
  const close = () => (open.value = null)
  return (
    <article class={`card${works ? '' : ' is-over'}`}>
      <header class="card-head">
        <h3>{key.name}</h3>
        <span class={`badge ${LOOKS[key.state]}`}>{words.states[key.state]}</span>
      </header>
      <p class="quiet">
        {words.begins(key.prefix)}
        {' · '}
        <Used of={key} />
      </p>
      <p class="quiet">
        {ending(key)}
        {' · '}
        {key.owner === null ? words.fromEnvironment : words.madeBy(key.owner)}
      </p>
      <details class="fold">
        <summary>{words.may}</summary>
        <Permissions of={key.scopes} label={words.may} />
      </details>
      {key.owner === null && works && <p class="quiet">{words.fromEnvironmentHint}</p>}
      {key.owner !== null && works && may('users.edit') && (
        <div class="row-buttons">
          {key.state === 'active' && (
            <Button label={words.rotateOf(key.name)} onPress={() => (open.value = 'rotate')}>
              {words.rotate}
            </Button>
          )}
          <Button look="danger" label={words.revokeOf(key.name)} onPress={() => (open.value = 'revoke')}>
            {words.revoke}
          </Button>
        </div>
      )}
      {open.value === 'rotate' && <RotateKey of={key} onClose={close} />}
      {open.value === 'revoke' && <RevokeKey of={key} onClose={close} />}
    </article>
  )
}

function Used({ of: { lastUsedAt, lastUsedFrom } }: { of: ApiKey }) {
  if (lastUsedAt === null) return <>{words.never}</>
  const ago = age(lastUsedAt, nowMs.value)
  return <>{lastUsedFrom === null ? words.used(ago) : words.usedFrom(ago, lastUsedFrom)}</>
}

function ending({ state, expiresAt }: ApiKey): string {
  if (expiresAt === null) return words.forever
  const when = dayAndTime(expiresAt, Date.now(), timeZone.value)
  return state === 'active' || state === 'rotated' ? words.until(when) : words.ended(when)
}
