/** A moment as clocks in the home show it. */
export interface HomeTime {
  year: number
  /** 1–12 */
  month: number
  day: number
  /** 0 is Monday, 6 is Sunday. */
  weekday: number
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
    minute: wall.getUTCHours() * 60 + wall.getUTCMinutes(),
  }
}

/**
 * When the clock on the wall shows that minute of that day. In spring a minute that is skipped is the one as long after
 * the change (02:30 becomes 03:30); in autumn the first of the two is meant.
 */
export function epochOfHomeTime(
  { year, month, day }: Pick<HomeTime, 'year' | 'month' | 'day'>,
  minute: number,
  timeZone: string,
): number {
  const wall = Date.UTC(year, month - 1, day) + minute * MINUTE_MS
  const offsetAround = (at: number): number => wallAsUtc(at, timeZone) - Math.floor(at / 1_000) * 1_000
  const before = wall - offsetAround(wall - DAY_MS)
  const after = wall - offsetAround(wall + DAY_MS)
  const shown = [Math.min(before, after), Math.max(before, after)].filter((at) => wallAsUtc(at, timeZone) === wall)
  return shown[0] ?? before
}

/** The calendar day that many days later (or, below 0, earlier). */
export function dayLater({ year, month, day }: Pick<HomeTime, 'year' | 'month' | 'day'>, days: number) {
  const moved = new Date(Date.UTC(year, month - 1, day + days))
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() }
}

/** 14:05 */
export function homeClock(at: number, timeZone: string): string {
  const { minute } = homeTimeOf(at, timeZone)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

/** A stretch of the week by the clock on the wall; `to` before `from` goes on past midnight, the same is the whole day. */
export interface WeekWindow {
  /** On which it begins; 0 is Monday. */
  weekdays: readonly number[]
  fromMinute: number
  toMinute: number
}

export function isWithin({ weekdays, fromMinute, toMinute }: WeekWindow, { weekday, minute }: HomeTime): boolean {
  const today = weekdays.includes(weekday)
  const yesterday = weekdays.includes((weekday + 6) % 7)
  if (fromMinute === toMinute) return today
  if (fromMinute < toMinute) return today && minute >= fromMinute && minute < toMinute
  return (today && minute >= fromMinute) || (yesterday && minute < toMinute)
}

/** "07:30" → 450 */
export const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))
