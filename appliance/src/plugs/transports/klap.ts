import { randomBytes, timingSafeEqual } from 'node:crypto'
import { candidates, whyNoneFits, type Candidate } from './accounts.ts'
import { failure } from './failures.ts'
import { createHttpConnection, type HttpAnswer, type HttpConnection } from './http-connection.ts'
import {
  klapAuth,
  klapClientHash,
  klapKeys,
  klapOpen,
  klapSeal,
  klapServerHash,
  nextSequence,
  readHandshake,
  type KlapKeys,
  type KlapVersion,
} from './klap-crypto.ts'
import { SessionTransport, type Session } from './session-transport.ts'
import type { AskOptions, Scheme, Transport, TransportDeps } from './types.ts'

const HANDSHAKE_TIMEOUT_MS = 5_000
const TIMEOUT_MS = 3_000
const DEFAULT_LIFE_S = 86_400
/** Signed in anew before the device ends the session by itself. */
const BEFORE_END_S = 1_200

interface KlapSession extends Session {
  keys: KlapKeys
  cookie: string | null
  sequence: number
}

interface Match {
  candidate: Candidate
  version: KlapVersion
  auth: Buffer
}

/**
 * KLAP over HTTP. One handshake tells everything: the device proves in its first answer which hash and which account it
 * holds, so that wrong passwords are never sent and never count against us there.
 */
export function createKlapTransport(scheme: Scheme, deps: TransportDeps): Transport {
  const { clock } = deps
  const http = createHttpConnection({ ...deps, port: scheme.port })

  async function signIn(): Promise<KlapSession> {
    const local = randomBytes(16)
    const first = await http.post({ path: '/app/handshake1', body: local, timeoutMs: HANDSHAKE_TIMEOUT_MS })
    const { remote, serverHash } = handshakeOf(first)
    const match = findMatch(deps, local, remote, serverHash)
    if (!match) throw whyNoneFits(deps)
    const { version, auth } = match
    const cookie = first.sessionId
    await prove(http, cookie, klapClientHash(version, local, remote, auth))
    const keys = klapKeys(local, remote, auth)
    const lifeS = Math.max(60, (first.sessionTimeoutS ?? DEFAULT_LIFE_S) - BEFORE_END_S)
    const signedInAs = match.candidate.id
    return {
      ...{ keys, cookie, sequence: keys.firstSequence, signedInAs },
      klapVersion: version,
      endsAt: clock.monotonic() + lifeS * 1000,
    }
  }

  async function exchange(session: KlapSession, payload: string, { once }: AskOptions): Promise<string> {
    session.sequence = nextSequence(session.sequence)
    const { sequence, keys } = session
    const body = klapSeal(keys, sequence, payload)
    const path = `/app/request?seq=${sequence}`
    const headers = cookieHeader(session.cookie)
    const answer = await http.post({ path, body, headers, timeoutMs: TIMEOUT_MS, ...(once && { fresh: true }) })
    if (answer.status === 403 || answer.status === 401) throw failure.sessionLost()
    if (answer.status !== 200) throw failure.sessionBroken(`status ${answer.status}`)
    const text = klapOpen(keys, sequence, answer.body)
    if (text === null) throw failure.sessionBroken('it is not for this question')
    // Decrypted with a key that does not fit, the padding is right once in 256 times.
    if (!text.startsWith('{')) throw failure.sessionBroken('it is no JSON')
    return text
  }

  return new SessionTransport(scheme, deps, { signIn, exchange, close: () => http.close() })
}

function handshakeOf(answer: HttpAnswer): { remote: Buffer; serverHash: Buffer } {
  if (answer.status === 403) throw failure.localAccessOff()
  if (answer.status === 404 || answer.status === 405) throw failure.schemeGone('no KLAP there')
  const handshake = answer.status === 200 ? readHandshake(answer.body) : null
  if (!handshake) throw failure.badReply(`status ${answer.status} and ${answer.body.length} bytes to a handshake`)
  return handshake
}

async function prove(http: HttpConnection, cookie: string | null, proof: Buffer): Promise<void> {
  const headers = cookieHeader(cookie)
  const answer = await http.post({ path: '/app/handshake2', body: proof, headers, timeoutMs: HANDSHAKE_TIMEOUT_MS })
  // It showed that it holds this password, so it is not the password that is wrong: somebody signed in in between.
  if (answer.status === 403) throw failure.sessionLost()
  if (answer.status !== 200) throw failure.badReply(`status ${answer.status} to the second handshake`)
}

function findMatch(deps: TransportDeps, local: Buffer, remote: Buffer, serverHash: Buffer): Match | null {
  for (const candidate of candidates(deps)) {
    for (const version of [2, 1] as const) {
      const auth = klapAuth(version, candidate.user, candidate.password)
      if (timingSafeEqual(klapServerHash(version, local, remote, auth), serverHash)) return { candidate, version, auth }
    }
  }
  return null
}

function cookieHeader(cookie: string | null): Record<string, string> {
  return cookie === null ? {} : { Cookie: `TP_SESSIONID=${cookie}` }
}
