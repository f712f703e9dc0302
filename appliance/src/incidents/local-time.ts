import type { DayPart } from '../api/review.ts'

/** A moment as a calendar and a clock in the home show it. */
export interface LocalTime {
  /** 2026-11-28 */
  day: string
  /** 0 is Monday. */
  weekday: number
  /** 0–23. */
  hour: number
  minute: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
  const made = new Intl.DateTimeFormat('en-GB', { timeZone, ...parts, weekday: 'short', hourCycle: 'h23' })
  formats.set(timeZone, made)
  return made
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

export function localTimeOf(at: number, timeZone: string): LocalTime {
  const parts = new Map(
    formatFor(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? ''
  return {
    day: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
    weekday: WEEKDAYS.indexOf(part('weekday')),
    hour: Number(part('hour')),
    minute: Number(part('minute')),
  }
}

/** Six hours each, but the night is eight: what is usual at 23:00 is so at 3:00 too. */
export function dayPartOf(hour: number): DayPart {
  if (hour < 6 || hour >= 22) return 'night'
  if (hour < 12) return 'morning'
  return hour < 17 ? 'afternoon' : 'evening'
}

const HOUR_MS = 3_600_000
const QUARTER_MS = 900_000

/** When a day of the home begins: midnight, or what comes first where the clocks skip it. */
export function startOfDay(day: string, timeZone: string): number {
  const noonUtc = Date.parse(`${day}T12:00:00Z`)
  // No zone is further than 14 hours from UTC.
  for (let at = noonUtc - 28 * HOUR_MS; at <= noonUtc + 16 * HOUR_MS; at += QUARTER_MS)
    if (localTimeOf(at, timeZone).day === day) return at
  return noonUtc
}

/** The day after, by the calendar. */
export function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + 24 * HOUR_MS).toISOString().slice(0, 10)
}
