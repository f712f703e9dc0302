import type { Clock } from '../../core/clock.ts'
import type { Database } from '../../db/database.ts'
import type { Settings } from '../../settings/types.ts'
import type { SessionCache } from './session-cache.ts'
import type { SessionCheck } from './session-check.ts'
import type { SessionEndings } from './session-endings.ts'
import { corrected, idleMs, lifetimeMs } from './session-rules.ts'
import * as store from './session-store.ts'

const DAY_MS = 24 * 60 * 60_000
/** Ended sessions tell for so long why they ended, and which places are known (login-delays). */
const ENDED_KEPT_MS = 90 * DAY_MS
/** What is stored may be a minute old. */
const TOUCH_LAG_MS = 60_000

interface Deps {
  database: Database
  clock: Clock
  settings: Settings
  cache: SessionCache
  check: SessionCheck
  endings: SessionEndings
  clockTrusted(): boolean
}

/** Once a minute: ends what has run out, so that open streams are told; puts right what a wrong clock wrote. */
export function createSessionSweep({ database, clock, settings, cache, check, endings, clockTrusted }: Deps) {
  /** Why it is over; null: it is not. */
  function overFor(session: store.StoredSession): string | null {
    if (session.expiresAt <= clock.now()) return 'expired'
    const cached = cache.peek(session.id)
    if (cached) return check.isIdle(cached) ? 'idle' : null
    const quietMs = clock.now() - session.lastSeenAt
    return !session.trusted && quietMs >= idleMs(settings) + TOUCH_LAG_MS ? 'idle' : null
  }

  async function putRight(session: store.StoredSession): Promise<void> {
    const right = clockTrusted() ? corrected(session, clock.now(), lifetimeMs(settings)) : null
    if (!right) return
    await store.changeSession(database.writer, session.id, right)
    const cached = cache.peek(session.id)
    if (cached) Object.assign(cached.session, right)
  }

  return async (): Promise<void> => {
    for (const session of await store.listOpenSessions(database.reader)) {
      const reason = overFor(session)
      if (reason === null) await putRight(session)
      else await endings.end(session.userId, session.id, reason)
    }
    // Nothing is forgotten by a clock that is not set.
    if (!clockTrusted()) return
    const now = clock.now()
    await store.deleteEndedSessions(database.writer, now - ENDED_KEPT_MS)
    await store.deleteOldRefreshTokens(database.writer, now - DAY_MS, now - DAY_MS)
  }
}
