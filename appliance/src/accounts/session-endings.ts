import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { Database, Trx } from '../db/database.ts'
import type { Events } from '../events.ts'
import type { SessionCache } from './session-cache.ts'
import { endSession, listSessions } from './store.ts'

export interface SessionRef {
  id: string
  userId: string
}

export interface SessionEndings {
  /** Inside the caller's transaction; announced when it commits. False when it had ended already. */
  endWithin(trx: Trx, session: SessionRef, reason: string): Promise<boolean>
  /** False when this user has no such session. */
  end(userId: string, sessionId: string, reason: string): Promise<boolean>
  /** Ends all of a user's sessions but `keepId`; returns how many. In its own transaction when none is given. */
  endOthers(userId: string, keepId: string | null, reason: string, trx?: Trx): Promise<number>
  /** For one that was found ended in the database: the rest of the box learns of it. */
  announce(session: SessionRef, reason: string): void
}

interface Deps {
  database: Database
  clock: Clock
  log: Log
  bus: Bus<Events>
  cache: SessionCache
}

export function createSessionEndings({ database, clock, log, bus, cache }: Deps): SessionEndings {
  function announce({ id, userId }: SessionRef, reason: string): void {
    cache.forget(id)
    log.info({ sessionId: id, userId, reason }, 'Session ended')
    bus.emit('session.ended', { sessionId: id, userId, reason })
  }

  async function endWithin(trx: Trx, session: SessionRef, reason: string): Promise<boolean> {
    const ended = await endSession(trx, session.id, clock.now(), reason)
    if (ended) database.afterCommit(trx, () => announce(session, reason))
    return ended
  }

  return {
    announce,
    endWithin,
    end: (userId, sessionId, reason) =>
      database.transaction(async (trx) => {
        const own = (await listSessions(trx, userId, 0)).some(({ id }) => id === sessionId)
        return own && endWithin(trx, { id: sessionId, userId }, reason)
      }),
    async endOthers(userId, keepId, reason, outer) {
      const work = async (trx: Trx): Promise<number> => {
        const others = (await listSessions(trx, userId, 0)).filter(({ id }) => id !== keepId)
        for (const session of others) await endWithin(trx, session, reason)
        return others.length
      }
      return outer ? work(outer) : database.transaction(work)
    },
  }
}
