import { useSignal } from '@preact/signals'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { Section } from '../../parts/page.tsx'
import { ErrorNote } from '../../parts/states.tsx'
import { me, signOut } from '../../state/session.ts'
import { t } from '../../text/index.ts'
import { ChangePassword } from './change-password.tsx'
import { NewRecoveryCodes } from './new-recovery-codes.tsx'
import { Sessions } from './sessions.tsx'

const words = t.more.account

export default function Account() {
  const open = useSignal<'password' | 'codes' | null>(null)
  const task = useTask()
  const known = me.value
  if (!known) return null
  const close = () => (open.value = null)
  return (
    <>
      <dl class="facts">
        <div>
          <dt>{known.user.displayName}</dt>
          <dd>{words.roles[known.user.role]}</dd>
        </div>
        <div>
          <dt>{t.signIn.username}</dt>
          <dd>{known.user.username}</dd>
        </div>
        <div>
          <dt>{words.recovery}</dt>
          <dd>{words.left(known.recoveryCodesLeft)}</dd>
        </div>
      </dl>
      <div class="row-buttons">
        <Button icon="key" onPress={() => (open.value = 'password')}>
          {words.password}
        </Button>
        <Button icon="shield" onPress={() => (open.value = 'codes')}>
          {words.make}
        </Button>
      </div>
      <Section title={words.sessions}>
        <Sessions />
      </Section>
      {task.error.value && <ErrorNote error={task.error.value} />}
      <Button look="danger" icon="leave" busy={task.busy.value} onPress={() => void task.run(signOut)}>
        {words.signOut}
      </Button>
      {open.value === 'password' && <ChangePassword username={known.user.username} onClose={close} />}
      {open.value === 'codes' && <NewRecoveryCodes onClose={close} />}
    </>
  )
}
