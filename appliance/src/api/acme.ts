import { z } from 'zod'

/** One thing that was tried, in the order of trying. */
export const acmeCheckStep = z
  .strictObject({
    step: z
      .enum(['settings', 'authority', 'address', 'port-80', 'record-set', 'record-shown', 'record-removed', 'at-home'])
      .describe('What was tried.'),
    name: z.string().nullable().describe('The name it was about.'),
    outcome: z.enum(['ok', 'failed', 'unknown']).describe('unknown: it cannot be told from inside the home.'),
    words: z.string().describe('One or two plain sentences.'),
  })
  .meta({ id: 'AcmeCheckStep' })
export type AcmeCheckStep = z.infer<typeof acmeCheckStep>

/** Would the authority be able to prove the names? Nothing is ordered for it. */
export const acmeCheckReply = z.strictObject({ steps: z.array(acmeCheckStep) }).meta({ id: 'AcmeCheck' })
