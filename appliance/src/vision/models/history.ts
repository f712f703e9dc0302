import { z } from 'zod'

export const modelHistory = z.object({
  /** What looked before, to go back to; null when nothing did. */
  previous: z.string().nullable(),
  /** True until the chosen model has proved itself. */
  onProbation: z.boolean(),
  rolledBack: z.object({ from: z.string(), to: z.string(), reason: z.string(), at: z.number() }).nullable(),
})
export type ModelHistory = z.infer<typeof modelHistory>
