import { useSignal } from '@preact/signals'
import * as client from '../../client-people.ts'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { Permissions } from '../../parts/permissions.tsx'
import { Section } from '../../parts/page.tsx'
import { Ask, Sheet } from '../../parts/sheet.tsx'
import { ErrorNote, Loaded, Skeleton } from '../../parts/states.tsx'
import { changesSomething, isWithinOwn, roles } from '../../state/people.ts'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { care } from '../../text/people.ts'
import type { RoleOfHome } from '../../wire-people.ts'
import { roleName } from '../people/role-choice.tsx'
import { EditRole } from './edit-role.tsx'
import '../people/people.css'

const words = care.roles

export default function Roles() {
  useResource(roles)
  const making = useSignal(false)
  return (
    <>
      <p class="lead">{words.lead}</p>
      <Loaded of={roles} skeleton={<Skeleton shape="card" count={4} />}>
        {(list) => {
          const own = list.filter(({ builtIn }) => !builtIn)
          return (
            <>
              {own.length > 0 && <Group title={words.own} list={own} />}
              <Group title={words.fixed} list={list.filter(({ builtIn }) => builtIn)} />
            </>
          )
        }}
      </Loaded>
      {may('users.edit') && (
        <div class="page-foot">
          <Button look="main" icon="plus" onPress={() => (making.value = true)}>
            {words.make}
          </Button>
        </div>
      )}
      {making.value && <EditRole role={null} onClose={() => (making.value = false)} />}
    </>
  )
}

function Group({ title, list }: { title: string; list: readonly RoleOfHome[] }) {
  return (
    <Section title={title}>
      <ul class="cards">
        {list.map((role) => (
          <li key={role.id}>
            <Card role={role} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Card({ role }: { role: RoleOfHome }) {
  const open = useSignal<'edit' | 'remove' | null>(null)
  const name = roleName(role)
  const within = isWithinOwn(role.permissions)
  return (
    <article class="card">
      <header class="card-head">
        <h3>{name}</h3>
        <span class="quiet">{words.people(role.people)}</span>
      </header>
      {words.explained[role.id] && <p>{words.explained[role.id]}</p>}
      <details class="fold">
        <summary>{words.all}</summary>
        <Permissions of={role.permissions} label={words.all} />
        <p class="quiet">{changesSomething(role.permissions) ? words.factor : words.noFactor}</p>
      </details>
      {!role.builtIn && may('users.edit') && !within && <p class="quiet">{words.beyond}</p>}
      {!role.builtIn && may('users.edit') && within && (
        <div class="row-buttons">
          <Button icon="edit" label={words.editOf(name)} onPress={() => (open.value = 'edit')}>
            {words.edit}
          </Button>
          <Button look="danger" icon="trash" label={words.removeOf(name)} onPress={() => (open.value = 'remove')}>
            {words.remove}
          </Button>
        </div>
      )}
      {open.value === 'edit' && <EditRole role={role} onClose={() => (open.value = null)} />}
      {open.value === 'remove' && <Remove role={role} onClose={() => (open.value = null)} />}
    </article>
  )
}

function Remove({ role, onClose }: { role: RoleOfHome; onClose: () => void }) {
  const ask = words.removeAsk
  const task = useTask()
  const remove = async () => {
    if (!(await task.run(async () => void (await client.removeRole(role.id))))) return
    onClose()
    roles.patch((list) => list.filter(({ id }) => id !== role.id))
    showToast({ tone: 'done', text: ask.removed(role.name) })
  }
  if (role.people > 0 || task.error.value) {
    return (
      <Sheet title={ask.title(role.name)} onClose={onClose}>
        {task.error.value ? <ErrorNote error={task.error.value} /> : <p>{ask.used(words.people(role.people))}</p>}
      </Sheet>
    )
  }
  return (
    <Ask
      title={ask.title(role.name)}
      text={ask.text}
      confirm={ask.confirm}
      busy={task.busy.value}
      onConfirm={() => void remove()}
      onClose={onClose}
    />
  )
}
