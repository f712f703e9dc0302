import { z } from 'zod'
import { cleanText } from './iot-state.ts'
import type { Countdown, NewScheduleRule, ScheduleRule, Weekday } from './types.ts'

/** Sunday first, as the devices count. */
const WEEKDAYS: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const BY_SUN = ['time', 'sunrise', 'sunset'] as const
const MAX_RULES = 64

const flag = z.union([z.number(), z.boolean()]).transform((value) => value === true || value === 1)
const id = z.string().min(1).max(64)

const countdownRule = z.looseObject({
  id,
  enable: flag,
  act: z.number(),
  delay: z.int().min(0),
  remain: z.int().min(0).optional(),
})

/** Reads the answer to `count_down.get_rules`; null when there is none (or nothing that makes sense). */
export function readCountdown(answer: unknown): Countdown | null {
  for (const raw of rulesOf(answer)) {
    const rule = countdownRule.safeParse(raw)
    if (!rule.success) continue
    const { enable, act, delay, remain } = rule.data
    return { id: rule.data.id, enabled: enable, on: act === 1, delayS: delay, remainingS: remain ?? null }
  }
  return null
}

const scheduleRule = z.looseObject({
  id,
  name: z.string().max(512).optional(),
  enable: flag,
  sact: z.number(),
  smin: z.int().min(0).max(1_439),
  stime_opt: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  soffset: z.int().min(-1_440).max(1_440).optional(),
  wday: z.array(flag).length(7),
  repeat: flag,
  year: z.int().optional(),
  month: z.int().min(1).max(12).optional(),
  day: z.int().min(1).max(31).optional(),
})

/** Reads the answer to `schedule.get_rules`. Rules of a kind that we do not know (fading, colours) are left out. */
export function readSchedules(answer: unknown): ScheduleRule[] {
  return rulesOf(answer).flatMap((raw) => {
    const rule = scheduleRule.safeParse(raw)
    // 0 off, 1 on; others dim or play.
    if (!rule.success || (rule.data.sact !== 0 && rule.data.sact !== 1)) return []
    const { smin, stime_opt, soffset = 0, repeat, wday } = rule.data
    const kind = BY_SUN[stime_opt]
    return {
      id: rule.data.id,
      name: cleanText(rule.data.name ?? ''),
      enabled: rule.data.enable,
      on: rule.data.sact === 1,
      at: kind === 'time' ? { kind, minuteOfDay: smin } : { kind, offsetMin: soffset },
      weekdays: repeat ? WEEKDAYS.filter((_, index) => wday[index]) : [],
      onDate: repeat ? null : dateOf(rule.data),
    }
  })
}

function dateOf({ year, month, day }: z.infer<typeof scheduleRule>): string | null {
  if (year === undefined || month === undefined || day === undefined || year < 2000 || year > 9_999) return null
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** A rule of ours → the parameters of `add_rule` and (with its id) `edit_rule`. */
export function writeSchedule(rule: NewScheduleRule): Record<string, unknown> {
  const { at, weekdays, onDate } = rule
  const repeat = weekdays.length > 0
  return {
    name: rule.name,
    enable: rule.enabled ? 1 : 0,
    sact: rule.on ? 1 : 0,
    stime_opt: BY_SUN.indexOf(at.kind),
    smin: at.kind === 'time' ? at.minuteOfDay : 0,
    ...(at.kind !== 'time' && { soffset: at.offsetMin }),
    etime_opt: -1,
    emin: 0,
    repeat: repeat ? 1 : 0,
    ...(repeat ? { wday: WEEKDAYS.map((day) => (weekdays.includes(day) ? 1 : 0)) } : dayOf(onDate)),
  }
}

function dayOf(onDate: string | null): Record<string, unknown> {
  const [year = 0, month = 0, day = 0] = (onDate ?? '').split('-').map(Number)
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay()
  return { year, month, day, wday: WEEKDAYS.map((_, index) => (index === weekday ? 1 : 0)) }
}

function rulesOf(answer: unknown): readonly unknown[] {
  const list = (answer as { rule_list?: unknown } | null | undefined)?.rule_list
  return Array.isArray(list) ? list.slice(0, MAX_RULES) : []
}
