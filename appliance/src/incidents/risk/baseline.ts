import type { Usualness } from './types.ts'

/** What was seen this long ago counts half. */
export const HALF_LIFE_MS = 30 * 86_400_000
const WEEK_MS = 7 * 86_400_000
/** Before it speaks: so long must the camera have been watched … */
export const ENOUGH_TIME_MS = 14 * 86_400_000
/** … and so many visits of the class must count, after decay. */
export const ENOUGH_VISITS = 10
/** Visits an hour, smoothed: below the first it is unusual, above the second usual. */
export const UNUSUAL_BELOW = 0.05
export const USUAL_FROM = 0.5

/** The hour itself counts double, the ones before and after once. */
const HOUR_SHARES = [
  { by: -1, share: 0.25 },
  { by: 0, share: 0.5 },
  { by: 1, share: 0.25 },
] as const
/** How much the same weekday counts against all weekdays together. */
const SAME_WEEKDAY_SHARE = 0.5

/** Visits on one weekday in one hour, as they counted at `updatedAt`. */
export interface Slot {
  weekday: number
  hour: number
  visits: number
  updatedAt: number
}

/** `visits` as they count at `now`. A clock that was set back decays nothing. */
export function decayed(visits: number, updatedAt: number, now: number): number {
  return visits * 2 ** (-Math.max(0, now - updatedAt) / HALF_LIFE_MS)
}

/** How many weeks, decayed like the visits, a camera has been watched. */
export function watchedWeeks(since: number, now: number): number {
  const weeks = Math.max(0, now - since) / WEEK_MS
  const perWeek = 2 ** (-WEEK_MS / HALF_LIFE_MS)
  return (1 - perWeek ** weeks) / (1 - perWeek)
}

/**
 * How usual a visit is at this weekday and hour, from what was counted for one camera and class. A week is not enough:
 * until there is enough history it says `learning`.
 */
export function usualnessOf(
  slots: readonly Slot[],
  watch: { since: number | null; now: number; weekday: number; hour: number },
): Usualness {
  const { since, now, weekday, hour } = watch
  if (since === null || now - since < ENOUGH_TIME_MS) return { state: 'learning' }
  const counted = slots.map((slot) => ({ ...slot, visits: decayed(slot.visits, slot.updatedAt, now) }))
  if (counted.reduce((sum, { visits }) => sum + visits, 0) < ENOUGH_VISITS) return { state: 'learning' }
  const weeks = watchedWeeks(since, now)
  const at = (day: number | null, wanted: number): number =>
    counted
      .filter((slot) => slot.hour === wanted && (day === null || slot.weekday === day))
      .reduce((sum, { visits }) => sum + visits, 0)
  const smoothed = (day: number | null): number =>
    HOUR_SHARES.reduce((sum, { by, share }) => sum + share * at(day, (hour + by + 24) % 24), 0)
  const perHour =
    (SAME_WEEKDAY_SHARE * smoothed(weekday)) / weeks + ((1 - SAME_WEEKDAY_SHARE) * smoothed(null)) / (weeks * 7)
  const state = perHour < UNUSUAL_BELOW ? 'unusual' : perHour >= USUAL_FROM ? 'usual' : 'ordinary'
  return { state, perHour }
}
