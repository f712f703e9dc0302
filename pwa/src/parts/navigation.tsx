import { unreviewed } from '../state/unreviewed.ts'
import { t } from '../text/index.ts'
import { Icon } from './icon.tsx'

const PLACES = [
  { place: 'now', href: '/' },
  { place: 'incidents', href: '/incidents' },
  { place: 'cameras', href: '/cameras' },
  { place: 'plugs', href: '/plugs' },
  { place: 'more', href: '/more' },
] as const

/** The five places: a bar under the thumb, a rail on wide screens. */
export function Navigation({ path }: { path: string }) {
  return (
    <nav class="places" aria-label={t.shell.mainNavigation}>
      {PLACES.map(({ place, href }) => {
        const here = href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`)
        return (
          <a key={place} href={href} class="place" aria-current={here ? 'page' : undefined}>
            <span class="place-icon">
              <Icon name={place} />
            </span>
            <span>{t.shell.places[place]}</span>
            {place === 'incidents' && <Waiting />}
          </a>
        )
      })}
    </nav>
  )
}

const MOST_SHOWN = 99

/** How many incidents nobody has looked at yet. */
function Waiting() {
  const count = unreviewed.data.value?.unreviewed ?? 0
  if (count === 0) return null
  return (
    <span class="place-count">
      <span aria-hidden="true">{count > MOST_SHOWN ? `${String(MOST_SHOWN)}+` : count}</span>
      <span class="visually-hidden">{t.shell.waiting(count)}</span>
    </span>
  )
}
