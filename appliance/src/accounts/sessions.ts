import type { Session } from '../api/accounts.ts'
import { ROLE_PERMISSIONS, ROLES, type Permission, type Role } from '../api/permissions.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import { newToken, sha256Hex } from '../core/crypto.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Database, Trx } from '../db/database.ts'
import type { Events } from '../events.ts'
import type { Principal } from '../http/route.ts'
import type { Settings } from '../settings/types.ts'
import { maxConcurrentSessions, sessionIdleHours, sessionLifetimeDays } from './settings.ts'
import * as store from './store.ts'
import type { StoredSession } from './store.ts'
import type { ClientMeta, OpenedSession } from './types.ts'

const HOUR_MS = 60 * 60_000
const DAY_MS = 24 * HOUR_MS
/** How often the database hears that a session is in use; also how late this process learns of `lares user reset`. */
const TOUCH_EVERY_MS = 60_000
const MOST_CACHED = 1_000
const LONGEST_USER_AGENT = 256
/** Ended sessions tell for so long which places are known (login-delays). */
const ENDED_KEPT_MS = 90 * DAY_MS

interface Cached {
  session: StoredSession
  principal: Principal
  /** When the database last heard of it. */
  touchedAt: number
}

export interface Sessions {
  open(trx: Trx, userId: string, meta: ClientMeta): Promise<OpenedSession>
  authenticate(token: string, meta: ClientMeta): Promise<Principal | null>
  list(userId: string, currentId: string): Promise<Session[]>
  find(token: string): Promise<StoredSession | null>
  /** Inside the caller's transaction; announced when it commits. */
  endWithin(trx: Trx, session: { id: string; userId: string }, reason: string): Promise<boolean>
  end(userId: string, sessionId: string, reason: string): Promise<void>
  endOthers(userId: string, keepId: string | null, reason: string, trx?: Trx): Promise<number>
  /** Ends what has run out, forgets what ended long ago. */
  sweep(): Promise<void>
}

interface Deps {
  database: Database
  clock: Clock
  log: Log
  bus: Bus<Events>
  settings: Settings
}

const PERMISSION_SETS = new Map<Role, ReadonlySet<Permission>>(
  ROLES.map((role) => [role, new Set(ROLE_PERMISSIONS[role])]),
)
const NOTHING: ReadonlySet<Permission> = new Set()

