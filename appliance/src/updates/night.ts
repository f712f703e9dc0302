import { dayLater, epochOfHomeTime, homeTimeOf } from '../core/home-time.ts'

const NIGHT_MINUTE = 3 * 60
const NIGHT_LASTS_MINUTES = 60

/** Three in the morning, the next time it comes. */
export function nextNight(now: number, timeZone: string): number {
  const today = homeTimeOf(now, timeZone)
  const tonight = epochOfHomeTime(today, NIGHT_MINUTE, timeZone)
  return tonight > now ? tonight : epochOfHomeTime(dayLater(today, 1), NIGHT_MINUTE, timeZone)
}

/** Whether the box may restart by itself now. */
export function isNight(now: number, timeZone: string): boolean {
  const { minute } = homeTimeOf(now, timeZone)
  return minute >= NIGHT_MINUTE && minute < NIGHT_MINUTE + NIGHT_LASTS_MINUTES
}
