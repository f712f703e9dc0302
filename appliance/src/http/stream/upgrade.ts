import type { IncomingMessage } from 'node:http'
import { LaresError } from '../../core/errors.ts'
import { readCredentials } from '../cookies.ts'
import { checkSetup, identifyWithinLimit, type Guarded, type LimitedGateDeps } from '../gate.ts'
import { guardOrigin, type OriginGuardDeps } from '../guard-origin.ts'
import { checkForm } from '../request-form.ts'
import { refuseKeyInQuery } from '../key-in-query.ts'
import { isAllowedHost } from '../hosts.ts'
import { plainAddress } from '../client-address.ts'
import { userAgentOf } from '../request-context.ts'
import type { Principal } from '../route.ts'
import { schemeOf } from '../transport.ts'

export const STREAM_PATH = '/api/stream'

export interface AdmitDeps extends LimitedGateDeps, OriginGuardDeps {
  hosts(): readonly string[]
}

/** It reads, but no same-origin policy holds the answer back: judged like what changes something. */
const STREAM_METHOD = 'CONNECT'
const STREAM: Guarded = { needs: 'signed-in', limit: 'stream', sudo: false }

/** Everything that is checked before the handshake; who may open it. Throws LaresError. */
export async function admit(request: IncomingMessage, deps: AdmitDeps): Promise<Principal> {
  const { headers, socket, url } = request
  if (!isAllowedHost(headers.host, deps.hosts()))
    throw new LaresError('invalid', 'This box does not answer to that name.', { code: 'HOST_NOT_ALLOWED' })
  checkForm(request)
  const path = url?.split('?')[0] ?? ''
  refuseKeyInQuery(url?.split('?').slice(1).join('?') ?? '')
  if (path !== STREAM_PATH) throw new LaresError('not-found', 'There is no stream at this address.')
  // A WebSocket is not bound by the same-origin policy; this check is all there is (SEC-B7).
  const client = { address: plainAddress(socket.remoteAddress), userAgent: userAgentOf(headers) }
  const scheme = schemeOf(request)
  await guardOrigin({ method: STREAM_METHOD, path, scheme, headers, ...client }, deps)
  checkSetup(STREAM.needs, deps.isSetupDone())
  const credentials = readCredentials(headers, scheme)
  const asking = {
    ...{ method: 'GET', path, query: {}, credentials, deviceToken: credentials.deviceToken, adminKey: null },
    ...client,
    // Pages open their stream again by themselves: that is nobody in front of them.
    isActivity: false,
  }
  const principal = await identifyWithinLimit(STREAM, asking, deps)
  if (!principal) throw new LaresError('unauthenticated', 'Please sign in.')
  return principal
}
