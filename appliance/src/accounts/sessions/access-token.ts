import { compactVerify, decodeJwt, SignJWT, type CompactJWSHeaderParameters } from 'jose'
import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { Settings } from '../../settings/types.ts'
import { accessTokenMinutes } from '../settings.ts'
import type { SigningKeys } from './signing-keys.ts'

const MINUTE_MS = 60_000
/** A token from further in the future was signed before the clock was set back: it would live too long. */
const TOLERATED_MS = MINUTE_MS
const MOST_CACHED = 2_000

const claimsSchema = z.strictObject({
  sub: z.string().min(1).max(64),
  sid: z.string().min(1).max(64),
  typ: z.literal('access'),
  iat: z.int(),
  exp: z.int(),
})

export interface AccessClaims {
  userId: string
  sessionId: string
  expiresAt: number
  /** True: it has run out, its session may go on. */
  isExpired: boolean
}

/** Short-lived signed tokens that name a session (SEC-A6). */
export interface AccessTokens {
  issue(userId: string, sessionId: string): Promise<{ token: string; expiresAt: number }>
  /** Signatures are checked once a token. Throws `unauthenticated` TOKEN_INVALID, or TOKEN_EXPIRED for a key that is gone. */
  read(token: string): Promise<AccessClaims>
}

export const tokenInvalid = (): LaresError => new LaresError('unauthenticated', 'Please sign in.')
/** `userId`: of whoever it certainly is. */
export const tokenExpired = (userId?: string): LaresError =>
  new LaresError('unauthenticated', 'Your access has to be renewed.', {
    code: 'TOKEN_EXPIRED',
    ...(userId !== undefined && { cause: { userId } }),
  })

interface Verified {
  keyId: string
  claims: z.output<typeof claimsSchema>
}

/** Nothing in it is believed; but what calls itself old may be renewed, whichever key signed it. */
function saysItIsOld(token: string, nowMs: number): boolean {
  try {
    const { exp } = decodeJwt(token)
    return typeof exp === 'number' && exp * 1000 <= nowMs
  } catch {
    return false
  }
}

export function createAccessTokens(deps: { clock: Clock; settings: Settings; keys: SigningKeys }): AccessTokens {
  const { clock, settings, keys } = deps
  const cache = new Map<string, Verified>()

  async function verify(token: string): Promise<Verified> {
    const keyOf = ({ kid }: CompactJWSHeaderParameters): Uint8Array => {
      const key = keys.find(kid ?? '')
      if (key) return key.secret
      throw saysItIsOld(token, clock.now()) ? tokenExpired() : tokenInvalid()
    }
    try {
      const { payload, protectedHeader } = await compactVerify(token, keyOf, { algorithms: ['HS256'] })
      const claims = claimsSchema.parse(JSON.parse(new TextDecoder().decode(payload)))
      return { keyId: protectedHeader.kid ?? '', claims }
    } catch (error) {
      // Whatever is wrong with it, it is nobody's.
      throw error instanceof LaresError ? error : tokenInvalid()
    }
  }

  async function verified(token: string): Promise<Verified> {
    const known = cache.get(token)
    // The grace of its key may be over since.
    if (known && keys.find(known.keyId)) return known
    cache.delete(token)
    const found = await verify(token)
    const oldest = cache.size >= MOST_CACHED ? cache.keys().next().value : undefined
    if (oldest !== undefined) cache.delete(oldest)
    cache.set(token, found)
    return found
  }

  return {
    async issue(userId, sessionId) {
      const key = keys.current()
      const issuedAt = Math.floor(clock.now() / 1000)
      const expiresAt = issuedAt + settings.get(accessTokenMinutes) * 60
      const token = await new SignJWT({ sid: sessionId, typ: 'access' })
        .setProtectedHeader({ alg: 'HS256', kid: key.id })
        .setSubject(userId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(key.secret)
      return { token, expiresAt: expiresAt * 1000 }
    },
    async read(token) {
      const { claims } = await verified(token)
      const now = clock.now()
      const isExpired = claims.exp * 1000 <= now || claims.iat * 1000 > now + TOLERATED_MS
      return { userId: claims.sub, sessionId: claims.sid, expiresAt: claims.exp * 1000, isExpired }
    },
  }
}
