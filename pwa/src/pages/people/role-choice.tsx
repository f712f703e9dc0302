import { useId } from 'preact/hooks'
import { Check } from '../../parts/check.tsx'
import { permissionWords } from '../../parts/permissions.tsx'
import { isWithinOwn } from '../../state/people.ts'
import { care } from '../../text/people.ts'
import type { RoleOfHome } from '../../wire-people.ts'

export const roleName = ({ id, name }: Pick<RoleOfHome, 'id' | 'name'>): string => care.roles.names[id] ?? name

/** One sentence on what a role may. */
export function roleSentence({ id, permissions }: RoleOfHome): string {
  return care.roles.explained[id] ?? (permissionWords(permissions).join(' · ') || care.permissions.nothing)
}

export interface RoleChoiceProps {
  label: string
  roles: readonly RoleOfHome[]
  chosen: string
  onChange: (id: string) => void
}

export function RoleChoice({ label, roles, chosen, onChange }: RoleChoiceProps) {
  const name = useId()
  return (
    <fieldset class="fieldset">
      <legend>{label}</legend>
      <div class="checks">
        {roles.map((role) => (
          <Check
            key={role.id}
            kind="radio"
            name={name}
            label={roleName(role)}
            hint={roleSentence(role)}
            barred={isWithinOwn(role.permissions) ? undefined : care.permissions.beyond}
            checked={role.id === chosen}
            onChange={() => onChange(role.id)}
          />
        ))}
      </div>
    </fieldset>
  )
}
