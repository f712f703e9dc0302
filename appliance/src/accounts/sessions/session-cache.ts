import type { Clock } from '../../core/clock.ts'
import type { Database } from '../../db/database.ts'
import type { Principal } from '../../http/route.ts'
import { findSession, type StoredSession } from './session-store.ts'
import { findUser } from '../people/user-store.ts'

const MOST_CACHED = 1_000

export interface CachedSession {
  session: StoredSession
  principal: Principal
  /** When somebody last used it, by the clock that never jumps. */
  activeAt: number
  /** When the database last heard or was asked, by the same clock. */
  checkedAt: number
  /** When the newest access token that was seen runs out. */
  accessExpiresAt: number
  /** From where it was used since this process knows it. */
  addresses: Set<string>
}

export type Found = { kind: 'open'; cached: CachedSession } | { kind: 'ended'; reason: string }

/** Sessions in use, so that a request costs no look-up in the database. */
export interface SessionCache {
  /** Without a look-up. */
  peek(sessionId: string): CachedSession | undefined
  find(sessionId: string): Promise<Found>
  forget(sessionId: string): void
}

export function createSessionCache({ database, clock }: { database: Database; clock: Clock }): SessionCache {
  const cache = new Map<string, CachedSession>()
  /** Counts endings: what was looked up while one happened may be outdated and is looked up again. */
  let endings = 0

  function keep(cached: CachedSession): CachedSession {
    const oldest = cache.size >= MOST_CACHED ? cache.keys().next().value : undefined
    if (oldest !== undefined) cache.delete(oldest)
    cache.set(cached.session.id, cached)
    return cached
  }

  async function load(sessionId: string): Promise<Found> {
    const before = endings
    const session = await findSession(database.reader, sessionId)
    const user = session && (await findUser(database.reader, session.userId))
    if (before !== endings) return load(sessionId)
    if (!session) return { kind: 'ended', reason: 'account-removed' }
    if (session.endedAt !== null) return { kind: 'ended', reason: session.endedReason ?? 'signed-out' }
    if (!user) return { kind: 'ended', reason: 'account-disabled' }
    const known = cache.get(sessionId)
    if (known) return { kind: 'open', cached: known }
    const principal: Principal = {
      ...{ kind: 'session', userId: user.id, username: user.username, role: user.role, sessionId },
      permissions: new Set(user.permissions),
      cameras: user.cameras === null ? null : new Set(user.cameras),
      freshUntil: session.freshUntil,
    }
    const since = Math.max(0, clock.now() - session.lastSeenAt)
    const at = clock.monotonic()
    const addresses = new Set([session.address])
    const times = { activeAt: at - since, checkedAt: at, accessExpiresAt: 0 }
    return { kind: 'open', cached: keep({ session, principal, addresses, ...times }) }
  }

  return {
    peek: (sessionId) => cache.get(sessionId),
    async find(sessionId) {
      const cached = cache.get(sessionId)
      return cached ? { kind: 'open', cached } : load(sessionId)
    },
    forget(sessionId) {
      endings += 1
      cache.delete(sessionId)
    },
  }
}
