import type { Clock } from '../core/clock.ts'
import { sleep } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Part } from '../core/part.ts'
import { supervise } from '../core/supervise.ts'
import type { Database } from '../db/database.ts'
import type { Notices } from '../health/types.ts'
import type { Deliverer } from './deliver.ts'
import type { PushOutcome } from './push-outcome.ts'
import * as store from './store.ts'

export interface SenderDeps {
  database: Database
  clock: Clock
  log: Log
  notices: Notices
  deliverer: Deliverer
}

/** Empties the outbox. */
export interface Sender extends Part {
  /** Something was queued: look at once. */
  wake(): void
}

const CONCURRENCY = 8
/** One push service that hangs must leave room for the others. */
const CONCURRENCY_PER_ORIGIN = 6
const SCAN_LIMIT = 200
const IDLE_PAUSE_MS = 60_000
const GRACE_MS = 2_000
const RETRY_AFTER_MS = [1_000, 3_000, 10_000, 30_000, 60_000] as const
const HISTORY_MS = 30 * 24 * 60 * 60 * 1000
const HISTORY_EVERY_MS = 60 * 60 * 1000
export const UNDELIVERED_NOTICE = 'alerts.undelivered'

export function createSender(deps: SenderDeps): Sender {
  const { database, clock, log, notices, deliverer } = deps
  /** Read from the outbox, not begun; each with the push service it goes to. */
  const waiting = new Map<string, { entry: store.DueEntry; origin: string }>()
  /** Begun: id of the row → its end. */
  const underWay = new Map<string, Promise<void>>()
  /** Ended since the last scan began: what that scan reads of them may be a moment old. */
  const justEnded = new Set<string>()
  const perOrigin = new Map<string, number>()
  let stopping = new AbortController()
  let nextPauseMs = IDLE_PAUSE_MS
  let mayBeMore = false
  let historyAt = -Infinity

  async function scan(): Promise<void> {
    justEnded.clear()
    const now = clock.now()
    const dropped = await store.dropExpired(database.writer, now)
    if (dropped > 0) undelivered(`${dropped} alerts were too old to be sent by the time that was possible.`)
    await forgetHistory(now)
    const due = await store.listDue(database.reader, now, SCAN_LIMIT)
    mayBeMore = due.length === SCAN_LIMIT
    for (const entry of due) {
      if (underWay.has(entry.id) || justEnded.has(entry.id) || waiting.has(entry.id)) continue
      waiting.set(entry.id, { entry, origin: deliverer.originOf(entry.target) })
    }
    begin()
    const nextAt = await store.nextDueAt(database.reader)
    // What is due now is begun, or begins when something under way ends.
    nextPauseMs = nextAt === null || nextAt <= now ? IDLE_PAUSE_MS : Math.min(IDLE_PAUSE_MS, nextAt - now)
  }

  async function forgetHistory(now: number): Promise<void> {
    if (clock.monotonic() - historyAt < HISTORY_EVERY_MS) return
    historyAt = clock.monotonic()
    await store.deleteHistory(database.writer, now - HISTORY_MS)
  }

  /** Begins as many as there is room for. The attempt is noted while the request is already on its way. */
  function begin(): void {
    const begun: store.DueEntry[] = []
    for (const { entry, origin } of waiting.values()) {
      if (underWay.size >= CONCURRENCY || stopping.signal.aborted) break
      const busy = perOrigin.get(origin) ?? 0
      if (busy >= CONCURRENCY_PER_ORIGIN) continue
      waiting.delete(entry.id)
      perOrigin.set(origin, busy + 1)
      const end = send(entry).finally(() => ended(entry, origin))
      underWay.set(entry.id, end)
      begun.push(entry)
    }
    if (begun.length > 0) noteAttempts(begun.map(({ id }) => id))
  }

  function noteAttempts(ids: readonly string[]): void {
    store.noteAttempts(database.writer, ids).catch((error: unknown) => {
      log.warn({ err: messageOf(error) }, 'Could not note that alerts are being sent')
    })
  }

  function ended(entry: store.DueEntry, origin: string): void {
    underWay.delete(entry.id)
    justEnded.add(entry.id)
    perOrigin.set(origin, (perOrigin.get(origin) ?? 1) - 1)
    begin()
    if (waiting.size === 0 && mayBeMore) loop.wake()
  }

  async function send(entry: store.DueEntry): Promise<void> {
    const { target, payload, urgency, topic } = entry
    try {
      const leftMs = entry.createdAt + entry.ttlS * 1000 - clock.now()
      if (leftMs <= 0) return void loop.wake()
      const ttlS = Math.ceil(leftMs / 1000)
      const outcome = await deliverer.deliver(target, payload, { urgency, topic, ttlS, signal: stopping.signal })
      // Stopped in the middle: the row stays queued, the next start sends it.
      if (outcome.result === 'later' && stopping.signal.aborted) return
      await keepOutcome(entry, outcome)
    } catch (error) {
      log.error({ err: messageOf(error), target: target.id }, 'Could not keep what became of an alert')
      // Not forgotten: the row is still queued and the next scan sees it.
    }
  }

  async function keepOutcome(entry: store.DueEntry, outcome: PushOutcome): Promise<void> {
    const { id, target } = entry
    const now = clock.now()
    if (outcome.result === 'delivered') {
      await database.transaction(async (trx) => {
        await store.markSent(trx, id, now)
        await store.noteTargetDelivered(trx, target.id, now)
      })
      return notices.clear(UNDELIVERED_NOTICE)
    }
    log.warn(
      { target: target.id, label: target.label, result: outcome.result, reason: outcome.words },
      'An alert was not taken',
    )
    if (outcome.result === 'gone') return forgetTarget(target.id)
    const nextTryAt = now + pauseBeforeNext(entry, outcome)
    const tooLate = nextTryAt >= entry.createdAt + entry.ttlS * 1000
    const giveUp = outcome.result === 'refused' || tooLate
    await database.transaction(async (trx) => {
      if (giveUp) await store.markFailed(trx, id, outcome.words)
      else await store.postpone(trx, id, nextTryAt, outcome.words)
      await store.noteTargetProblem(trx, target.id, outcome.words)
    })
    if (giveUp) undelivered(`${target.label}: ${outcome.words}`)
    else loop.wake()
  }

  async function forgetTarget(targetId: string): Promise<void> {
    for (const [id, { entry }] of waiting) if (entry.target.id === targetId) waiting.delete(id)
    await store.deleteTarget(database.writer, targetId, null)
  }

  function undelivered(detail: string): void {
    notices.raise({
      id: UNDELIVERED_NOTICE,
      level: 'warning',
      title: 'An alert did not reach a phone',
      detail,
      link: '/more/notifications',
    })
  }

  const loop = supervise({ name: 'alerts: outbox', clock, log, runOnce: scan, pauseMs: () => nextPauseMs })
  return {
    name: 'alert sender',
    wake: () => loop.wake(),
    async start() {
      stopping = new AbortController()
      await loop.start()
    },
    async stop() {
      await loop.stop()
      waiting.clear()
      const ends = Promise.allSettled(underWay.values())
      const inTime = new AbortController()
      await Promise.race([ends, sleep(clock, GRACE_MS, inTime.signal)])
      inTime.abort()
      stopping.abort()
      await ends
      deliverer.close()
    },
  }
}

function pauseBeforeNext({ attempts }: store.DueEntry, outcome: PushOutcome): number {
  const own = RETRY_AFTER_MS[Math.min(attempts, RETRY_AFTER_MS.length - 1)] ?? 0
  return outcome.result === 'later' ? Math.max(own, outcome.afterMs ?? 0) : own
}
