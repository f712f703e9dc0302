import { z } from 'zod'
import type { SettingDefinition } from '../settings/types.ts'

export const pollWhileWatchedS: SettingDefinition<number> = {
  key: 'plugs.pollWhileWatchedS',
  schema: z.int().min(1).max(300),
  initial: 5,
  words: 'How often, in seconds, every plug is asked while somebody has the app open.',
}

export const pollOtherwiseS: SettingDefinition<number> = {
  key: 'plugs.pollOtherwiseS',
  schema: z.int().min(5).max(3_600),
  initial: 30,
  words: 'How often, in seconds, every plug is asked while nobody looks.',
}

export const plugSettings = [pollWhileWatchedS, pollOtherwiseS] as const
