import type { Audit } from '../../audit/types.ts'
import type { Clock } from '../../core/clock.ts'
import { sha256Hex } from '../../core/crypto.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Database } from '../../db/database.ts'
import type { Settings } from '../../settings/types.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { CachedSession, SessionCache } from './session-cache.ts'
import type { SessionEndings } from './session-endings.ts'
import { idleMs, sessionRevoked } from './session-rules.ts'
import { changeSession, findSession, type SessionChange } from './session-store.ts'
import type { ClientMeta } from '../types.ts'

/** How often the database hears that a session is in use; also how late this process learns of `lares user reset`. */
const TOUCH_EVERY_MS = 60_000
const MOST_ADDRESSES = 50

export interface SessionCheck {
  /** The session while it lasts. Throws `unauthenticated` SESSION_REVOKED with the reason; ends what has run out. */
  live(sessionId: string): Promise<CachedSession>
  /** A session that turns up in another browser ends there and then (SEC-A8). Throws as `live`. */
  requireSameBrowser(cached: CachedSession, client: ClientMeta): Promise<void>
  /** Notes that it was used, at most once a minute. Throws as `live` when it was ended outside this process. */
  touch(cached: CachedSession, client: ClientMeta | null): Promise<void>
  isIdle(cached: CachedSession): boolean
}

interface Deps {
  database: Database
  clock: Clock
  log: Log
  audit: Audit
  settings: Settings
  cache: SessionCache
  endings: SessionEndings
  clockTrusted(): boolean
}

/** When somebody last used it, by the wall clock: never earlier than what is stored while that clock is not believed. */
function lastSeenAt({ clock, clockTrusted }: Deps, { session, activeAt }: CachedSession): number {
  const seen = clock.now() - (clock.monotonic() - activeAt)
  return clockTrusted() ? seen : Math.max(seen, session.lastSeenAt)
}

/** Writes the change and, for an address that is new, the record of it. False when the session has ended. */
async function write(
  deps: Deps,
  { session, principal }: CachedSession,
  change: SessionChange,
  client: ClientMeta | null,
): Promise<boolean> {
  const { database, audit } = deps
  const isQuiet = change.address === undefined && Math.abs((change.lastSeenAt ?? 0) - session.lastSeenAt) < 1_000
  // Nobody was there: only asks whether it still is in force.
  if (isQuiet) return (await findSession(database.writer, session.id))?.endedAt === null
  if (client === null || change.address === undefined) return changeSession(database.writer, session.id, change)
  return database.transaction(async (trx) => {
    await audit.record(trx, {
      ...{ type: 'session_address_changed', who: principal, address: client.address, userAgent: client.userAgent },
      resource: `session:${session.id}`,
      details: { before: session.address },
    })
    return changeSession(trx, session.id, change)
  })
}

export function createSessionCheck(deps: Deps): SessionCheck {
  const { database, clock, log, settings, cache, endings } = deps

  const isIdle = ({ session, activeAt }: CachedSession): boolean =>
    !session.trusted && clock.monotonic() - activeAt >= idleMs(settings)

  async function endAs(cached: CachedSession, reason: string, client?: ClientMeta): Promise<never> {
    const { id, userId } = cached.session
    const from = client && { address: client.address, userAgent: client.userAgent }
    await endings.end(userId, id, reason, from)
    throw sessionRevoked(reason)
  }

  /** Phones change their address all the time; each is noted once. */
  function newAddress({ addresses }: CachedSession, client: ClientMeta | null): { address?: string } {
    if (client === null || addresses.has(client.address) || addresses.size >= MOST_ADDRESSES) return {}
    addresses.add(client.address)
    return { address: client.address }
  }

  return {
    isIdle,
    async live(sessionId) {
      const found = await cache.find(sessionId)
      if (found.kind === 'ended') throw sessionRevoked(found.reason)
      const { cached } = found
      if (cached.session.expiresAt <= clock.now()) return endAs(cached, 'expired')
      return isIdle(cached) ? endAs(cached, 'idle') : cached
    },
    async requireSameBrowser(cached, client) {
      const { deviceHash, fingerprint } = cached.session
      const isSame = client.deviceToken !== null && sha256Hex(client.deviceToken) === deviceHash
      if (isSame && fingerprintOf(client.userAgent) === fingerprint) return
      await endAs(cached, 'device-changed', client)
    },
    async touch(cached, client) {
      const at = clock.monotonic()
      const address = newAddress(cached, client)
      if (at - cached.checkedAt < TOUCH_EVERY_MS && address.address === undefined) return
      cached.checkedAt = at
      const change = { lastSeenAt: lastSeenAt(deps, cached), ...address }
      try {
        if (await write(deps, cached, change, client)) {
          Object.assign(cached.session, change)
          return
        }
        const ended = await findSession(database.writer, cached.session.id)
        const reason = ended?.endedReason ?? 'account-removed'
        endings.announce(cached.session, reason)
        throw sessionRevoked(reason)
      } catch (error) {
        if (error instanceof LaresError && error.code === 'SESSION_REVOKED') throw error
        // A full disk must not sign people out.
        log.warn({ sessionId: cached.session.id, err: messageOf(error) }, 'Cannot note that a session is in use')
      }
    },
  }
}
