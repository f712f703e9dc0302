import type { IncomingMessage } from 'node:http'
import { LaresError } from '../../core/errors.ts'
import { readCredentials } from '../cookies.ts'
import { isForeign } from '../csrf.ts'
import { checkSetup, identifyWithinLimit, type Guarded, type LimitedGateDeps } from '../gate.ts'
import { refuseKeyInQuery } from '../key-in-query.ts'
import { isAllowedHost } from '../hosts.ts'
import { plainAddress } from '../client-address.ts'
import { userAgentOf } from '../request-context.ts'
import type { Principal } from '../route.ts'

export const STREAM_PATH = '/api/stream'

export interface AdmitDeps extends LimitedGateDeps {
  hosts(): readonly string[]
}

const STREAM: Guarded = { needs: 'signed-in', limit: 'stream', sudo: false }

/** Everything that is checked before the handshake; who may open it. Throws LaresError. */
export async function admit(request: IncomingMessage, deps: AdmitDeps): Promise<Principal> {
  const { headers, socket, url } = request
  const { host, origin, 'sec-fetch-site': site } = headers
  if (!isAllowedHost(host, deps.hosts()))
    throw new LaresError('invalid', 'This box does not answer to that name.', { code: 'HOST_NOT_ALLOWED' })
  const path = url?.split('?')[0] ?? ''
  refuseKeyInQuery(url?.split('?').slice(1).join('?') ?? '')
  if (path !== STREAM_PATH) throw new LaresError('not-found', 'There is no stream at this address.')
  // A WebSocket is not bound by the same-origin policy; this check is all there is (SEC-B7).
  if (isForeign({ host: host ?? '', origin, secFetchSite: typeof site === 'string' ? site : undefined }))
    throw new LaresError('forbidden', 'This request came from another site.', { code: 'FOREIGN_ORIGIN' })
  checkSetup(STREAM.needs, deps.isSetupDone())
  const credentials = readCredentials(headers)
  const asking = {
    ...{ method: 'GET', path, query: {}, credentials, deviceToken: credentials.deviceToken, adminKey: null },
    address: plainAddress(socket.remoteAddress),
    userAgent: userAgentOf(headers),
    // Pages open their stream again by themselves: that is nobody in front of them.
    isActivity: false,
  }
  const principal = await identifyWithinLimit(STREAM, asking, deps)
  if (!principal) throw new LaresError('unauthenticated', 'Please sign in.')
  return principal
}
