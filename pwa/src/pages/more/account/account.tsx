import { Button } from '../../../parts/button.tsx'
import { useTask } from '../../../parts/form.ts'
import { Section } from '../../../parts/page.tsx'
import { Permissions } from '../../../parts/permissions.tsx'
import { ErrorNote } from '../../../parts/states.tsx'
import { me, signOut } from '../../../state/session.ts'
import { own } from '../../../text/account.ts'
import type { Me } from '../../../wire.ts'
import { Passkeys } from './passkeys.tsx'
import { Sessions } from './sessions.tsx'
import { Ways } from './ways.tsx'

const words = own.account

/** Oneself: who one is here, how one gets in, and where one is. */
export default function Account() {
  const task = useTask()
  const known = me.value
  if (!known) return null
  return (
    <>
      <Who user={known.user} />
      <Section title={words.ways}>
        <Ways known={known} />
      </Section>
      <Section title={words.passkeys}>
        <Passkeys />
      </Section>
      <Section title={words.sessions}>
        <Sessions />
      </Section>
      {task.error.value && <ErrorNote error={task.error.value} />}
      <Button look="danger" icon="leave" busy={task.busy.value} onPress={() => void task.run(signOut)}>
        {words.signOut}
      </Button>
    </>
  )
}

function Who({ user }: { user: Me['user'] }) {
  return (
    <>
      <dl class="facts">
        <div>
          <dt>{words.name}</dt>
          <dd>{user.displayName}</dd>
        </div>
        <div>
          <dt>{own.signIn.username}</dt>
          <dd>{user.username}</dd>
        </div>
        <div>
          <dt>{words.role}</dt>
          <dd>{user.roleName}</dd>
        </div>
        {user.cameras && (
          <div>
            <dt>{words.cameras}</dt>
            <dd>{words.someCameras(user.cameras.length)}</dd>
          </div>
        )}
      </dl>
      <details class="fold">
        <summary>{words.may}</summary>
        <Permissions of={user.permissions} label={words.may} />
      </details>
    </>
  )
}
