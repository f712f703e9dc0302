import type { Session } from '../api/accounts.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import { newToken, sha256Hex } from '../core/crypto.ts'
import { messageOf } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Database, Trx } from '../db/database.ts'
import type { Events } from '../events.ts'
import type { Principal } from '../http/route.ts'
import type { Settings } from '../settings/types.ts'
import { createSessionCache, type CachedSession } from './session-cache.ts'
import { createSessionEndings, type SessionEndings } from './session-endings.ts'
import { maxConcurrentSessions, sessionIdleHours, sessionLifetimeDays } from './settings.ts'
import * as store from './store.ts'
import type { StoredSession } from './store.ts'
import type { ClientMeta, OpenedSession } from './types.ts'

const HOUR_MS = 60 * 60_000
const DAY_MS = 24 * HOUR_MS
const DAY_S = 24 * 60 * 60
/** How often the database hears that a session is in use; also how late this process learns of `lares user reset`. */
const TOUCH_EVERY_MS = 60_000
const LONGEST_USER_AGENT = 256
/** Ended sessions tell for so long which places are known (login-delays). */
const ENDED_KEPT_MS = 90 * DAY_MS

export interface Sessions extends Omit<SessionEndings, 'announce'> {
  open(trx: Trx, userId: string, meta: ClientMeta): Promise<OpenedSession>
  authenticate(token: string, meta: ClientMeta): Promise<Principal | null>
  list(userId: string, currentId: string): Promise<Session[]>
  find(token: string): Promise<StoredSession | null>
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

function expiryOf(settings: Settings, createdAt: number, lastSeenAt: number): number {
  const idle = lastSeenAt + settings.get(sessionIdleHours) * HOUR_MS
  return Math.min(idle, createdAt + settings.get(sessionLifetimeDays) * DAY_MS)
}

function newSession({ clock, settings }: Deps, userId: string, token: string, meta: ClientMeta): StoredSession {
  const now = clock.now()
  return {
    id: newId(now),
    userId,
    tokenHash: sha256Hex(token),
    createdAt: now,
    lastSeenAt: now,
    expiresAt: expiryOf(settings, now, now),
    userAgent: meta.userAgent.slice(0, LONGEST_USER_AGENT),
    address: meta.address,
  }
}

/** Notes that a session is in use, at most once a minute. False when it has ended outside this process. */
async function touch(deps: Deps, cached: CachedSession, { address }: ClientMeta): Promise<boolean> {
  const { database, clock, log, settings } = deps
  const now = clock.now()
  // The distance, not the difference: a clock that was set back must not switch this off.
  if (Math.abs(now - cached.touchedAt) < TOUCH_EVERY_MS) return true
  cached.touchedAt = now
  const { id, createdAt } = cached.session
  const seen = { id, lastSeenAt: now, expiresAt: expiryOf(settings, createdAt, now), address }
  try {
    if (!(await store.touchSession(database.writer, seen))) return false
    cached.session = { ...cached.session, ...seen }
  } catch (error) {
    // A full disk must not sign people out.
    log.warn({ sessionId: id, err: messageOf(error) }, 'Cannot note that a session is in use')
  }
  return true
}

/** Signed-in browsers: random tokens of 256 bits, stored as hashes, cached while they are in use. */
export function createSessions(deps: Deps): Sessions {
  const { database, clock, settings } = deps
  const cache = createSessionCache(deps)
  const { announce, ...endings } = createSessionEndings({ ...deps, cache })

  async function makeRoom(trx: Trx, userId: string): Promise<void> {
    const open = await store.listSessions(trx, userId, clock.now())
    const surplus = open.length + 1 - settings.get(maxConcurrentSessions)
    for (const session of open.slice(0, Math.max(0, surplus)))
      await endings.endWithin(trx, session, 'too-many-sessions')
  }

  return {
    ...endings,
    async open(trx, userId, meta) {
      await makeRoom(trx, userId)
      const token = newToken()
      const session = newSession(deps, userId, token, meta)
      await store.insertSession(trx, session)
      return { token, sessionId: session.id, maxAgeS: settings.get(sessionLifetimeDays) * DAY_S }
    },
    async authenticate(token, meta) {
      const cached = await cache.find(sha256Hex(token))
      if (!cached) return null
      const { session, principal } = cached
      if (session.expiresAt <= clock.now()) {
        await endings.end(session.userId, session.id, 'expired')
        return null
      }
      if (await touch(deps, cached, meta)) return principal
      announce(session, 'ended')
      return null
    },
    find: (token) => store.findSession(database.reader, sha256Hex(token), clock.now()),
    async list(userId, currentId) {
      const sessions = await store.listSessions(database.reader, userId, clock.now())
      return sessions.map(({ id, userAgent, address, createdAt, lastSeenAt }) => {
        return { id, current: id === currentId, userAgent, address, createdAt, lastSeenAt }
      })
    },
    async sweep() {
      const now = clock.now()
      const expired = await store.listExpiredSessions(database.reader, now)
      await database.transaction(async (trx) => {
        for (const session of expired) await endings.endWithin(trx, session, 'expired')
        await store.deleteEndedSessions(trx, now - ENDED_KEPT_MS)
      })
    },
  }
}
