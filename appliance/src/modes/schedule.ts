import type { ModeScheduleEntry } from '../api/modes.ts'
import type { HomeMode } from '../api/risk-bands.ts'
import { WEEKDAYS } from '../api/risk.ts'
import { dayLater, epochOfHomeTime, homeTimeOf, minuteOf } from '../core/home-time.ts'

export interface SchedulePoint {
  mode: HomeMode
  at: number
}

const DAYS_BACK = 8

/** The newest moment of the schedule that is not later than `now`; null when there is none. */
export function latestPoint(
  schedule: readonly ModeScheduleEntry[],
  now: number,
  timeZone: string,
): SchedulePoint | null {
  if (schedule.length === 0) return null
  const today = homeTimeOf(now, timeZone)
  let latest: SchedulePoint | null = null
  for (let back = 0; back <= DAYS_BACK; back++) {
    const day = dayLater(today, -back)
    const weekday = WEEKDAYS[(today.weekday - (back % 7) + 7) % 7]
    for (const entry of schedule) {
      if (!entry.weekdays.some((name) => name === weekday)) continue
      const at = epochOfHomeTime(day, minuteOf(entry.at), timeZone)
      if (at <= now && (latest === null || at > latest.at)) latest = { mode: entry.mode, at }
    }
  }
  return latest
}

/**
 * What the schedule makes of the present: the mode to change to, or null. A point counts once: not when somebody chose
 * after it, nor when it was made afterwards. Nobody who is away is brought home by a clock.
 */
export function scheduledChange(asked: {
  schedule: readonly ModeScheduleEntry[]
  scheduleSince: number
  mode: HomeMode
  /** When the present mode, or the one that comes next, was chosen. */
  chosenAt: number
  now: number
  timeZone: string
}): HomeMode | null {
  const point = latestPoint(asked.schedule, asked.now, asked.timeZone)
  if (!point || point.at <= asked.chosenAt || point.at <= asked.scheduleSince) return null
  if (point.mode === asked.mode || asked.mode === 'away') return null
  return point.mode
}
