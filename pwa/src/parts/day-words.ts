// A day as one would tell it in the evening. Pure.
import { clockTime } from '../format.ts'
import { t } from '../text/index.ts'
import type { Day } from '../wire.ts'

const MOST_GROUPS = 3
const MOST_NOTABLE = 2
/** Up to so many visits, none of them remarkable, are a quiet day; from so many on it was busy. */
const QUIET_UP_TO = 8
const BUSY_FROM = 40

/** "Quiet day. 3 people at Front door and a car at Drive." */
export function dayWords(day: Pick<Day, 'total' | 'groups' | 'notable'>, timeZone: string): string {
  const words = t.incidents.day
  if (day.total === 0) return words.nothing
  const told = day.groups.slice(0, MOST_GROUPS)
  const parts = told.map(({ camera, class: kind, visits }) =>
    words.at(visits === 1 ? words.one[kind] : t.incidents.several[kind](visits), camera.name),
  )
  const others = day.total - told.reduce((sum, { visits }) => sum + visits, 0)
  if (others > 0) parts.push(words.others(others))
  const mood = day.total >= BUSY_FROM ? words.busy : day.total <= QUIET_UP_TO && day.notable.length === 0 && words.quiet
  const notable = day.notable.slice(0, MOST_NOTABLE).map(({ class: kind, camera, openedAt, why }) => {
    const what = kind === null ? t.incidents.something : words.one[kind]
    return words.notable(what, camera.name, clockTime(openedAt, timeZone), words.why[why])
  })
  return [mood, sentence(parts), ...notable].filter(Boolean).join(' ')
}

function sentence(parts: readonly string[]): string {
  const [last, ...before] = [...parts].reverse()
  const text = before.length === 0 ? (last ?? '') : `${before.reverse().join(', ')}${t.incidents.and}${last ?? ''}`
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
