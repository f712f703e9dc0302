import { dayKey, dayLater, homeTimeOf } from '../core/home-time.ts'

export interface Kept {
  /** Days of which the last one is kept, and then weeks before them; 0 is none. */
  daily: number
  weekly: number
}

const dayOf = (at: number, timeZone: string): string => dayKey(homeTimeOf(at, timeZone))

/** Its Monday. */
function weekOf(at: number, timeZone: string): string {
  const day = homeTimeOf(at, timeZone)
  return dayKey(dayLater(day, -day.weekday))
}

/** Of backups made at `times` those that go, by the calendar of the home. */
export function whichGo(times: readonly number[], { daily, weekly }: Kept, timeZone: string): number[] {
  const newestFirst = [...times].sort((a, b) => b - a)
  const ofDays = lastOfEach(newestFirst, (at) => dayOf(at, timeZone), daily)
  const others = newestFirst.filter((at) => !ofDays.has(at))
  const ofWeeks = lastOfEach(others, (at) => weekOf(at, timeZone), weekly)
  return others.filter((at) => !ofWeeks.has(at))
}

/** The last one of each of the newest `most` days or weeks of which there is any. */
function lastOfEach(newestFirst: readonly number[], keyOf: (at: number) => string, most: number): Set<number> {
  const found = new Map<string, number>()
  for (const at of newestFirst) {
    const key = keyOf(at)
    if (!found.has(key)) found.set(key, at)
  }
  return new Set([...found.values()].slice(0, most))
}

const NIGHT_MINUTE = 3 * 60

/** One a day, after three at night; a box that was off at that hour makes it when it is on again. */
export function isDue(times: readonly number[], now: number, timeZone: string): boolean {
  const today = dayOf(now, timeZone)
  return homeTimeOf(now, timeZone).minute >= NIGHT_MINUTE && !times.some((at) => dayOf(at, timeZone) === today)
}
