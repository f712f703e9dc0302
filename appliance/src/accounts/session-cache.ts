import { ROLE_PERMISSIONS, ROLES, type Permission, type Role } from '../api/permissions.ts'
import type { Clock } from '../core/clock.ts'
import type { Database } from '../db/database.ts'
import type { Principal } from '../http/route.ts'
import { findSession, findUser, type StoredSession } from './store.ts'

const MOST_CACHED = 1_000

export interface CachedSession {
  session: StoredSession
  principal: Principal
  /** When the database last heard of it. */
  touchedAt: number
}

const PERMISSION_SETS = new Map<Role, ReadonlySet<Permission>>(
  ROLES.map((role) => [role, new Set(ROLE_PERMISSIONS[role])]),
)
const NOTHING: ReadonlySet<Permission> = new Set()

/** Sessions in use, so that a request costs no look-up in the database. */
export interface SessionCache {
  /** null when there is no such session, or it has ended or run out. */
  find(tokenHash: string): Promise<CachedSession | null>
  forget(sessionId: string): void
}

export function createSessionCache({ database, clock }: { database: Database; clock: Clock }): SessionCache {
  const cache = new Map<string, CachedSession>()
  /** Counts endings: what was looked up while one happened may be outdated and is looked up again. */
  let endings = 0

  function keep(tokenHash: string, cached: CachedSession): CachedSession {
    const oldest = cache.size >= MOST_CACHED ? cache.keys().next().value : undefined
    if (oldest !== undefined) cache.delete(oldest)
    cache.set(tokenHash, cached)
    return cached
  }

  async function load(tokenHash: string): Promise<CachedSession | null> {
    const before = endings
    const session = await findSession(database.reader, tokenHash, clock.now())
    const user = session && (await findUser(database.reader, session.userId))
    if (before !== endings) return load(tokenHash)
    if (!session || !user) return null
    const permissions = PERMISSION_SETS.get(user.role) ?? NOTHING
    const principal = { userId: user.id, username: user.username, sessionId: session.id, permissions }
    return keep(tokenHash, { session, principal, touchedAt: session.lastSeenAt })
  }

  return {
    find: async (tokenHash) => cache.get(tokenHash) ?? (await load(tokenHash)),
    forget(sessionId) {
      endings += 1
      for (const [hash, cached] of cache) if (cached.session.id === sessionId) cache.delete(hash)
    },
  }
}
