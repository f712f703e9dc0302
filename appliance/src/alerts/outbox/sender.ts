import { sleep, type Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Part } from '../../core/part.ts'
import { supervise, type Loop } from '../../core/supervise.ts'
import type { Database } from '../../db/database.ts'
import type { Notices } from '../../health/types.ts'
import type { Channels } from '../channels/channel.ts'
import { createOutcomeKeeper, type OutcomeKeeper } from './outcome-keeper.ts'
import { SendSlots } from './send-slots.ts'
import * as store from './outbox-store.ts'

export interface SenderDeps {
  database: Database
  clock: Clock
  log: Log
  notices: Notices
  channels: Channels
}

/** More than what one slow push service can hold up. */
const SCAN_LIMIT = 2_000
const IDLE_PAUSE_MS = 60_000
/** What is on its way when the box stops has this long to arrive. */
const GRACE_MS = 2_000
const HISTORY_MS = 30 * 24 * 60 * 60 * 1000
const HISTORY_EVERY_MS = 60 * 60 * 1000

/** Empties the outbox. */
export class Sender implements Part {
  readonly name = 'alert sender'
  readonly #deps: SenderDeps
  readonly #keeper: OutcomeKeeper
  readonly #slots: SendSlots
  readonly #loop: Loop
  #stopping = new AbortController()
  #nextPauseMs = IDLE_PAUSE_MS
  #mayBeMore = false
  #historyAt = -Infinity

  constructor(deps: SenderDeps) {
    const { clock, log } = deps
    this.#deps = deps
    this.#keeper = createOutcomeKeeper(deps)
    this.#slots = new SendSlots({
      send: (entry, onAnswer) => this.#send(entry, onAnswer),
      onBegun: (ids) => this.#keeper.begun(ids),
      onEmpty: () => {
        if (this.#mayBeMore) this.#loop.wake()
      },
    })
    const runOnce = (): Promise<void> => this.#scan()
    this.#loop = supervise({ name: 'alerts: outbox', clock, log, runOnce, pauseMs: () => this.#nextPauseMs })
  }

  /** Something was queued: look at once. */
  wake(): void {
    this.#loop.wake()
  }

  async start(): Promise<void> {
    this.#stopping = new AbortController()
    this.#slots.open()
    for (const channel of this.#deps.channels.values()) await channel.open()
    await this.#loop.start()
  }

  async stop(): Promise<void> {
    await this.#loop.stop()
    const ended = this.#slots.close()
    const inTime = new AbortController()
    await Promise.race([ended, sleep(this.#deps.clock, GRACE_MS, inTime.signal)])
    inTime.abort()
    this.#stopping.abort()
    await ended
    for (const channel of this.#deps.channels.values()) await channel.close()
  }

  /** What is due is sent first; tidying up comes after. */
  async #scan(): Promise<void> {
    const { database, clock, channels } = this.#deps
    this.#slots.scanBegins()
    const now = clock.now()
    const due = await store.listDue(database.reader, now, SCAN_LIMIT)
    this.#mayBeMore = due.length === SCAN_LIMIT
    for (const entry of due)
      this.#slots.offer(entry, (each) => channels.get(each.channel)?.laneOf(each) ?? each.channel)
    this.#slots.begin()
    const dropped = await store.dropExpired(database.writer, now)
    if (dropped > 0) this.#keeper.tellUndelivered(`Too old by the time they could be sent: ${dropped}.`)
    await this.#forgetHistory(now)
    const nextAt = await store.nextDueAt(database.reader)
    // What is due now is begun, or begins when something under way ends.
    this.#nextPauseMs = nextAt === null || nextAt <= now ? IDLE_PAUSE_MS : Math.min(IDLE_PAUSE_MS, nextAt - now)
  }

  async #forgetHistory(now: number): Promise<void> {
    const { clock, database } = this.#deps
    if (clock.monotonic() - this.#historyAt < HISTORY_EVERY_MS) return
    this.#historyAt = clock.monotonic()
    await store.deleteHistory(database.writer, now - HISTORY_MS)
  }

  async #send(entry: store.DueEntry, onAnswer: () => void): Promise<void> {
    const { clock, channels, log } = this.#deps
    const { signal } = this.#stopping
    const channel = channels.get(entry.channel)
    const ttlS = Math.ceil((entry.expiresAt - clock.now()) / 1000)
    if (!channel || ttlS <= 0) return
    try {
      const outcome = await channel.send(entry, { ttlS, signal })
      onAnswer()
      // Stopped in the middle: the row stays queued, the next start sends it.
      if (outcome.result === 'later' && signal.aborted) return
      const kept = await this.#keeper.keep(channel, entry, outcome)
      if (kept === 'again') this.#loop.wake()
      if (kept === 'target-gone' && entry.target !== null) this.#slots.forgetTarget(entry.target.id)
    } catch (error) {
      // Not forgotten: the row is still queued and a later scan sees it.
      log.error({ err: messageOf(error), target: entry.targetKey }, 'Could not keep what became of an alert')
    }
  }
}
