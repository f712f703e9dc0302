import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Comes back once the writing connection has answered: nothing before it in the queue hangs. */
export async function answers({ writer }: Database): Promise<void> {
  await sql`select 1`.execute(writer)
}
