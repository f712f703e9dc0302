import { useSignal } from '@preact/signals'
import { dayAndTime } from '../../format.ts'
import * as client from '../../client-people.ts'
import { Age } from '../../parts/age.tsx'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { Icon } from '../../parts/icon.tsx'
import { Section } from '../../parts/page.tsx'
import { Empty, ErrorNote, Loaded, Skeleton } from '../../parts/states.tsx'
import { timeZone } from '../../state/home.ts'
import { invitations, people } from '../../state/people.ts'
import { useResource } from '../../state/resource.ts'
import { may, me } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { care } from '../../text/people.ts'
import type { Invitation, Person } from '../../wire-people.ts'
import { Invite } from './invite.tsx'
import { roleName } from './role-choice.tsx'
import './people.css'

const words = care.people

export default function People() {
  useResource(people)
  useResource(invitations)
  const inviting = useSignal(false)
  const invite = may('users.edit') && (
    <Button look="main" icon="plus" onPress={() => (inviting.value = true)}>
      {words.invite}
    </Button>
  )
  return (
    <>
      <Waiting />
      <Loaded of={people} skeleton={<Skeleton shape="row" count={3} />}>
        {(list) => (
          <>
            <Section title={words.list}>
              <ul class="menu">
                {[...list].sort(byName).map((person) => (
                  <li key={person.id}>
                    <Entry person={person} />
                  </li>
                ))}
              </ul>
            </Section>
            {list.length === 1 && invite ? (
              <Empty icon="user" title={words.empty.title} text={words.empty.text}>
                {invite}
              </Empty>
            ) : (
              <div class="page-foot">{invite}</div>
            )}
          </>
        )}
      </Loaded>
      {inviting.value && <Invite onClose={() => (inviting.value = false)} />}
    </>
  )
}

const byName = (a: Person, b: Person): number => a.displayName.localeCompare(b.displayName)

function Entry({ person }: { person: Person }) {
  const itself = person.id === me.value?.user.id
  return (
    <a href={`/more/people/${person.id}`} class={person.active ? undefined : 'is-inactive'}>
      <span class="menu-icon">
        <Icon name="user" />
      </span>
      <span class="menu-words">
        <span class="menu-title">
          {person.displayName}
          {itself && <span class="badge is-beside">{words.you}</span>}
          {!person.active && <span class="badge is-beside">{words.inactive}</span>}
        </span>
        <span class="quiet">
          {roleName({ id: person.role, name: person.roleName })}
          {' · '}
          {person.lastSeenAt === null ? words.never : <Age at={person.lastSeenAt} say={words.lastSeen} />}
        </span>
        {person.mustChangePassword && <span class="quiet">{words.mustChange}</span>}
      </span>
      <Icon name="next" />
    </a>
  )
}

/** Invitations that nobody has used yet, on top: they are open doors. */
function Waiting() {
  const task = useTask()
  const open = invitations.data.value?.filter(({ state }) => state === 'open') ?? []
  if (open.length === 0) {
    return invitations.error.value ? <ErrorNote error={invitations.error.value} /> : null
  }
  const withdraw = ({ id, displayName }: Invitation) =>
    task.run(async () => {
      await client.withdrawInvitation(id)
      invitations.patch((list) => list.filter((each) => each.id !== id))
      showToast({ tone: 'done', text: words.waiting.withdrawn(displayName) })
    })
  return (
    <Section title={words.waiting.title}>
      {task.error.value && <ErrorNote error={task.error.value} />}
      <ul class="rows">
        {open.map((invitation) => (
          <li key={invitation.id}>
            <Icon name="user" />
            <span class="row-words">
              <span>
                {invitation.displayName}, {roleName({ id: invitation.role, name: invitation.roleName })}
              </span>
              <span class="quiet">
                {words.waiting.until(dayAndTime(invitation.expiresAt, Date.now(), timeZone.value))}
              </span>
              <span class="quiet">{words.waiting.by(invitation.invitedBy)}</span>
            </span>
            {may('users.edit') && (
              <Button
                label={words.waiting.withdrawOf(invitation.displayName)}
                busy={task.busy.value}
                onPress={() => void withdraw(invitation)}
              >
                {words.waiting.withdraw}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
