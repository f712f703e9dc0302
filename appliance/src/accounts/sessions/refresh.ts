import type { Audit } from '../../audit/types.ts'
import type { Clock } from '../../core/clock.ts'
import { newToken, sha256Hex } from '../../core/crypto.ts'
import type { Database, Trx } from '../../db/database.ts'
import type { IssuedTokens } from '../../http/route.ts'
import type { Settings } from '../../settings/types.ts'
import { tokenInvalid, type AccessTokens } from './access-token.ts'
import type { CachedSession } from './session-cache.ts'
import type { SessionCheck } from './session-check.ts'
import type { SessionEndings } from './session-endings.ts'
import { lifetimeMs, sessionRevoked } from './session-rules.ts'
import * as store from './session-store.ts'
import type { ClientMeta } from '../types.ts'

/** What tokens are made for. */
export type TokenSession = Pick<store.StoredSession, 'id' | 'userId' | 'expiresAt'>

export interface MadeTokens {
  tokens: IssuedTokens
  accessExpiresAt: number
}

/** Refresh tokens: each works once, and hands out the next one (SEC-A6). */
export interface Refresh {
  /** A new pair; within the transaction that opens or changes the session. */
  issue(trx: Trx, session: TokenSession, device: string | null): Promise<MadeTokens>
  /** A new pair in place of the old one, which counts as used from now on. */
  renew(trx: Trx, session: TokenSession): Promise<MadeTokens>
  /**
   * Throws `unauthenticated` TOKEN_INVALID, or SESSION_REVOKED with the reason. A token that was used before ends its
   * session: two hold it, and one of them is a thief.
   */
  refresh(token: string | null, client: ClientMeta): Promise<MadeTokens & { cached: CachedSession }>
}

interface Deps {
  database: Database
  clock: Clock
  audit: Audit
  settings: Settings
  accessTokens: AccessTokens
  check: SessionCheck
  endings: SessionEndings
}

export function createRefresh(deps: Deps): Refresh {
  const { database, clock, audit, settings, accessTokens, check, endings } = deps

  const issue: Refresh['issue'] = async (trx, session, device) => {
    const now = clock.now()
    const refresh = newToken()
    const row = { sessionId: session.id, createdAt: now, expiresAt: session.expiresAt, usedAt: null }
    await store.insertRefreshToken(trx, { ...row, tokenHash: sha256Hex(refresh) })
    const access = await accessTokens.issue(session.userId, session.id)
    // Cookies outlive what is in them: the box says "renew" or why it is over, instead of "who are you?", and a phone
    // that is trusted on its last day has them the day after.
    const maxAgeS = Math.ceil((Math.max(0, session.expiresAt - now) + lifetimeMs(settings)) / 1000)
    return {
      tokens: { access: access.token, accessMaxAgeS: maxAgeS, refresh, refreshMaxAgeS: maxAgeS, device },
      accessExpiresAt: access.expiresAt,
    }
  }

  /** A trusted phone stays signed in for as long as it comes back; never shortened by a clock that is not set. */
  async function slide(trx: Trx, { session }: CachedSession): Promise<number> {
    if (!session.trusted) return session.expiresAt
    const expiresAt = Math.max(session.expiresAt, clock.now() + lifetimeMs(settings))
    await store.changeSession(trx, session.id, { expiresAt })
    return expiresAt
  }

  return {
    issue,
    async renew(trx, session) {
      await store.retireRefreshTokens(trx, session.id, clock.now())
      return issue(trx, session, null)
    },
    async refresh(token, client) {
      const tokenHash = sha256Hex(token ?? '')
      const stored = token === null ? null : await store.findRefreshToken(database.writer, tokenHash)
      if (!stored) throw tokenInvalid()
      const cached = await check.live(stored.sessionId)
      const { session, principal } = cached
      const from = { address: client.address, userAgent: client.userAgent }
      if (stored.usedAt === null) await check.requireSameBrowser(cached, client)
      const made = await database.transaction(async (trx) => {
        if (!(await store.takeRefreshToken(trx, tokenHash, clock.now()))) {
          await endings.endWithin(trx, session, 'token-reuse', from)
          return null
        }
        const expiresAt = await slide(trx, cached)
        const resource = `session:${session.id}`
        await audit.record(trx, { ...from, type: 'token_refresh', who: principal, resource })
        const next = await issue(trx, { ...session, expiresAt }, client.deviceToken)
        database.afterCommit(trx, () => {
          session.expiresAt = expiresAt
        })
        return next
      })
      if (!made) throw sessionRevoked('token-reuse')
      return { ...made, cached }
    },
  }
}
