import { useSignal } from '@preact/signals'
import { Field } from '../../parts/field.tsx'
import { Section } from '../../parts/page.tsx'
import { Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { settings } from '../../state/settings.ts'
import { care } from '../../text/people.ts'
import { answersTo } from './schema.ts'
import { SettingRows } from './setting-rows.tsx'
import '../people/people.css'

const words = care.settings

const featureName = (feature: string): string =>
  words.features[feature] ?? feature.charAt(0).toUpperCase() + feature.slice(1)

export default function Settings() {
  useResource(settings)
  const search = useSignal('')
  return (
    <>
      {!may('system.edit') && <Note tone="info" title={words.lookOnly} />}
      <Loaded of={settings} skeleton={<Skeleton shape="row" count={6} />}>
        {(list) => {
          const found = list.filter(({ key, words: what, env, feature }) =>
            answersTo(search.value, key, what, env, featureName(feature)),
          )
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
                  <SettingRows of={group} />
                </Section>
              ))}
            </>
          )
        }}
      </Loaded>
    </>
  )
}
