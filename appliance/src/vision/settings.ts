import { z } from 'zod'
import type { SettingDefinition } from '../settings/index.ts'
import { CATALOGUE_DEFAULT } from './models/catalogue.ts'

export const VISION_MODEL: SettingDefinition<string> = {
  key: 'vision.model',
  schema: z.string().min(1).max(64),
  initial: CATALOGUE_DEFAULT.name,
  words: 'Name of the detection model that looks at the pictures.',
}

export const VIEW_WATCH: SettingDefinition<boolean> = {
  key: 'vision.viewWatch',
  schema: z.boolean(),
  initial: true,
  words: 'Tell me when a camera is covered, out of focus or turned away.',
}

export const visionSettings = [VISION_MODEL, VIEW_WATCH] as const