/** Signed-in browsers: random tokens of 256 bits, stored as hashes, cached while they are in use. */
export function createSessions({ database, clock, log, bus, settings }: Deps): Sessions {
  const cache = new Map<string, Cached>()
  /** Counts endings: a look-up that overlaps with one is not cached. */
  let endings = 0

  function expiryOf(createdAt: number, lastSeenAt: number): number {
    const idle = lastSeenAt + settings.get(sessionIdleHours) * HOUR_MS
    return Math.min(idle, createdAt + settings.get(sessionLifetimeDays) * DAY_MS)
  }

  function forget(session: { id: string; userId: string }, reason: string): void {
    endings += 1
    for (const [hash, cached] of cache) if (cached.session.id === session.id) cache.delete(hash)
    log.info({ sessionId: session.id, userId: session.userId, reason }, 'Session ended')
    bus.emit('session.ended', { sessionId: session.id, userId: session.userId, reason })
  }

  async function endWithin(trx: Trx, session: { id: string; userId: string }, reason: string): Promise<boolean> {
    const ended = await store.endSession(trx, session.id, clock.now(), reason)
    if (ended) database.afterCommit(trx, () => forget(session, reason))
    return ended
  }

  /** False when this user has no such session. */
  function end(userId: string, sessionId: string, reason: string): Promise<boolean> {
    return database.transaction(async (trx) => {
      const own = (await store.listSessions(trx, userId, 0)).some(({ id }) => id === sessionId)
      return own && endWithin(trx, { id: sessionId, userId }, reason)
    })
  }

  async function makeRoom(trx: Trx, userId: string): Promise<void> {
    const open = await store.listSessions(trx, userId, clock.now())
    const surplus = open.length + 1 - settings.get(maxConcurrentSessions)
    for (const session of open.slice(0, Math.max(0, surplus))) await endWithin(trx, session, 'too-many-sessions')
  }

  async function load(tokenHash: string): Promise<Cached | null> {
    const before = endings
    const now = clock.now()
    const session = await store.findSession(database.reader, tokenHash, now)
    if (!session) return null
    const user = await store.findUser(database.reader, session.userId)
    if (before !== endings) return load(tokenHash)
    if (!user) return null
    const permissions = PERMISSION_SETS.get(user.role) ?? NOTHING
    const principal = { userId: user.id, username: user.username, sessionId: session.id, permissions }
    const cached = { session, principal, touchedAt: session.lastSeenAt }
    const oldest = cache.size >= MOST_CACHED ? cache.keys().next().value : undefined
    if (oldest !== undefined) cache.delete(oldest)
    cache.set(tokenHash, cached)
    return cached
  }

  /** False when the session has ended outside this process. */
  async function touch(cached: Cached, meta: ClientMeta): Promise<boolean> {
    const now = clock.now()
    if (Math.abs(now - cached.touchedAt) < TOUCH_EVERY_MS) return true
    cached.touchedAt = now
    const { id, createdAt } = cached.session
    const seen = { id, lastSeenAt: now, expiresAt: expiryOf(createdAt, now), address: meta.address }
    try {
      if (!(await store.touchSession(database.writer, seen))) return false
      cached.session = { ...cached.session, ...seen }
    } catch (error) {
      // A full disk must not sign people out.
      log.warn({ sessionId: id, err: messageOf(error) }, 'Cannot note that a session is in use')
    }
    return true
  }

  return {
    endWithin,
    async open(trx, userId, meta) {
      await makeRoom(trx, userId)
      const now = clock.now()
      const token = newToken()
      const session = {
        id: newId(now),
        userId,
        tokenHash: sha256Hex(token),
        createdAt: now,
        lastSeenAt: now,
        expiresAt: expiryOf(now, now),
        userAgent: meta.userAgent.slice(0, LONGEST_USER_AGENT),
        address: meta.address,
      }
      await store.insertSession(trx, session)
      return { token, sessionId: session.id, maxAgeS: settings.get(sessionLifetimeDays) * (DAY_MS / 1000) }
    },
    async authenticate(token, meta) {
      const tokenHash = sha256Hex(token)
      const cached = cache.get(tokenHash) ?? (await load(tokenHash))
      if (!cached) return null
      if (cached.session.expiresAt <= clock.now()) {
        await end(cached.session.userId, cached.session.id, 'expired')
        return null
      }
      if (await touch(cached, meta)) return cached.principal
      forget(cached.session, 'ended')
      return null
    },
    find: (token) => store.findSession(database.reader, sha256Hex(token), clock.now()),
    async list(userId, currentId) {
      const sessions = await store.listSessions(database.reader, userId, clock.now())
      return sessions.map(({ id, userAgent, address, createdAt, lastSeenAt }) => {
        return { id, current: id === currentId, userAgent, address, createdAt, lastSeenAt }
      })
    },
    async end(userId, sessionId, reason) {
      if (!(await end(userId, sessionId, reason))) throw new LaresError('not-found', 'This session is not there any more.')
    },
    async endOthers(userId, keepId, reason, outer) {
      const work = async (trx: Trx): Promise<number> => {
        const others = (await store.listSessions(trx, userId, 0)).filter(({ id }) => id !== keepId)
        for (const session of others) await endWithin(trx, session, reason)
        return others.length
      }
      return outer ? work(outer) : database.transaction(work)
    },
    async sweep() {
      const now = clock.now()
      const expired = await store.listExpiredSessions(database.reader, now)
      await database.transaction(async (trx) => {
        for (const session of expired) await endWithin(trx, session, 'expired')
        await store.deleteEndedSessions(trx, now - ENDED_KEPT_MS)
      })
    },
  }
}
