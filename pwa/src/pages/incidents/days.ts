// Days of the home's calendar, and the moments at which they begin. Pure.
import { dayKey } from '../../format.ts'

const HOUR_MS = 3_600_000
const QUARTER_MS = 900_000

/** 2026-11-28 */
export const dayOf = (at: number, zone: string): string => dayKey(at, zone)

/** The same day so many days earlier; later when negative. */
export function daysBack(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) - days * 24 * HOUR_MS).toISOString().slice(0, 10)
}

export const nextDay = (day: string): string => daysBack(day, -1)

/** Epoch milliseconds of its first moment. No zone is further than 14 hours from UTC, or off by less than a quarter. */
export function startOfDay(day: string, zone: string): number {
  const noon = Date.parse(`${day}T12:00:00Z`)
  for (let at = noon - 28 * HOUR_MS; at <= noon + 16 * HOUR_MS; at += QUARTER_MS)
    if (dayKey(at, zone) === day) return at
  return noon
}
