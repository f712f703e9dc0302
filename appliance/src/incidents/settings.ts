import { z } from 'zod'
import type { SettingDefinition } from '../settings/index.ts'

export const idleCloseS: SettingDefinition<number> = {
  key: 'incidents.idleCloseS',
  schema: z.int().min(5).max(600),
  initial: 30,
  words: 'Seconds of quiet after which an incident is over.',
}

export const incidentSettings = [idleCloseS] as const
