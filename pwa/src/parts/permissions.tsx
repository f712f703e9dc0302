import { isWithinOwn } from '../state/people.ts'
import { care } from '../text/people.ts'
import type { Permission } from '../wire.ts'
import { Check } from './check.tsx'
import { Icon } from './icon.tsx'

const words = care.permissions

/** What somebody may, in plain words and in the order of the areas. */
export function permissionWords(permissions: readonly Permission[]): string[] {
  return words.areas.flatMap(({ of }) =>
    of.filter((each) => permissions.includes(each)).map((each) => words.words[each]),
  )
}

export function Permissions({ of, label }: { of: readonly Permission[]; label: string }) {
  const list = permissionWords(of)
  if (list.length === 0) return <p class="quiet">{words.nothing}</p>
  return (
    <ul class="may" aria-label={label}>
      {list.map((each) => (
        <li key={each}>
          <Icon name="check" />
          {each}
        </li>
      ))}
    </ul>
  )
}

export interface PermissionChoiceProps {
  chosen: readonly Permission[]
  onChange: (chosen: Permission[]) => void
}

/** Every permission to tick, by area. What one may not oneself cannot be given. */
export function PermissionChoice({ chosen, onChange }: PermissionChoiceProps) {
  return (
    <>
      {words.areas.map(({ name, of }) => (
        <fieldset key={name} class="fieldset">
          <legend>{name}</legend>
          <div class="checks">
            {of.map((each) => (
              <Check
                key={each}
                label={words.words[each]}
                barred={isWithinOwn([each]) ? undefined : words.beyond}
                checked={chosen.includes(each)}
                onChange={(on) => onChange(on ? [...chosen, each] : chosen.filter((other) => other !== each))}
              />
            ))}
          </div>
        </fieldset>
      ))}
    </>
  )
}
