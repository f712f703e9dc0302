import { Kysely, sql } from 'kysely'
import { LaresError } from '../core/errors.ts'
import { requireKnown } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { createSqliteDialect } from './sqlite-dialect.ts'

/**
 * Reads every page of a copy that nobody uses. Throws `unavailable` DATABASE_DAMAGED when it is no whole database of ours, or
 * `unsupported` DATABASE_NEWER.
 */
export async function requireWhole(file: string): Promise<void> {
  const db = new Kysely<unknown>({ dialect: createSqliteDialect({ file, readOnly: true, connections: 1 }) })
  const damaged = (cause: unknown): LaresError =>
    new LaresError('unavailable', `The copy ${file} is damaged.`, { code: 'DATABASE_DAMAGED', cause })
  try {
    const { rows } = await sql<{ quick_check: string }>`pragma quick_check(1)`.execute(db)
    if (rows[0]?.quick_check !== 'ok') throw damaged(rows[0]?.quick_check)
    await requireKnown(db, migrations)
  } catch (error) {
    throw error instanceof LaresError && error.code === 'DATABASE_NEWER' ? error : damaged(error)
  } finally {
    await db.destroy().catch(() => undefined)
  }
}
