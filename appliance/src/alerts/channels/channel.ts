import type { Db, Trx } from '../../db/database.ts'
import type { ChannelId } from '../notice.ts'
import type { DueEntry } from '../outbox/outbox-store.ts'
import type { SendOutcome } from '../outbox/outcome.ts'

/** One place that a notice goes to. */
export interface ChannelTarget {
  /** Within the channel. */
  key: string
  /** Of `push_targets`, for browsers. */
  targetId: string | null
  /** Whom it tells: they must be allowed to know. null: a machine, which the owner lets know everything. */
  userId: string | null
  /** On whose behalf actions of the notice are done; null: there are none. */
  actsAs: string | null
  label: string
}

export interface SendOptions {
  ttlS: number
  signal: AbortSignal
}

/** One way out of the box. */
export interface Channel {
  readonly id: ChannelId
  /** Where a notice for these people goes; nowhere while the channel is off. Read in the transaction of its cause. */
  targets(trx: Trx, people: ReadonlySet<string>): Promise<ChannelTarget[]>
  /** What shares one fate: rows of a lane that hangs wait for each other, not those of another. */
  laneOf(entry: DueEntry): string
  /** Never rejects: what went wrong is the outcome. Ends by itself within its own limit, or at `signal`. */
  send(entry: DueEntry, options: SendOptions): Promise<SendOutcome>
  /** These targets took something: whatever was wrong with them is over. */
  noteDelivered(db: Db, entries: readonly DueEntry[], now: number): Promise<void>
  noteProblem(db: Db, entry: DueEntry, words: string): Promise<void>
  /** There is nobody there any more. */
  forget(db: Db, entry: DueEntry, words: string): Promise<void>
  open(): Promise<void>
  close(): Promise<void>
}

export type Channels = ReadonlyMap<ChannelId, Channel>
