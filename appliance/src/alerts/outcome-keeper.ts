import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { Database } from '../db/database.ts'
import type { Notices } from '../health/types.ts'
import { OutboxWriter } from './outbox-writer.ts'
import type { PushOutcome } from './push-outcome.ts'
import * as store from './store.ts'

export interface OutcomeKeeperDeps {
  database: Database
  clock: Clock
  log: Log
  notices: Notices
}

export interface OutcomeKeeper {
  /** These are on their way. */
  begun(ids: readonly string[]): void
  /** Writes down what became of a row and of its target. `again`: it is queued for later. */
  keep(entry: store.DueEntry, outcome: PushOutcome): Promise<'done' | 'again' | 'target-gone'>
  tellUndelivered(detail: string): void
}

const RETRY_AFTER_MS = [1_000, 3_000, 10_000, 30_000, 60_000] as const
export const UNDELIVERED_NOTICE = 'alerts.undelivered'

export function createOutcomeKeeper({ database, clock, log, notices }: OutcomeKeeperDeps): OutcomeKeeper {
  const writer = new OutboxWriter({ database, clock, log })

  function tellUndelivered(detail: string): void {
    const title = 'An alert did not reach a phone'
    notices.raise({ id: UNDELIVERED_NOTICE, level: 'warning', title, detail, link: '/more/notifications' })
  }

  async function notTaken(
    entry: store.DueEntry,
    outcome: Exclude<PushOutcome, { result: 'delivered' | 'gone' }>,
  ): Promise<boolean> {
    const { id, target } = entry
    const nextTryAt = clock.now() + pauseBeforeNext(entry, outcome)
    const tooLate = nextTryAt >= entry.createdAt + entry.ttlS * 1000
    const giveUp = outcome.result === 'refused' || tooLate
    await database.transaction(async (trx) => {
      if (giveUp) await store.markFailed(trx, id, outcome.words)
      else await store.postpone(trx, id, nextTryAt, outcome.words)
      await store.noteTargetProblem(trx, target.id, outcome.words)
    })
    if (giveUp) tellUndelivered(`${target.label}: ${outcome.words}`)
    return !giveUp
  }

  return {
    begun: (ids) => writer.noteBegun(ids),
    tellUndelivered,
    async keep(entry, outcome) {
      if (outcome.result === 'delivered') {
        await writer.noteDelivered(entry)
        notices.clear(UNDELIVERED_NOTICE)
        return 'done'
      }
      const { id, label } = entry.target
      const level = outcome.result === 'refused' && outcome.bug ? 'error' : 'warn'
      log[level]({ target: id, label, result: outcome.result, reason: outcome.words }, 'An alert was not taken')
      if (outcome.result !== 'gone') return (await notTaken(entry, outcome)) ? 'again' : 'done'
      await store.deleteTarget(database.writer, id, null)
      return 'target-gone'
    },
  }
}

function pauseBeforeNext({ attempts }: store.DueEntry, outcome: PushOutcome): number {
  const own = RETRY_AFTER_MS[Math.min(attempts, RETRY_AFTER_MS.length - 1)] ?? 0
  return outcome.result === 'later' ? Math.max(own, outcome.afterMs ?? 0) : own
}
