/** A day of the calendar. */
export interface HomeDate {
  year: number
  /** 1–12 */
  month: number
  day: number
}

/** A moment as clocks in the home show it. */
export interface HomeTime extends HomeDate {
  /** 0 is Monday, 6 is Sunday. */
  weekday: number
  /** 0–23 */
  hour: number
  /** Minutes since midnight by the clock on the wall: 0–1439, on days of 23 and 25 hours too. */
  minute: number
}

const DAY_MS = 24 * 60 * 60_000
const MINUTE_MS = 60_000

const formats = new Map<string, Intl.DateTimeFormat>()

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const numbers = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const
  const made = new Intl.DateTimeFormat('en-US', { timeZone, ...numbers, second: 'numeric', hourCycle: 'h23' })
  formats.set(timeZone, made)
  return made
}

/** The same digits read as if they were UTC, in epoch milliseconds, whole seconds. */
function wallAsUtc(at: number, timeZone: string): number {
  const part: Record<string, number> = {}
  for (const { type, value } of formatFor(timeZone).formatToParts(at)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

export function homeTimeOf(at: number, timeZone: string): HomeTime {
  const wall = new Date(wallAsUtc(at, timeZone))
  return {
    ...{ year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() },
    weekday: (wall.getUTCDay() + 6) % 7,
    hour: wall.getUTCHours(),
    minute: wall.getUTCHours() * 60 + wall.getUTCMinutes(),
  }
}

/**
 * When the clock on the wall shows that minute of that day. In spring a minute that is skipped is the one as long after
 * the change (02:30 becomes 03:30); in autumn the first of the two is meant.
 */
export function epochOfHomeTime({ year, month, day }: HomeDate, minute: number, timeZone: string): number {
  const wall = Date.UTC(year, month - 1, day) + minute * MINUTE_MS
  const offsetAround = (at: number): number => wallAsUtc(at, timeZone) - Math.floor(at / 1_000) * 1_000
  const before = wall - offsetAround(wall - DAY_MS)
  const after = wall - offsetAround(wall + DAY_MS)
  const shown = [Math.min(before, after), Math.max(before, after)].filter((at) => wallAsUtc(at, timeZone) === wall)
  return shown[0] ?? before
}

/** Midnight, or what comes first where the clocks skip it. */
export const startOfDay = (date: HomeDate, timeZone: string): number => epochOfHomeTime(date, 0, timeZone)

/** The calendar day that many days later (or, below 0, earlier). */
export function dayLater({ year, month, day }: HomeDate, days: number): HomeDate {
  const moved = new Date(Date.UTC(year, month - 1, day + days))
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() }
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0')

/** 2026-11-28 */
export const dayKey = ({ year, month, day }: HomeDate): string =>
  `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`

/** Of a key that `dayKey` made. */
export function dateOf(key: string): HomeDate {
  const [year = 0, month = 1, day = 1] = key.split('-').map(Number)
  return { year, month, day }
}

/** "07:30" → 450 */
export const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/** 450 → "07:30" */
export const clockOf = (minute: number): string => `${digits(Math.floor(minute / 60), 2)}:${digits(minute % 60, 2)}`

/** 14:05 */
export const homeClock = (at: number, timeZone: string): string => clockOf(homeTimeOf(at, timeZone).minute)

export type WeekMinute = Pick<HomeTime, 'weekday' | 'minute'>

/** A stretch of the week by the clock on the wall; `to` before `from` goes on past midnight, the same is the whole day. */
export interface WeekWindow {
  /** On which it begins; 0 is Monday. */
  weekdays: readonly number[]
  fromMinute: number
  toMinute: number
}

/** From `from` up to, not including, `to`, in minutes of the day; past midnight when `to` is earlier, all day when equal. */
export function isBetween(minute: number, from: number, to: number): boolean {
  if (from < to) return minute >= from && minute < to
  return from === to || minute >= from || minute < to
}

/** What reaches past midnight belongs to the day on which it began. */
export function isWithin({ weekdays, fromMinute, toMinute }: WeekWindow, { weekday, minute }: WeekMinute): boolean {
  if (!isBetween(minute, fromMinute, toMinute)) return false
  const beganYesterday = toMinute < fromMinute && minute < toMinute
  return weekdays.includes(beganYesterday ? (weekday + 6) % 7 : weekday)
}
