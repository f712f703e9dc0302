import { chmod, rm } from 'node:fs/promises'
import { Kysely, sql } from 'kysely'
import { moveDurably } from '../core/disk.ts'
import { requireWhole } from './require-whole.ts'
import { createSqliteDialect } from './sqlite-dialect.ts'
import { toLaresError } from './sqlite-errors.ts'
import type { Tables } from './tables/index.ts'

const OWNER_ONLY = 0o600

/**
 * A whole copy of the database in `from` as of now, whoever has it open, by a connection of its own: nobody who writes waits
 * for it (197 MB: 0.4 s at most, where the server's own writer took 10 s). It gets its name only once it has been read through;
 * after a power cut it is whole there or not there at all. Throws `unavailable` DATABASE_DAMAGED, DISK_FULL …
 */
export async function copyDatabase(from: string, file: string): Promise<void> {
  const dialect = createSqliteDialect({ file: from, readOnly: false, connections: 1 })
  const database = new Kysely<Tables>({ dialect })
  let temporary: string | null = null
  try {
    temporary = await copyInto(database, file)
    await requireWhole(temporary)
    await moveDurably(temporary, file)
  } catch (error) {
    if (temporary !== null) await rm(temporary, { force: true })
    throw toLaresError(error)
  } finally {
    await database.destroy().catch(() => undefined)
  }
}

async function copyInto(database: Kysely<Tables>, file: string): Promise<string> {
  const temporary = `${file}.tmp`
  await rm(temporary, { force: true })
  try {
    await sql`vacuum into ${temporary}`.execute(database)
    await chmod(temporary, OWNER_ONLY)
    return temporary
  } catch (error) {
    // What fitted of it would take the rest of the disk.
    await rm(temporary, { force: true })
    throw error
  }
}

export interface WrittenSince {
  incidents: number
  /** Lines of the record of who did what. */
  entries: number
}

/** What a database that nobody uses holds of after `sinceMs`; null when it cannot be read, a newer version's may not. */
export async function writtenSince(file: string, sinceMs: number): Promise<WrittenSince | null> {
  // Writable, because what is still in its WAL file belongs to it.
  const dialect = createSqliteDialect({ file, readOnly: false, connections: 1 })
  const database = new Kysely<Tables>({ dialect })
  const count = <T extends 'incidents' | 'audit'>(table: T, column: string): Promise<{ count: number }[]> =>
    sql<{ count: number }>`select count(*) as count from ${sql.table(table)} where ${sql.ref(column)} > ${sinceMs}`
      .execute(database)
      .then(({ rows }) => rows)
  try {
    const [incidents] = await count('incidents', 'opened_at')
    const [entries] = await count('audit', 'at')
    return { incidents: incidents?.count ?? 0, entries: entries?.count ?? 0 }
  } catch {
    return null
  } finally {
    await database.destroy().catch(() => undefined)
  }
}
