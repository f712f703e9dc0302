import { z } from 'zod'
import type { SettingDefinition } from '../settings/types.ts'

export const setupCodeSetting: SettingDefinition<string> = {
  key: 'setup.code',
  schema: z.string().max(32),
  initial: '',
  words: 'One-time code that the console shows until setup is done. Made by the box, never by hand.',
  secret: true,
  internal: true,
}

/** Every setting of this feature. */
export const setupSettings = [setupCodeSetting] as const
