import type { z } from 'zod'
import { LaresError } from '../core/errors.ts'
import { plainIssues } from './plain-issues.ts'

/** Checks one part of a request. Throws `invalid` VALIDATION_FAILED; `details.issues` names every wrong value. */
export function checkInput(where: 'params' | 'query' | 'body', schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = plainIssues(where, parsed.error)
  const first = issues[0]
  throw new LaresError(
    'invalid',
    `The request is not right: ${first?.path ?? where} ${first?.message ?? 'is not valid'}.`,
    {
      details: { issues },
    },
  )
}

/**
 * Checks an answer before it leaves, in production too: schemas are strict, so a field that nobody meant to send (a
 * password hash beside the name) is an error in the log and never a leak. Throws `internal`.
 */
export function checkReply(schema: z.ZodType, value: unknown, routeName: string): unknown {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = plainIssues('reply', parsed.error).map((issue) => `${issue.path} ${issue.message}`)
  throw new LaresError('internal', `The answer of ${routeName} does not fit its schema: ${issues.join('; ')}`)
}
