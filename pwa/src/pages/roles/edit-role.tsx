import { useSignal } from '@preact/signals'
import * as client from '../../client-people.ts'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { PermissionChoice } from '../../parts/permissions.tsx'
import { Sheet } from '../../parts/sheet.tsx'
import { Note } from '../../parts/states.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { changesSomething, keepRole } from '../../state/people.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { care } from '../../text/people.ts'
import type { Permission } from '../../wire.ts'
import type { RoleOfHome } from '../../wire-people.ts'

const words = care.roles

/** Makes a role (`role` null) or changes one that was made here. */
export function EditRole({ role, onClose }: { role: RoleOfHome | null; onClose: () => void }) {
  const name = useSignal(role?.name ?? '')
  const chosen = useSignal<Permission[]>(role ? [...role.permissions] : [])
  const tried = useSignal(false)
  const task = useTask()
  const save = async () => {
    tried.value = true
    const body = { name: name.value.trim(), permissions: chosen.value }
    if (body.name === '' || body.permissions.length === 0) return
    const saved = await task.run(async () => {
      keepRole(role ? await client.changeRole(role.id, body) : await client.createRole(body))
    })
    if (!saved) return
    onClose()
    showToast({ tone: 'done', text: role ? words.saved(body.name) : words.made(body.name) })
  }
  return (
    <Sheet title={role ? words.editOf(role.name) : words.makeTitle} onClose={onClose}>
      <TaskForm task={task} send={role ? t.shell.save : words.make} onSubmit={() => void save()}>
        <Field
          label={words.name}
          hint={words.nameHint}
          value={name.value}
          maxLength={40}
          error={tried.value && name.value.trim() === '' ? words.nameMissing : undefined}
          onInput={(value) => (name.value = value)}
        />
        <PermissionChoice chosen={chosen.value} onChange={(next) => (chosen.value = next)} />
        <div role="status">
          {tried.value && chosen.value.length === 0 && <p class="field-error">{words.noneChosen}</p>}
          {chosen.value.length > 0 && (
            <Note tone="info">
              <p>{changesSomething(chosen.value) ? words.factor : words.noFactor}</p>
            </Note>
          )}
        </div>
      </TaskForm>
    </Sheet>
  )
}
