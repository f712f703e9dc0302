/** A moment on the wall clock of the home. */
export interface LocalTime {
  /** 0–23. */
  hour: number
  /** Minutes since midnight, 0–1439. */
  minuteOfDay: number
  /** 0 is Monday. */
  weekday: number
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const MINUTES_A_DAY = 1_440

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making a format costs more than using it a hundred times. */
function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  })
  formats.set(timeZone, made)
  return made
}

/** `at` in epoch milliseconds; summer time as the zone has it. */
export function localTime(at: number, timeZone: string): LocalTime {
  const parts = formatFor(timeZone).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((each) => each.type === type)?.value ?? ''
  const hour = Number(part('hour'))
  return { hour, minuteOfDay: hour * 60 + Number(part('minute')), weekday: Math.max(0, DAYS.indexOf(part('weekday'))) }
}

/** "07:30" → 450. */
export function minuteOf(clockTime: string): number {
  const [hour = '0', minute = '0'] = clockTime.split(':')
  return Number(hour) * 60 + Number(minute)
}

/** 450 → "07:30". */
export function clockTimeOf(minute: number): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

/** Does this minute of the day lie from `from` up to, not including, `to`? Past midnight when `to` is earlier; all day when equal. */
export function isBetween(minute: number, from: number, to: number): boolean {
  const sinceFrom = (minute - from + MINUTES_A_DAY) % MINUTES_A_DAY
  const lasts = (to - from + MINUTES_A_DAY) % MINUTES_A_DAY || MINUTES_A_DAY
  return sinceFrom < lasts
}
