import { useSignal } from '@preact/signals'
import { removeGroup, saveGroup } from '../../client-plugs.ts'
import { Check } from '../../parts/check.tsx'
import { plugs } from '../../state/plugs.ts'
import { plugWords } from '../../text/plugs.ts'
import type { PlugGroup } from '../../wire-plugs.ts'
import { NamedList } from './named-list.tsx'
import { NamedSheet } from './named-sheet.tsx'
import { plugsByName } from './plugs-by-name.ts'

const words = plugWords.arrange.groups

export function Groups({ groups }: { groups: readonly PlugGroup[] }) {
  /** undefined: no sheet; null: a new one. */
  const editing = useSignal<PlugGroup | null | undefined>(undefined)
  return (
    <>
      <NamedList
        words={words}
        items={groups}
        about={({ plugIds }) => namesOf(plugIds)}
        onEdit={(group) => (editing.value = group)}
      />
      {editing.value !== undefined && <EditGroup group={editing.value} onClose={() => (editing.value = undefined)} />}
    </>
  )
}

const namesOf = (ids: readonly string[]): string =>
  plugsByName(plugs.data.value ?? [])
    .filter(({ id }) => ids.includes(id))
    .map(({ name }) => name)
    .join(', ')

function EditGroup({ group, onClose }: { group: PlugGroup | null; onClose: () => void }) {
  const name = useSignal(group?.name ?? '')
  const chosen = useSignal<readonly string[]>(group?.plugIds ?? [])
  const choose = (id: string, isIn: boolean) => {
    chosen.value = isIn ? [...chosen.value, id] : chosen.value.filter((each) => each !== id)
  }
  return (
    <NamedSheet
      title={group ? words.edit(group.name) : words.add}
      label={words.name}
      name={name}
      wrong={chosen.value.length === 0 ? words.missing : null}
      save={(text) => saveGroup(group?.id ?? null, { name: text, plugIds: [...chosen.value] })}
      {...(group && { remove: { text: words.removeText, run: () => removeGroup(group.id) } })}
      onClose={onClose}
    >
      <fieldset class="fieldset">
        <legend>{words.plugs}</legend>
        <div class="checks">
          {plugsByName(plugs.data.value ?? []).map((plug) => (
            <Check
              key={plug.id}
              label={plug.name}
              checked={chosen.value.includes(plug.id)}
              onChange={(isIn) => choose(plug.id, isIn)}
            />
          ))}
        </div>
      </fieldset>
    </NamedSheet>
  )
}
