import { useSignal } from '@preact/signals'
import { useRoute } from 'preact-iso'
import { dayAndTime } from '../../format.ts'
import { Age } from '../../parts/age.tsx'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { Permissions } from '../../parts/permissions.tsx'
import { Empty, Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { cameras } from '../../state/cameras.ts'
import { timeZone } from '../../state/home.ts'
import { people, roles, seesCameras } from '../../state/people.ts'
import { useResource } from '../../state/resource.ts'
import { may, me } from '../../state/session.ts'
import { t } from '../../text/index.ts'
import { care } from '../../text/people.ts'
import type { Person as PersonData } from '../../wire-people.ts'
import { NotAllowed } from '../more/not-allowed.tsx'
import { allowed, barsTo } from './bars.ts'
import { ChangeCameras, ChangeName, ChangeRole } from './change-person.tsx'
import { LookAfter } from './look-after.tsx'
import { roleName } from './role-choice.tsx'
import './people.css'

const words = care.people
const BACK = { href: '/more/people', label: words.title }

export default function Person() {
  const { params } = useRoute()
  return may('users.view') ? (
    <Known id={params.id ?? ''} />
  ) : (
    <Page title={words.title} back={{ href: '/more', label: t.more.title }} class="is-reading">
      <NotAllowed />
    </Page>
  )
}

function Known({ id }: { id: string }) {
  useResource(people)
  useResource(roles)
  const person = people.data.value?.find((each) => each.id === id)
  return (
    <Page title={person?.displayName ?? words.title} back={BACK} class="is-reading is-person">
      <Loaded of={people} skeleton={<Skeleton shape="row" count={4} />}>
        {(all) =>
          person ? (
            <OnePerson key={person.id} person={person} all={all} />
          ) : (
            <Empty icon="user" title={t.shell.notFound.title} text={words.gone}>
              <ButtonLink href="/more/people">{words.title}</ButtonLink>
            </Empty>
          )
        }
      </Loaded>
    </Page>
  )
}

function OnePerson({ person, all }: { person: PersonData; all: readonly PersonData[] }) {
  const open = useSignal<'name' | 'role' | 'cameras' | null>(null)
  const bar = barsTo(person, all, me.value?.user ?? null)
  const can = allowed(bar)
  const close = () => (open.value = null)
  return (
    <>
      <Bar person={person} bar={bar} />
      <Facts person={person} />
      {can.rename && (
        <div class="row-buttons">
          <Button icon="edit" onPress={() => (open.value = 'name')}>
            {words.person.rename}
          </Button>
        </div>
      )}
      <Section title={words.person.may(person.displayName)}>
        <May person={person} />
        {can.changeRole && <Button onPress={() => (open.value = 'role')}>{words.person.changeRole}</Button>}
      </Section>
      {seesCameras(person.permissions) && (
        <Section title={words.person.cameras}>
          <CameraNames of={person.cameras} />
          {can.changeCameras && <Button onPress={() => (open.value = 'cameras')}>{words.person.chooseCameras}</Button>}
        </Section>
      )}
      {can.lookAfter && <LookAfter person={person} barred={bar === 'last-admin'} />}
      {open.value === 'name' && <ChangeName person={person} onClose={close} />}
      {open.value === 'role' && <ChangeRole person={person} onClose={close} />}
      {open.value === 'cameras' && <ChangeCameras person={person} onClose={close} />}
    </>
  )
}

/** In one sentence where the role is well known, all of it one tap away. */
function May({ person: { role, permissions, displayName } }: { person: PersonData }) {
  const list = <Permissions of={permissions} label={words.person.may(displayName)} />
  const sentence = care.roles.explained[role]
  if (sentence === undefined) return list
  return (
    <>
      <p>{sentence}</p>
      <details class="fold">
        <summary>{words.person.mayAll}</summary>
        {list}
      </details>
    </>
  )
}

/** Why something cannot be done here, before anybody looks for it. */
function Bar({ person, bar }: { person: PersonData; bar: ReturnType<typeof barsTo> }) {
  const { bars } = words
  switch (bar) {
    case null:
      return null
    case 'yourself':
      return (
        <Note tone="info">
          <p>{bars.yourself}</p>
          <ButtonLink href="/more/account">{bars.account}</ButtonLink>
        </Note>
      )
    case 'beyond':
      return <Note tone="info" title={bars.beyond(person.displayName)} />
    case 'last-admin':
      return <Note tone="info" title={bars.lastAdmin(person.displayName)} />
    case 'view-only':
      return <Note tone="info" title={bars.viewOnly} />
  }
}

function Facts({ person }: { person: PersonData }) {
  const names = words.person
  const factors = [
    person.hasTotp && names.authenticator,
    person.passkeys > 0 && names.passkeys(person.passkeys),
  ].filter((each) => each !== false)
  return (
    <dl class="facts">
      <div>
        <dt>{names.role}</dt>
        <dd>
          {roleName({ id: person.role, name: person.roleName })}
          {!person.active && ` · ${words.inactive}`}
        </dd>
      </div>
      <div>
        <dt>{names.username}</dt>
        <dd class="break">{person.username}</dd>
      </div>
      <div>
        <dt>{names.lastSeen}</dt>
        <dd>{person.lastSeenAt === null ? words.never : <Age at={person.lastSeenAt} />}</dd>
      </div>
      <div>
        <dt>{names.signedIn}</dt>
        <dd>{names.phones(person.sessions)}</dd>
      </div>
      <div>
        <dt>
          {names.factor}
          {person.mustChangePassword && <span class="quiet">{words.mustChange}</span>}
        </dt>
        <dd>{factors.length > 0 ? factors.join(', ') : names.none}</dd>
      </div>
      <div>
        <dt>{names.since}</dt>
        <dd>{dayAndTime(person.createdAt, Date.now(), timeZone.value)}</dd>
      </div>
    </dl>
  )
}

function CameraNames({ of }: { of: readonly string[] | null }) {
  useResource(cameras)
  if (of === null) return <p>{words.person.allCameras}</p>
  if (of.length === 0) return <p>{words.person.noCameras}</p>
  const names = (cameras.data.value ?? []).filter(({ id }) => of.includes(id)).map(({ name }) => name)
  // Who may not see cameras themselves knows only how many they are.
  return <p>{names.length > 0 ? names.join(', ') : words.person.someCameras(of.length)}</p>
}
