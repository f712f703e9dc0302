import type { Clock } from '../../core/clock.ts'
import { sha256Hex } from '../../core/crypto.ts'
import { LaresError } from '../../core/errors.ts'
import type { Database } from '../../db/database.ts'
import { addFailure, clearFailures, readFailures, removeFailure } from '../store.ts'

const LONGEST_DELAY_MS = 15 * 60_000
/** A day of quiet forgives. */
export const FORGIVEN_AFTER_MS = 24 * 60 * 60_000

/** How long to wait after `failures` wrong tries in a row: nothing at first, then 2 s, 4 s, 8 s … up to 15 minutes. */
export function delayAfterMs(failures: number, freeFailures: number): number {
  if (failures < freeFailures) return 0
  return Math.min(LONGEST_DELAY_MS, 2_000 * 2 ** (failures - freeFailures))
}

/** Key under which failures of an account are counted. */
export const accountKey = (username: string): string => `account:${username}`
export const accountKeyHash = (username: string): string => sha256Hex(accountKey(username))

export interface LoginAttempt {
  /** Everything was right: the counters start again at 0. */
  succeeded(): Promise<void>
  /** Nothing was wrong so far, but it was no sign-in either: this try does not count. */
  undecided(): Promise<void>
}

export interface LoginDelays {
  /**
   * Counts a try before it is checked, so that a burst of parallel tries gains nothing. Throws `too-many` with
   * `retryAfterS` while one of the keys has to wait (SEC-A12).
   */
  begin(keys: readonly string[]): Promise<LoginAttempt>
}

interface Deps {
  database: Database
  clock: Clock
  freeFailures(): number
}

const waitError = (waitMs: number): LaresError => {
  const seconds = Math.ceil(waitMs / 1000)
  const words = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
  return new LaresError('too-many', `Too many wrong tries. Please wait ${words} and try again.`, {
    retryAfterS: seconds,
  })
}

/** Growing delays per account, per address and per signed-in browser; kept in the database, so a restart forgives nothing. */
export function createLoginDelays({ database, clock, freeFailures }: Deps): LoginDelays {
  return {
    async begin(keys) {
      const hashes = keys.map(sha256Hex)
      const now = clock.now()
      const before = await database.transaction(async (trx) => {
        const rows = await readFailures(trx, hashes, now - FORGIVEN_AFTER_MS)
        const waits = rows.map(({ failures, lastFailedAt }) => {
          // A clock that was set back must not turn seconds into years.
          const since = Math.max(0, now - lastFailedAt)
          return delayAfterMs(failures, freeFailures()) - since
        })
        const waitMs = Math.max(0, ...waits)
        if (waitMs > 0) throw waitError(waitMs)
        for (const hash of hashes) await addFailure(trx, hash, now, now - FORGIVEN_AFTER_MS)
        return new Map(rows.map((row) => [row.keyHash, row.lastFailedAt]))
      })
      return {
        succeeded: () => clearFailures(database.writer, hashes),
        async undecided() {
          // With the old time too: who waited and got the password right does not wait again for the code.
          for (const hash of hashes) await removeFailure(database.writer, hash, now, before.get(hash) ?? 0)
        },
      }
    },
  }
}
