import { lazy, useRoute } from 'preact-iso'
import type { ComponentType } from 'preact'
import { Icon } from '../../parts/icon.tsx'
import type { IconName } from '../../parts/icon.tsx'
import { Page } from '../../parts/page.tsx'
import { may, me } from '../../state/session.ts'
import { t } from '../../text/index.ts'
import type { Permission } from '../../wire.ts'
import NotFound from '../not-found.tsx'

interface Place {
  icon: IconName
  view: ComponentType
  needs?: Permission
}

export type PlaceName = keyof typeof t.more.places

const PLACES: Record<PlaceName, Place> = {
  account: { icon: 'user', view: lazy(() => import('./account.tsx')) },
  notifications: { icon: 'bell', view: lazy(() => import('./notifications.tsx')) },
  home: { icon: 'now', view: lazy(() => import('./home.tsx')), needs: 'system.view' },
  hardware: { icon: 'chip', view: lazy(() => import('./hardware.tsx')), needs: 'system.view' },
  health: { icon: 'pulse', view: lazy(() => import('./health.tsx')), needs: 'system.view' },
  trust: { icon: 'shield', view: lazy(() => import('./trust.tsx')), needs: 'system.view' },
  about: { icon: 'info', view: lazy(() => import('./about.tsx')) },
}

export default function More() {
  const { params } = useRoute()
  if (!params.place) return <Overview />
  if (!Object.hasOwn(PLACES, params.place)) return <NotFound />
  const name = params.place as PlaceName
  const { view: View } = PLACES[name]
  return (
    <Page key={name} title={t.more.places[name].title} back={{ href: '/more', label: t.more.title }} class="is-reading">
      <View />
    </Page>
  )
}

function Overview() {
  const names = Object.keys(PLACES) as PlaceName[]
  const shown = names.filter((name) => {
    const needs = PLACES[name].needs
    return needs === undefined || may(needs)
  })
  return (
    <Page title={t.more.title} class="is-reading">
      {me.value && (
        <p class="who">
          <Icon name="user" />
          {t.more.account.signedInAs(me.value.user.displayName)}
        </p>
      )}
      <ul class="menu">
        {shown.map((name) => (
          <li key={name}>
            <a href={`/more/${name}`}>
              <span class="menu-icon">
                <Icon name={PLACES[name].icon} />
              </span>
              <span class="menu-words">
                <span class="menu-title">{t.more.places[name].title}</span>
                <span class="quiet">{t.more.places[name].text}</span>
              </span>
              <Icon name="next" />
            </a>
          </li>
        ))}
      </ul>
    </Page>
  )
}
