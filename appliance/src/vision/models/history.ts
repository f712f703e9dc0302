import { z } from 'zod'
import type { SettingDefinition } from '../../settings/index.ts'

const history = z.object({
  /** What looked before, to go back to; null when nothing did. */
  previous: z.string().nullable(),
  /** True until the chosen model has proved itself. */
  onProbation: z.boolean(),
  rolledBack: z.object({ from: z.string(), to: z.string(), reason: z.string(), at: z.number() }).nullable(),
})
export type ModelHistory = z.infer<typeof history>

/** Kept so that a box that restarts in the middle still knows what to go back to. */
export const MODEL_HISTORY: SettingDefinition<ModelHistory> = {
  key: 'vision.modelHistory',
  schema: history,
  initial: { previous: null, onProbation: false, rolledBack: null },
  words: 'Which model looked before the one in use, and whether one had to be given up.',
  internal: true,
}
