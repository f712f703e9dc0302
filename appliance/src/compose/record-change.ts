import type { Audit } from '../audit/index.ts'
import type { Trx } from '../db/index.ts'
import type { RequestContext } from '../http/index.ts'

/** Who changed what, in the transaction in which it is changed. */
export function recordChange(
  audit: Audit,
  trx: Trx,
  what: string,
  { principal, address, userAgent }: RequestContext,
): Promise<void> {
  const resource = `setting:${what}`
  return audit.record(trx, { type: 'setting_changed', who: principal, address, userAgent, resource })
}
