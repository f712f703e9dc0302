import type { Kysely, Transaction } from 'kysely'
import type { Tables } from './tables/index.ts'

/** Handle that store functions take first: a transaction, the writer or a reader. */
export type Db = Kysely<Tables> | Transaction<Tables>
export type Trx = Transaction<Tables>

export interface Database {
  /** One connection; writes and what must see them at once. */
  readonly writer: Kysely<Tables>
  /** Read-only pool. */
  readonly reader: Kysely<Tables>
  /**
   * Runs `work` in one transaction. Functions given to `afterCommit` run only if it committed (that is where events
   * are emitted). Inside, use only `trx`, never the outer handle.
   */
  transaction<T>(work: (trx: Trx, afterCommit: (run: () => void) => void) => Promise<T>): Promise<T>
  /** The same for a function that was only handed `trx`. Throws `internal` when `trx` is not one that is under way. */
  afterCommit(trx: Trx, run: () => void): void
  close(): Promise<void>
}
