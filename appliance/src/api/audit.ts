import { z } from 'zod'
import { epochMs, id } from './common.ts'

export const AUDIT_SEVERITIES = ['INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const

/** One line of the record of who did what. */
export const auditEntry = z
  .strictObject({
    id,
    at: epochMs,
    type: z.string().describe('For example `login_failure`.'),
    severity: z.enum(AUDIT_SEVERITIES),
    userId: z.string().nullable(),
    username: z.string().nullable(),
    role: z.string().nullable(),
    address: z.string().nullable(),
    userAgent: z.string().nullable(),
    sessionId: z.string().nullable(),
    resource: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof auditEntry>
export const auditQuery = z.strictObject({
  type: z.string().max(64).optional(),
  user: id.optional(),
  before: id.optional().describe('Id of the last entry of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type AuditQuery = z.infer<typeof auditQuery>
export const auditReply = z
  .strictObject({ entries: z.array(auditEntry), next: id.nullable() })
  .meta({ id: 'AuditPage' })
export type AuditPage = z.infer<typeof auditReply>
