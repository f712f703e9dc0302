import type { IncomingMessage } from 'node:http'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { isForeign } from '../csrf.ts'
import { checkSetup, identifyWithinLimit, type LimitedGateDeps } from '../gate.ts'
import { isAllowedHost } from '../hosts.ts'
import { plainAddress } from '../request-context.ts'
import type { Principal } from '../route.ts'
import { readSessionToken } from '../session-cookie.ts'

export const STREAM_PATH = '/api/stream'

export interface AdmitDeps extends LimitedGateDeps {
  clock: Clock
  hosts(): readonly string[]
}

export interface Admitted {
  principal: Principal
  sessionToken: string
  client: { address: string; userAgent: string }
}

/** Everything that is checked before the handshake. Throws LaresError. */
export async function admit(request: IncomingMessage, deps: AdmitDeps): Promise<Admitted> {
  const { host, origin, cookie, 'sec-fetch-site': site } = request.headers
  if (!isAllowedHost(host, deps.hosts()))
    throw new LaresError('invalid', 'This box does not answer to that name.', { code: 'HOST_NOT_ALLOWED' })
  const path = request.url?.split('?')[0] ?? ''
  if (path !== STREAM_PATH) throw new LaresError('not-found', 'There is no stream at this address.')
  // A WebSocket is not bound by the same-origin policy; this check is all there is (SEC-B7).
  if (isForeign({ host: host ?? '', origin, secFetchSite: typeof site === 'string' ? site : undefined }))
    throw new LaresError('forbidden', 'This request came from another site.', { code: 'FOREIGN_ORIGIN' })
  checkSetup('signed-in', deps.isSetupDone())
  const sessionToken = readSessionToken(cookie)
  const address = plainAddress(request.socket.remoteAddress)
  const userAgent = (request.headers['user-agent'] ?? '').slice(0, 256)
  const asking = { path, query: {}, sessionToken, address, userAgent }
  const principal = await identifyWithinLimit('signed-in', 'general', asking, deps)
  if (!principal || sessionToken === null) throw new LaresError('unauthenticated', 'Please sign in.')
  return { principal, sessionToken, client: { address, userAgent } }
}
