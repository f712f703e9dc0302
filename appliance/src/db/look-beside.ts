import { Kysely } from 'kysely'
import { createSqliteDialect } from './sqlite-dialect.ts'
import type { Tables } from './tables/index.ts'

/** What `lares doctor` wants to know of a home, whether a server runs on it or not. Nothing sealed is opened. */
export interface HomeAtAGlance {
  cameras: readonly { name: string; enabled: boolean; source: unknown }[]
  /** The chosen model, or null when none was chosen yet. */
  model: string | null
}

/** Reads beside a running server and changes nothing. Throws what SQLite throws for a file that cannot be read. */
export async function lookBeside(file: string, modelKey: string): Promise<HomeAtAGlance> {
  const db = new Kysely<Tables>({ dialect: createSqliteDialect({ file, readOnly: true, connections: 1 }) })
  try {
    const cameras = await db.selectFrom('cameras').select(['name', 'enabled', 'source']).orderBy('name').execute()
    const model = await db.selectFrom('settings').select('value').where('key', '=', modelKey).executeTakeFirst()
    return {
      cameras: cameras.map(({ name, enabled, source }) => ({
        ...{ name, enabled: enabled === 1, source: JSON.parse(source) as unknown },
      })),
      model: model ? String(JSON.parse(model.value)) : null,
    }
  } finally {
    await db.destroy().catch(() => undefined)
  }
}
