import { useSignal } from '@preact/signals'
import { Icon } from '../../parts/icon.tsx'
import { care } from '../../text/people.ts'
import type { SettingEntry } from '../../wire-people.ts'
import { EditSetting } from './edit-setting.tsx'
import { isSame, valueWords } from './schema.ts'

const words = care.settings
/** Characters of a value that stand beside its words; a longer one goes below them. */
const LONGEST_BESIDE = 10

/** Settings, each in a row that opens it. */
export function SettingRows({ of: list, onChanged }: { of: readonly SettingEntry[]; onChanged?: () => void }) {
  const editing = useSignal<string | null>(null)
  const edited = list.find(({ key }) => key === editing.value)
  const close = () => {
    editing.value = null
    onChanged?.()
  }
  return (
    <>
      <ul class="settings">
        {list.map((setting) => (
          <li key={setting.key}>
            <Row of={setting} onOpen={() => (editing.value = setting.key)} />
          </li>
        ))}
      </ul>
      {edited && <EditSetting key={edited.key} of={edited} onClose={close} />}
    </>
  )
}

/** One setting: what it does, what it is now. Opens to be changed, except where the environment decides. */
function Row({ of: setting, onOpen }: { of: SettingEntry; onOpen: () => void }) {
  const { words: what, value, initial, secret, setByEnv, env } = setting
  const text = secret ? words.secret : valueWords(value)
  const changed = !secret && !setByEnv && !isSame(value, initial)
  const long = text.length > LONGEST_BESIDE
  const inside = (
    <>
      <span class="row-words">
        <span>{what}</span>
        {long && <span class="setting-value">{text}</span>}
        {changed && <span class="quiet">{words.initial(valueWords(initial))}</span>}
        {setByEnv && <span class="quiet">{words.byEnvText(env ?? '')}</span>}
      </span>
      {!long && <span class="setting-value">{text}</span>}
    </>
  )
  if (setByEnv) return <div class="setting is-fixed">{inside}</div>
  return (
    <button type="button" class={`setting${changed ? ' is-changed' : ''}`} onClick={onOpen}>
      {inside}
      <Icon name="next" />
    </button>
  )
}
