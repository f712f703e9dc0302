import { z } from 'zod'

/** The body of every 4xx and 5xx answer (SEC-A9). */
export const errorBody = z
  .strictObject({
    error: z.string().describe('Kind of error, for example `not-found`.'),
    message: z.string().describe('One plain sentence for the person.'),
    error_code: z.string().describe('Stable code for programs, for example `VALIDATION_FAILED`.'),
    timestamp: z.string().describe('When, ISO 8601 in UTC.'),
    redirect_to: z.string().optional().describe('Where a browser should go; always there on 401.'),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Error' })

export type ErrorBody = z.infer<typeof errorBody>
