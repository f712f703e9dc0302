import { sql, type Kysely, type Transaction } from 'kysely'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'

/** One step of the schema. It runs in a transaction of its own, with the note that it ran. */
export interface Migration {
  /** `0002-what-it-does`; sorts after all earlier ones. */
  readonly name: string
  up(db: Transaction<unknown>): Promise<void>
}

async function appliedNames(db: Kysely<unknown>): Promise<string[]> {
  await sql`create table if not exists schema_migrations (name text primary key not null, applied_at bigint not null)`.execute(
    db,
  )
  return readNames(db)
}

async function readNames(db: Kysely<unknown>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from schema_migrations order by name`.execute(db)
  return rows.map((row) => row.name)
}

/** Only looks. Throws `unsupported` DATABASE_NEWER, and whatever the driver does when it is no database of ours. */
export async function requireKnown(db: Kysely<unknown>, known: readonly Migration[]): Promise<void> {
  refuseNewer(await readNames(db), known)
}

function refuseNewer(applied: readonly string[], known: readonly Migration[]): void {
  const names = new Set(known.map((migration) => migration.name))
  const unknown = applied.filter((name) => !names.has(name))
  if (unknown.length === 0) return
  throw new LaresError(
    'unsupported',
    'This database was written by a newer version of Lares. Install that version again, or restore an older backup. Nothing was changed.',
    { code: 'DATABASE_NEWER', details: { unknown } },
  )
}

export interface MigrateOptions {
  clock: Clock
  /** Called before the first step when the database already holds something: the place for a copy of the file. */
  beforeChange?(firstPending: string): Promise<void>
}

/** Brings the schema up to date; returns the names of the steps it ran. Throws `unsupported` DATABASE_NEWER. */
export async function migrate(
  db: Kysely<unknown>,
  known: readonly Migration[],
  options: MigrateOptions,
): Promise<string[]> {
  const applied = await appliedNames(db)
  refuseNewer(applied, known)
  const pending = known.filter((migration) => !applied.includes(migration.name))
  const next = pending[0]
  if (next && applied.length > 0) await options.beforeChange?.(next.name)
  for (const migration of pending) {
    await db.transaction().execute(async (trx) => {
      await migration.up(trx)
      await sql`insert into schema_migrations (name, applied_at) values (${migration.name}, ${options.clock.now()})`.execute(
        trx,
      )
    })
  }
  return pending.map((migration) => migration.name)
}
