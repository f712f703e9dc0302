import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '../core/log.ts'
import type { Database } from './database.ts'
import { openDatabase } from './open.ts'

export interface TestDatabase extends Database {
  readonly file: string
}

/** A migrated database in a temporary folder of its own; `close` removes the folder. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'lares-db-'))
  const file = join(folder, 'lares.db')
  const database = await openDatabase({ file, log: silentLog() })
  return {
    ...database,
    file,
    async close() {
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
