import { z } from 'zod'
import type { SettingDefinition } from '../settings/types.ts'

export const dailyBackups: SettingDefinition<number> = {
  key: 'backup.daily',
  schema: z.number().int().min(0).max(60),
  initial: 7,
  words:
    'Of how many days the copy of the database that is made each night is kept. 0, and 0 weeks: none is made by itself.',
}

export const weeklyBackups: SettingDefinition<number> = {
  key: 'backup.weekly',
  schema: z.number().int().min(0).max(52),
  initial: 4,
  words: 'Of how many weeks before those days the last nightly copy of the database is kept.',
}

export const backupSettings = [dailyBackups, weeklyBackups] as const
