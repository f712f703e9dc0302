import type { Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Database } from '../../db/database.ts'
import type { Channels } from '../channels/channel.ts'
import { markSent, noteAttempts, type DueEntry } from './outbox-store.ts'

export interface OutboxWriterDeps {
  database: Database
  clock: Clock
  log: Log
  channels: Channels
}

interface Delivered {
  entry: DueEntry
  resolve(): void
  reject(error: unknown): void
}

/**
 * Writes what happens to many rows at once in as few transactions as it can: while one is written, the next batch
 * gathers. A thousand phones mean dozens of writes, not thousands.
 */
export class OutboxWriter {
  readonly #deps: OutboxWriterDeps
  #begun: string[] = []
  #delivered: Delivered[] = []
  #isWriting = false

  constructor(deps: OutboxWriterDeps) {
    this.#deps = deps
  }

  /** An attempt more for each. Nobody waits for it: no write stands before a push. */
  noteBegun(ids: readonly string[]): void {
    this.#begun.push(...ids)
    void this.#write()
  }

  /** Resolves once it is written that this was taken. */
  noteDelivered(entry: DueEntry): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#delivered.push({ entry, resolve, reject })
      void this.#write()
    })
  }

  async #write(): Promise<void> {
    if (this.#isWriting) return
    this.#isWriting = true
    while (this.#begun.length > 0 || this.#delivered.length > 0) {
      const [begun, delivered] = [this.#begun, this.#delivered]
      this.#begun = []
      this.#delivered = []
      await this.#writeBatch(begun, delivered)
    }
    this.#isWriting = false
  }

  async #writeBatch(begun: readonly string[], delivered: readonly Delivered[]): Promise<void> {
    const { database, clock, log, channels } = this.#deps
    const now = clock.now()
    try {
      await database.transaction(async (trx) => {
        if (begun.length > 0) await noteAttempts(trx, begun)
        if (delivered.length === 0) return
        await markSent(
          trx,
          delivered.map(({ entry }) => entry.id),
          now,
        )
        const byChannel = Map.groupBy(delivered, ({ entry }) => entry.channel)
        for (const [channel, of] of byChannel)
          await channels.get(channel)?.noteDelivered(
            trx,
            of.map(({ entry }) => entry),
            now,
          )
      })
      for (const { resolve } of delivered) resolve()
    } catch (error) {
      if (begun.length > 0) log.warn({ err: messageOf(error) }, 'Could not note that alerts are being sent')
      for (const { reject } of delivered) reject(error)
    }
  }
}
