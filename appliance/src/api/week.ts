import { z } from 'zod'
import { weekday } from './risk.ts'

/** By the clock of the home. */
export const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is not a time such as 07:30')

const weekdays = z.array(weekday).min(1).max(7)

/** A part of the week; `to` before `from` means on the next day, the same means the whole day. */
export const weekTimes = z.strictObject({ weekdays, from: clockTime, to: clockTime }).meta({ id: 'WeekTimes' })
export type WeekTimes = z.infer<typeof weekTimes>
