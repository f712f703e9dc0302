import type { Audit, AuditEvent, AuditType } from '../../audit/types.ts'
import type { Bus } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import type { Database, Trx } from '../../db/database.ts'
import type { Events } from '../../events.ts'
import type { SessionCache } from './session-cache.ts'
import { endSession, findOwner, findSession, listUserSessions } from './session-store.ts'

export interface SessionRef {
  id: string
  userId: string
}

/** From where the request came that ended it. */
export type EndedFrom = Pick<AuditEvent, 'address' | 'userAgent'>

export interface SessionEndings {
  /** Inside the caller's transaction; announced when it commits. False when it had ended already. */
  endWithin(trx: Trx, session: SessionRef, reason: string, from?: EndedFrom): Promise<boolean>
  /** False when this user has no such session. */
  end(userId: string, sessionId: string, reason: string, from?: EndedFrom): Promise<boolean>
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
  audit: Audit
  cache: SessionCache
}

const TYPES: Readonly<Record<string, AuditType>> = {
  'signed-out': 'logout',
  idle: 'session_expired',
  expired: 'session_expired',
  'device-changed': 'session_device_changed',
  'token-reuse': 'token_reuse',
}
const ALARMING: ReadonlySet<string> = new Set(['device-changed', 'token-reuse'])

export function createSessionEndings({ database, clock, log, bus, audit, cache }: Deps): SessionEndings {
  function announce({ id, userId }: SessionRef, reason: string): void {
    cache.forget(id)
    const fields = { sessionId: id, userId, reason }
    if (ALARMING.has(reason)) log.warn(fields, 'Session ended')
    else log.info(fields, 'Session ended')
    bus.emit('session.ended', { sessionId: id, userId, reason })
  }

  async function endWithin(trx: Trx, session: SessionRef, reason: string, from?: EndedFrom): Promise<boolean> {
    if (!(await endSession(trx, session.id, clock.now(), reason))) return false
    const owner = await findOwner(trx, session.userId)
    await audit.record(trx, {
      ...from,
      type: TYPES[reason] ?? 'session_revoked',
      severity: ALARMING.has(reason) ? 'WARNING' : 'INFO',
      who: owner && { userId: session.userId, ...owner, sessionId: session.id },
      resource: `session:${session.id}`,
      details: { reason },
    })
    database.afterCommit(trx, () => announce(session, reason))
    return true
  }

  return {
    announce,
    endWithin,
    end: (userId, sessionId, reason, from) =>
      database.transaction(async (trx) => {
        const session = await findSession(trx, sessionId)
        return session?.userId === userId && endWithin(trx, { id: sessionId, userId }, reason, from)
      }),
    async endOthers(userId, keepId, reason, outer) {
      const work = async (trx: Trx): Promise<number> => {
        const others = (await listUserSessions(trx, userId)).filter(({ id }) => id !== keepId)
        for (const session of others) await endWithin(trx, session, reason)
        return others.length
      }
      return outer ? work(outer) : database.transaction(work)
    },
  }
}
