import { z } from 'zod'
import type { SettingDefinition } from '../settings/index.ts'
import { riskSettings } from './risk/settings.ts'

export const idleCloseS: SettingDefinition<number> = {
  key: 'incidents.idleCloseS',
  schema: z.int().min(5).max(600),
  initial: 30,
  words: 'Seconds of quiet after which an incident is over.',
  env: 'BATCH_IDLE_TIMEOUT_SECONDS',
}

export const windowS: SettingDefinition<number> = {
  key: 'incidents.windowS',
  schema: z.int().min(30).max(600),
  initial: 90,
  words:
    'Seconds after which an incident is closed although it goes on; a further part of the same visit carries it on.',
  env: 'BATCH_WINDOW_SECONDS',
}

export const joinS: SettingDefinition<number> = {
  key: 'incidents.joinS',
  schema: z.int().min(5).max(600),
  initial: 60,
  words: 'Seconds within which what another camera of the same place sees belongs to the same visit.',
}

export const incidentSettings = [idleCloseS, windowS, joinS, ...riskSettings] as const
