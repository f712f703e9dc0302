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
          </a>
        )
      })}
    </nav>
  )
}
