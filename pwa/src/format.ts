// Times, ages and numbers as people read them. Pure: the time zone comes in.
import { t } from './text/index.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

function format(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = timeZone + JSON.stringify(options)
  let made = formats.get(key)
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(t.locale, { timeZone, ...options })))
  return made
}

/** 14:02 */
export function clockTime(at: number, timeZone: string): string {
  return format(timeZone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
}

/** 14:02:31 */
export function clockTimeWithSeconds(at: number, timeZone: string): string {
  return format(timeZone, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(at)
}

/** 2026-11-21, to tell days apart. */
export function dayKey(at: number, timeZone: string): string {
  const parts = format(timeZone, { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(at)
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}

const DAY_MS = 86_400_000

/** Today, Yesterday, Friday, 6 November, or with the year when it is another one; a day to come always by its date. */
export function dayName(at: number, now: number, timeZone: string): string {
  const key = dayKey(at, timeZone)
  if (key === dayKey(now, timeZone)) return t.time.today
  if (key === dayKey(now - DAY_MS, timeZone)) return t.time.yesterday
  if (at <= now && now - at < 6 * DAY_MS) return format(timeZone, { weekday: 'long' }).format(at)
  const sameYear = key.slice(0, 4) === dayKey(now, timeZone).slice(0, 4)
  return format(timeZone, { day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) }).format(at)
}

/** "14:02" today, "yesterday, 14:02", "6 November, 14:02". */
export function dayAndTime(at: number, now: number, timeZone: string): string {
  const time = clockTime(at, timeZone)
  if (dayKey(at, timeZone) === dayKey(now, timeZone)) return time
  return `${dayName(at, now, timeZone)}, ${time}`
}

/** "now", "12 s ago", "3 min ago", "5 h ago", "2 days ago". A clock that is a little ahead counts as now. */
export function age(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1_000))
  if (seconds < 2) return t.time.now
  if (seconds < 60) return t.time.secondsAgo(seconds)
  if (seconds < 3_600) return t.time.minutesAgo(Math.floor(seconds / 60))
  if (seconds < 86_400) return t.time.hoursAgo(Math.floor(seconds / 3_600))
  return t.time.daysAgo(Math.floor(seconds / 86_400))
}

/** "8 s", "2 min 5 s", "1 h 3 min". */
export function lasting(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 60) return `${String(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60)
    return seconds % 60 === 0 ? `${String(minutes)} min` : `${String(minutes)} min ${String(seconds % 60)} s`
  return `${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`
}

/** Watts: one decimal below 10, none above. */
export function watts(value: number): string {
  const digits = Math.abs(value) < 10 ? 1 : 0
  return new Intl.NumberFormat(t.locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
}
