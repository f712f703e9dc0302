import type { IncomingHttpHeaders } from 'node:http'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { OriginRules } from './cors.ts'
import { judgeOrigin } from './csrf.ts'
import type { Refusal } from './gate.ts'
import { limitReached, type RateLimits } from './rate-limit.ts'
import type { Scheme } from './transport.ts'

export interface OriginGuardDeps {
  log: Log
  limits: RateLimits
  origins: OriginRules
  onRefused?(refusal: Refusal): void
}

export interface ForeignRequest {
  method: string
  path: string
  scheme: Scheme
  headers: IncomingHttpHeaders
  address: string
  userAgent: string
}

const LONGEST_ORIGIN = 200

/**
 * Other pages change nothing here (SEC-B7) and read nothing that the owner did not allow (SEC-C2); whoever tries is in
 * the log and in the record. Throws `forbidden` FOREIGN_ORIGIN, or `too-many`.
 */
export async function guardOrigin(request: ForeignRequest, deps: OriginGuardDeps): Promise<void> {
  const { method, path, headers, address, userAgent } = request
  const verdict = judgeOrigin(request, deps.origins)
  if (verdict === 'own' || verdict === 'foreign') return
  const origin = (headers.origin ?? 'not told').slice(0, LONGEST_ORIGIN)
  const route = `${method} ${path}`
  deps.onRefused?.({ type: 'origin_refused', principal: null, address, userAgent, route, needs: origin })
  // A fixed phrase: what watches logs may look for it.
  deps.log.warn({ origin, address, method, path }, 'CORS violation')
  // What is withheld is counted, like every request, where it is answered.
  if (verdict === 'withheld') return
  const state = await deps.limits.take('general', { userId: null, address })
  if (state.retryAfterS > 0) throw limitReached(state)
  throw new LaresError('forbidden', 'This request came from another site.', { code: 'FOREIGN_ORIGIN' })
}
