// A rule that a plug keeps, as a person would say it; and what somebody typed, as a rule. Pure.
import { t } from '../../text/index.ts'
import { plugWords } from '../../text/plugs.ts'
import type { PlugSchedule, PlugScheduleBody } from '../../wire-plugs.ts'

const words = plugWords.schedules
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Day = (typeof DAYS)[number]

const two = (value: number): string => String(value).padStart(2, '0')
export const timeWords = (minuteOfDay: number): string =>
  `${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`

/** `18:30`, `7:05` → minute of the day; null for anything else. */
export function minuteOf(text: string): number | null {
  const match = /^([01]?\d|2[0-3])[:.]([0-5]\d)$/.exec(text.trim())
  return match ? Number(match[1]) * 60 + Number(match[2]) : null
}

/** "On at 18:30", "Off 20 min before sunset". */
export function ruleWords({ on, at }: Pick<PlugSchedule, 'on' | 'at'>): string {
  const when = at.kind === 'time' ? words.at(timeWords(at.minuteOfDay)) : words.offset(words[at.kind], at.offsetMin)
  return words.line(on ? t.plugs.on : t.plugs.off, when)
}

/** "Mon, Tue", "every day", "once, on 2026-11-28". */
export function daysWords({ weekdays, onDate }: Pick<PlugSchedule, 'weekdays' | 'onDate'>): string {
  if (onDate !== null) return words.once(onDate)
  if (weekdays.length === DAYS.length) return words.everyDay
  return DAYS.filter((day) => weekdays.includes(day))
    .map((day) => words.days[day])
    .join(', ')
}

export interface RuleDraft {
  name: string
  enabled: boolean
  on: boolean
  kind: 'time' | 'sunrise' | 'sunset'
  time: string
  offset: string
  weekdays: Day[]
  onDate: string | null
}

export function draftOf(rule: PlugSchedule | null): RuleDraft {
  if (!rule) {
    const weekdays = [...DAYS]
    return { name: 'Lares', enabled: true, on: true, kind: 'time', time: '18:30', offset: '0', weekdays, onDate: null }
  }
  const { name, enabled, on, at, weekdays, onDate } = rule
  const time = at.kind === 'time' ? timeWords(at.minuteOfDay) : '18:30'
  const offset = at.kind === 'time' ? '0' : String(at.offsetMin)
  return { name, enabled, on, kind: at.kind, time, offset, weekdays: [...weekdays], onDate }
}

const MOST_OFFSET_MIN = 720

/** What is wrong with each field; empty when nothing is. */
export function wrongsOf({ kind, time, offset, weekdays, onDate }: RuleDraft): {
  time?: string
  offset?: string
  days?: string
} {
  const minutes = Number(offset.trim())
  const isOffset = /^[+-]?\d{1,3}$/.test(offset.trim()) && Math.abs(minutes) <= MOST_OFFSET_MIN
  return {
    ...(kind === 'time' && minuteOf(time) === null && { time: words.form.timeWrong }),
    ...(kind !== 'time' && !isOffset && { offset: words.form.offsetWrong }),
    ...(weekdays.length === 0 && onDate === null && { days: words.form.daysMissing }),
  }
}

export function bodyOf(draft: RuleDraft): PlugScheduleBody {
  const { name, enabled, on, kind, time, offset, weekdays, onDate } = draft
  const at = kind === 'time' ? { kind, minuteOfDay: minuteOf(time) ?? 0 } : { kind, offsetMin: Number(offset.trim()) }
  // Days of the week make it a rule that comes again.
  return { name, enabled, on, at, weekdays, onDate: weekdays.length > 0 ? null : onDate }
}
