import { z } from 'zod'
import type { Countdown, ScheduleRule, Weekday } from './types.ts'

const WEEKDAYS: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const MAX_RULES = 64
const id = z.string().min(1).max(64)
const desired = z.looseObject({ on: z.boolean() })

const countdownRule = z.looseObject({
  id,
  enable: z.boolean(),
  delay: z.int().min(0),
  remain: z.int().min(0).optional(),
  desired_states: desired,
})

/** Reads the answer to `get_countdown_rules`; null when there is none. */
export function readSmartCountdown(answer: unknown): Countdown | null {
  for (const raw of rulesOf(answer)) {
    const rule = countdownRule.safeParse(raw)
    if (!rule.success) continue
    const { enable, delay, remain, desired_states: states } = rule.data
    return { id: rule.data.id, enabled: enable, on: states.on, delayS: delay, remainingS: remain ?? null }
  }
  return null
}

const scheduleRule = z.looseObject({
  id,
  enable: z.boolean(),
  s_min: z.int().min(0).max(1_439).optional(),
  s_type: z.enum(['normal', 'sunrise', 'sunset']).optional(),
  time_offset: z.int().min(-1_440).max(1_440).optional(),
  week_day: z.int().min(0).max(127).optional(),
  mode: z.enum(['repeat', 'once']),
  desired_states: desired,
  year: z.int().min(2_000).max(9_999).optional(),
  month: z.int().min(1).max(12).optional(),
  day: z.int().min(1).max(31).optional(),
})
type SmartRule = z.infer<typeof scheduleRule>

/** Reads the answer to `get_schedule_rules`. Rules that dim or colour alone are left out. */
export function readSmartSchedules(answer: unknown): ScheduleRule[] {
  return rulesOf(answer).flatMap((raw) => {
    const rule = scheduleRule.safeParse(raw)
    if (!rule.success) return []
    const { enable, week_day: days = 0, mode, desired_states: states } = rule.data
    return {
      id: rule.data.id,
      // These devices do not name rules.
      name: '',
      enabled: enable,
      on: states.on,
      at: timeOf(rule.data),
      weekdays: mode === 'repeat' ? WEEKDAYS.filter((_, index) => (days & (1 << index)) !== 0) : [],
      onDate: mode === 'once' ? dateOf(rule.data) : null,
    }
  })
}

function timeOf({
  s_type: kind = 'normal',
  s_min: minuteOfDay = 0,
  time_offset: offsetMin = 0,
}: SmartRule): ScheduleRule['at'] {
  return kind === 'normal' ? { kind: 'time', minuteOfDay } : { kind, offsetMin }
}

function dateOf({ year, month, day }: SmartRule): string | null {
  if (year === undefined || month === undefined || day === undefined) return null
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

function rulesOf(answer: unknown): readonly unknown[] {
  const list = (answer as { rule_list?: unknown } | null | undefined)?.rule_list
  return Array.isArray(list) ? list.slice(0, MAX_RULES) : []
}
