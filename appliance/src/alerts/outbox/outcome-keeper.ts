import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import type { Database } from '../../db/database.ts'
import type { Notices } from '../../health/types.ts'
import type { Channel, Channels } from '../channels/channel.ts'
import { endEntries, postpone, type DueEntry } from './outbox-store.ts'
import { OutboxWriter } from './outbox-writer.ts'
import type { SendOutcome } from './outcome.ts'

export interface OutcomeKeeperDeps {
  database: Database
  clock: Clock
  log: Log
  notices: Notices
  channels: Channels
}

export interface OutcomeKeeper {
  /** These are on their way. */
  begun(ids: readonly string[]): void
  /** Writes down what became of a row and of its target. `again`: it is queued for later. */
  keep(channel: Channel, entry: DueEntry, outcome: SendOutcome): Promise<'done' | 'again' | 'target-gone'>
  tellUndelivered(detail: string): void
}

const RETRY_AFTER_MS = [1_000, 3_000, 10_000, 30_000, 60_000] as const
export const UNDELIVERED_NOTICE = 'alerts.undelivered'

export function createOutcomeKeeper(deps: OutcomeKeeperDeps): OutcomeKeeper {
  const { database, clock, log, notices } = deps
  const writer = new OutboxWriter(deps)

  function tellUndelivered(detail: string): void {
    const title = 'An alert did not arrive'
    notices.raise({ id: UNDELIVERED_NOTICE, level: 'warning', title, detail, link: '/alerts/history' })
  }

  async function notTaken(
    channel: Channel,
    entry: DueEntry,
    outcome: Exclude<SendOutcome, { result: 'delivered' | 'gone' }>,
  ): Promise<boolean> {
    const nextTryAt = clock.now() + pauseBeforeNext(entry, outcome)
    const giveUp = outcome.result === 'refused' || nextTryAt >= entry.expiresAt
    await database.transaction(async (trx) => {
      if (giveUp) await endEntries(trx, [entry.id], 'failed', outcome.words)
      else await postpone(trx, entry.id, nextTryAt, outcome.words)
      await channel.noteProblem(trx, entry, outcome.words)
    })
    if (giveUp) tellUndelivered(`${entry.label}: ${outcome.words}`)
    return !giveUp
  }

  return {
    begun: (ids) => writer.noteBegun(ids),
    tellUndelivered,
    async keep(channel, entry, outcome) {
      if (outcome.result === 'delivered') {
        await writer.noteDelivered(entry)
        notices.clear(UNDELIVERED_NOTICE)
        return 'done'
      }
      const level = outcome.result === 'refused' && outcome.bug ? 'error' : 'warn'
      const where = { channel: entry.channel, target: entry.targetKey, label: entry.label }
      log[level]({ ...where, result: outcome.result, reason: outcome.words }, 'An alert was not taken')
      if (outcome.result !== 'gone') return (await notTaken(channel, entry, outcome)) ? 'again' : 'done'
      await database.transaction((trx) => channel.forget(trx, entry, outcome.words))
      return 'target-gone'
    },
  }
}

function pauseBeforeNext({ attempts }: DueEntry, outcome: SendOutcome): number {
  const own = RETRY_AFTER_MS[Math.min(attempts, RETRY_AFTER_MS.length - 1)] ?? 0
  return outcome.result === 'later' ? Math.max(own, outcome.afterMs ?? 0) : own
}
