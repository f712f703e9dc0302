import { rm } from 'node:fs/promises'
import { Kysely, sql } from 'kysely'
import { moveDurably } from '../core/disk.ts'
import type { Database } from './database.ts'
import { createSqliteDialect } from './sqlite-dialect.ts'
import type { Tables } from './tables/index.ts'

/** A whole copy of the running database as of now; after a power cut it is whole there or not there at all. */
export async function copyDatabase({ writer }: Pick<Database, 'writer'>, file: string): Promise<void> {
  const temporary = `${file}.tmp`
  await rm(temporary, { force: true })
  await sql`vacuum into ${temporary}`.execute(writer)
  await moveDurably(temporary, file)
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
