import { useSignal } from '@preact/signals'
import { Field } from '../../parts/field.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Section } from '../../parts/page.tsx'
import { Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { settings } from '../../state/settings.ts'
import { care } from '../../text/people.ts'
import type { SettingEntry } from '../../wire-people.ts'
import { EditSetting } from './edit-setting.tsx'
import { answersTo, isSame, valueWords } from './schema.ts'
import '../people/people.css'

const words = care.settings
/** Characters of a value that stand beside its words; a longer one goes below them. */
const LONGEST_BESIDE = 10

const featureName = (feature: string): string =>
  words.features[feature] ?? feature.charAt(0).toUpperCase() + feature.slice(1)

export default function Settings() {
  useResource(settings)
  const search = useSignal('')
  const editing = useSignal<string | null>(null)
  return (
    <>
      {!may('system.edit') && <Note tone="info" title={words.lookOnly} />}
      <Loaded of={settings} skeleton={<Skeleton shape="row" count={6} />}>
        {(list) => {
          const found = list.filter(({ key, words: what, env, feature }) =>
            answersTo(search.value, key, what, env, featureName(feature)),
          )
          const edited = list.find(({ key }) => key === editing.value)
          return (
            <>
              <Field
                label={words.search}
                hint={words.searchHint}
                value={search.value}
                onInput={(value) => (search.value = value)}
              />
              <p class={search.value === '' ? 'visually-hidden' : 'quiet'} role="status">
                {found.length === 0 ? words.nothing : words.count(found.length)}
              </p>
              {[...Map.groupBy(found, ({ feature }) => feature)].map(([feature, group]) => (
                <Section key={feature} title={featureName(feature)}>
                  <ul class="settings">
                    {group.map((setting) => (
                      <li key={setting.key}>
                        <Row of={setting} onOpen={() => (editing.value = setting.key)} />
                      </li>
                    ))}
                  </ul>
                </Section>
              ))}
              {edited && <EditSetting key={edited.key} of={edited} onClose={() => (editing.value = null)} />}
            </>
          )
        }}
      </Loaded>
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
