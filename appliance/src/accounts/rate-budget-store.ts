import type { Clock } from '../core/clock.ts'
import { sha256Hex } from '../core/crypto.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Database } from '../db/database.ts'
import type { BudgetKeeper } from '../http/index.ts'

interface Deps {
  database: Database
  clock: Clock
  log: Log
}

/** Rows that are over are removed once in so many writes: a flood of addresses leaves no pile. */
const WRITES_BETWEEN_CLEANINGS = 200

/** Keeps the budgets of sign-in in the database, so that a restart refills none (SEC-C1). Addresses are stored hashed. */
export function createBudgetKeeper({ database, clock, log }: Deps): BudgetKeeper {
  let writes = 0

  async function clean(): Promise<void> {
    writes += 1
    if (writes % WRITES_BETWEEN_CLEANINGS !== 1) return
    await database.writer.deleteFrom('rate_budgets').where('expires_at', '<=', clock.now()).execute()
  }

  return {
    async read(key) {
      try {
        const query = database.reader.selectFrom('rate_budgets').select(['points', 'expires_at'])
        const row = await query.where('key_hash', '=', sha256Hex(key)).executeTakeFirst()
        return row ? { points: row.points, expiresAt: Number(row.expires_at) } : null
      } catch (error) {
        log.warn({ err: messageOf(error) }, 'The budgets of sign-in cannot be read; counting from nothing')
        return null
      }
    },
    async write(key, { points, expiresAt }) {
      const row = { points, expires_at: Math.round(expiresAt) }
      try {
        await clean()
        await database.writer
          .insertInto('rate_budgets')
          .values({ key_hash: sha256Hex(key), ...row })
          .onConflict((conflict) => conflict.column('key_hash').doUpdateSet(row))
          .execute()
      } catch (error) {
        log.warn({ err: messageOf(error) }, 'The budgets of sign-in cannot be kept; a restart would refill them')
      }
    },
  }
}
