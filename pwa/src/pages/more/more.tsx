import { lazy, useRoute } from 'preact-iso'
import type { ComponentType } from 'preact'
import { Icon } from '../../parts/icon.tsx'
import type { IconName } from '../../parts/icon.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { may, me } from '../../state/session.ts'
import { t } from '../../text/index.ts'
import type { Permission } from '../../wire.ts'
import NotFound from '../not-found.tsx'
import { NotAllowed } from './not-allowed.tsx'

interface Place {
  icon: IconName
  view: ComponentType
  needs?: Permission
}

export type PlaceName = keyof typeof t.more.places

const PLACES: Record<PlaceName, Place> = {
  account: { icon: 'user', view: lazy(() => import('./account/account.tsx')) },
  notifications: { icon: 'bell', view: lazy(() => import('./notifications.tsx')) },
  home: { icon: 'now', view: lazy(() => import('./home.tsx')), needs: 'system.view' },
  hardware: { icon: 'chip', view: lazy(() => import('../hardware/hardware.tsx')), needs: 'system.view' },
  health: { icon: 'pulse', view: lazy(() => import('./health.tsx')), needs: 'system.view' },
  network: { icon: 'share', view: lazy(() => import('../network/network.tsx')), needs: 'system.view' },
  expected: { icon: 'thumb', view: lazy(() => import('../expected/expected.tsx')), needs: 'incidents.view' },
  certificates: { icon: 'shield', view: lazy(() => import('../certificates/certificates.tsx')), needs: 'system.view' },
  'remote-access': {
    icon: 'away',
    view: lazy(() => import('../remote-access/remote-access.tsx')),
    needs: 'system.view',
  },
  updates: { icon: 'install', view: lazy(() => import('../updates/updates.tsx')), needs: 'system.view' },
  box: { icon: 'power', view: lazy(() => import('../box/box.tsx')), needs: 'system.edit' },
  about: { icon: 'info', view: lazy(() => import('./about.tsx')) },
  alerts: { icon: 'alert', view: lazy(() => import('../alerts/rules.tsx')), needs: 'incidents.view' },
  modes: { icon: 'mode', view: lazy(() => import('../modes/modes.tsx')), needs: 'incidents.view' },
  people: { icon: 'people', view: lazy(() => import('../people/people.tsx')), needs: 'users.view' },
  roles: { icon: 'shield', view: lazy(() => import('../roles/roles.tsx')), needs: 'users.view' },
  keys: { icon: 'key', view: lazy(() => import('../keys/keys.tsx')), needs: 'users.view' },
  settings: { icon: 'sliders', view: lazy(() => import('../settings/settings.tsx')), needs: 'system.view' },
  record: { icon: 'list', view: lazy(() => import('../record/record.tsx')), needs: 'system.view' },
}

/** What belongs together, in the order in which it is looked for. */
const GROUPS: readonly { name: keyof typeof t.more.groups; places: readonly PlaceName[] }[] = [
  { name: 'you', places: ['account', 'notifications'] },
  { name: 'watch', places: ['alerts', 'modes'] },
  { name: 'people', places: ['people', 'roles', 'keys'] },
  {
    name: 'box',
    places: [
      ...(['home', 'expected', 'settings', 'health', 'hardware', 'network', 'record'] as const),
      ...(['certificates', 'remote-access', 'updates', 'box', 'about'] as const),
    ],
  },
]

const mayOpen = ({ needs }: Place): boolean => needs === undefined || may(needs)

export default function More() {
  const { params } = useRoute()
  if (!params.place) return <Overview />
  if (!Object.hasOwn(PLACES, params.place)) return <NotFound />
  const name = params.place as PlaceName
  const { view: View } = PLACES[name]
  const allowed = mayOpen(PLACES[name])
  return (
    <Page key={name} title={t.more.places[name].title} back={{ href: '/more', label: t.more.title }} class="is-reading">
      {allowed ? <View /> : <NotAllowed />}
    </Page>
  )
}

function Overview() {
  return (
    <Page title={t.more.title} class="is-reading">
      {me.value && (
        <p class="who">
          <Icon name="user" />
          {t.more.signedInAs(me.value.user.displayName)}
        </p>
      )}
      {GROUPS.map(({ name, places }) => {
        const shown = places.filter((place) => mayOpen(PLACES[place]))
        return (
          shown.length > 0 && (
            <Section key={name} title={t.more.groups[name]}>
              <ul class="menu">
                {shown.map((place) => (
                  <li key={place}>
                    <Entry name={place} />
                  </li>
                ))}
              </ul>
            </Section>
          )
        )
      })}
    </Page>
  )
}

function Entry({ name }: { name: PlaceName }) {
  const { title, text } = t.more.places[name]
  return (
    <a href={`/more/${name}`}>
      <span class="menu-icon">
        <Icon name={PLACES[name].icon} />
      </span>
      <span class="menu-words">
        <span class="menu-title">{title}</span>
        <span class="quiet">{text}</span>
      </span>
      <Icon name="next" />
    </a>
  )
}
