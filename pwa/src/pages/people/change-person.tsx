// The short tasks on a person's page that can be taken back.
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import * as client from '../../client-people.ts'
import { asClientError } from '../../client-error.ts'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Permissions } from '../../parts/permissions.tsx'
import { Sheet } from '../../parts/sheet.tsx'
import { Loaded, Skeleton } from '../../parts/states.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { keepPerson, roles } from '../../state/people.ts'
import { checkSession, me } from '../../state/session.ts'
import { showFailure, showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { care } from '../../text/people.ts'
import type { ChangePerson, Person } from '../../wire-people.ts'
import { CameraChoice } from './camera-choice.tsx'
import { RoleChoice, roleName } from './role-choice.tsx'

const words = care.people.person

interface Props {
  person: Person
  onClose: () => void
}

/** Changes, closes, says so, and offers the way back. */
export async function changeAndOffer(
  person: Person,
  to: ChangePerson,
  back: ChangePerson,
  said: string,
): Promise<void> {
  const change = async (body: ChangePerson) => {
    keepPerson(await client.changePerson(person.id, body))
    // One's own name stands elsewhere too.
    if (person.id === me.value?.user.id) void checkSession()
  }
  await change(to)
  const undo = () => void change(back).catch((error: unknown) => showFailure(asClientError(error)))
  showToast({ tone: 'done', text: said, action: { label: t.shell.undo, run: undo } })
}

function ChangeSheet({
  title,
  ready,
  change,
  onClose,
  children,
}: {
  title: string
  /** Said when pressed too early. */
  ready: boolean
  change: () => Promise<void>
  onClose: () => void
  children: ComponentChildren
}) {
  const task = useTask()
  const save = async () => {
    if (ready && (await task.run(change))) onClose()
  }
  return (
    <Sheet title={title} onClose={onClose}>
      <TaskForm task={task} send={t.shell.save} onSubmit={() => void save()}>
        {children}
      </TaskForm>
    </Sheet>
  )
}

export function ChangeName({ person, onClose }: Props) {
  const name = useSignal(person.displayName)
  const displayName = name.value.trim()
  const change = () => changeAndOffer(person, { displayName }, { displayName: person.displayName }, words.renamed)
  return (
    <ChangeSheet title={words.rename} ready={displayName !== ''} change={change} onClose={onClose}>
      <Field
        label={words.name}
        hint={words.nameHint}
        value={name.value}
        maxLength={64}
        error={displayName === '' ? words.nameMissing : undefined}
        onInput={(value) => (name.value = value)}
      />
    </ChangeSheet>
  )
}

export function ChangeRole({ person, onClose }: Props) {
  const role = useSignal(person.role)
  const change = () => {
    const chosen = roles.data.value?.find(({ id }) => id === role.value)
    const said = words.roleChanged(person.displayName, chosen ? roleName(chosen) : role.value)
    return changeAndOffer(person, { role: role.value }, { role: person.role }, said)
  }
  return (
    <ChangeSheet title={words.changeRole} ready={role.value !== person.role} change={change} onClose={onClose}>
      <Loaded of={roles} skeleton={<Skeleton shape="row" count={4} />}>
        {(list) => {
          const chosen = list.find(({ id }) => id === role.value)
          return (
            <>
              <RoleChoice label={words.role} roles={list} chosen={role.value} onChange={(id) => (role.value = id)} />
              {chosen && (
                <details class="fold">
                  <summary>{words.may(roleName(chosen))}</summary>
                  <Permissions of={chosen.permissions} label={words.may(roleName(chosen))} />
                </details>
              )}
            </>
          )
        }}
      </Loaded>
    </ChangeSheet>
  )
}

export function ChangeCameras({ person, onClose }: Props) {
  const cameras = useSignal<string[] | null>(person.cameras)
  const change = () =>
    changeAndOffer(person, { cameras: cameras.value }, { cameras: person.cameras }, words.camerasChanged)
  return (
    <ChangeSheet title={words.chooseCameras} ready change={change} onClose={onClose}>
      <CameraChoice label={words.cameras} chosen={cameras.value} onChange={(ids) => (cameras.value = ids)} />
    </ChangeSheet>
  )
}
