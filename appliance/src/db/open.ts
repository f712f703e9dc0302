import { AsyncLocalStorage } from 'node:async_hooks'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Kysely, sql } from 'kysely'
import { systemClock, type Clock } from '../core/clock.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Database, Trx } from './database.ts'
import { migrate, type Migration } from './migrate.ts'
import { migrations as allMigrations } from './migrations/index.ts'
import { createSqliteDialect } from './sqlite-dialect.ts'
import { toLaresError } from './sqlite-errors.ts'
import type { Tables } from './tables/index.ts'

export interface OpenDatabaseOptions {
  file: string
  log: Log
  clock?: Clock
  /** For tests of the upgrade path; all of them otherwise. */
  migrations?: readonly Migration[]
}

const READERS = 2
const ownTransaction = new AsyncLocalStorage<{ open: boolean }>()

/** The writer is one connection: waiting for it inside a transaction would never end, so it is an error at once. */
function refuseOuterHandle(): void {
  if (!ownTransaction.getStore()?.open) return
  throw new LaresError('internal', 'The outer database handle was used inside a transaction: use trx.', {
    code: 'OUTER_HANDLE',
  })
}

const bytesOf = async (file: string): Promise<number> => (await stat(file).catch(() => null))?.size ?? 0

function damaged(file: string, cause: unknown): LaresError {
  return new LaresError(
    'unavailable',
    `The database ${file} is damaged. Nothing was changed. Keep a copy of it, run "npm run lares -- check" to see what is wrong, ` +
      'then restore a backup or move the file away to begin anew.',
    { code: 'DATABASE_DAMAGED', cause },
  )
}

function openingError(file: string, error: unknown): LaresError {
  const known = toLaresError(error)
  if (known.code === 'DATABASE_DAMAGED') return damaged(file, error)
  if (known.kind !== 'unavailable') return known
  return new LaresError('unavailable', `The database ${file} cannot be opened: ${known.message}`, {
    code: known.code,
    cause: error,
  })
}

/** A clean stop leaves no WAL file; what a crash left is looked through before anything is built on it. */
async function checkAfterCrash(writer: Kysely<unknown>, options: OpenDatabaseOptions): Promise<void> {
  // quick_check reads every page; only the comparison of indexes with tables is left to `lares check`.
  const { rows } = await sql<{ quick_check: string }>`pragma quick_check(5)`.execute(writer)
  const findings = rows.map((row) => row.quick_check).filter((line) => line !== 'ok')
  if (findings.length > 0) throw damaged(options.file, new LaresError('internal', findings.join('; ')))
  options.log.info('The last stop was not a clean one; the database is whole')
}

/** Copies the file beside itself before its schema changes; older such copies go. */
async function copyBefore(writer: Kysely<unknown>, file: string, migration: string, log: Log): Promise<void> {
  const copy = `${file}.before-${migration}`
  const temporary = `${copy}.tmp`
  await rm(temporary, { force: true })
  await sql`vacuum into ${temporary}`.execute(writer)
  await rename(temporary, copy)
  const older = (await readdir(dirname(file))).filter((name) => name.startsWith(`${basename(file)}.before-`))
  for (const name of older) if (name !== basename(copy)) await rm(join(dirname(file), name), { force: true })
  log.info({ copy }, 'Copied the database before changing its schema')
}

function createTransactions(writer: Kysely<Tables>, log: Log): Pick<Database, 'transaction' | 'afterCommit'> {
  const underWay = new WeakMap<Trx, (() => void)[]>()
  return {
    async transaction(work) {
      const toRun: (() => void)[] = []
      const scope = { open: true }
      try {
        const result = await writer.transaction().execute((trx) => {
          underWay.set(trx, toRun)
          return ownTransaction.run(scope, () => work(trx, (run) => toRun.push(run)))
        })
        scope.open = false
        // The transaction stands: a failing announcement must not look like a failed write.
        for (const run of toRun) announce(run, log)
        return result
      } finally {
        scope.open = false
      }
    },
    afterCommit(trx, run) {
      const toRun = underWay.get(trx)
      if (!toRun) throw new LaresError('internal', 'afterCommit needs the trx of database.transaction.')
      toRun.push(run)
    },
  }
}

function announce(run: () => void, log: Log): void {
  try {
    run()
  } catch (error) {
    log.error({ err: messageOf(error) }, 'What follows a commit failed')
  }
}

async function prepareSchema(writer: Kysely<unknown>, options: OpenDatabaseOptions, crashed: boolean): Promise<void> {
  const { file, log } = options
  try {
    if (crashed) await checkAfterCrash(writer, options)
    const ran = await migrate(writer, options.migrations ?? allMigrations, {
      clock: options.clock ?? systemClock,
      beforeChange: (first) => copyBefore(writer, file, first, log),
    })
    if (ran.length > 0) log.info({ migrations: ran }, 'The database schema is up to date')
  } catch (error) {
    throw openingError(file, error)
  }
}

/**
 * Opens the database, checks it after a crash, and brings its schema up to date.
 * Throws `unavailable` (DATABASE_DAMAGED, DISK_FULL, …) or `unsupported` (DATABASE_NEWER); the file is then as it was.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const { file, log } = options
  const crashed = (await bytesOf(`${file}-wal`)) > 0
  const writer = new Kysely<Tables>({
    dialect: createSqliteDialect({ file, readOnly: false, connections: 1, beforeAcquire: refuseOuterHandle }),
  })
  const reader = new Kysely<Tables>({ dialect: createSqliteDialect({ file, readOnly: true, connections: READERS }) })
  try {
    await prepareSchema(writer as unknown as Kysely<unknown>, options, crashed)
  } catch (error) {
    await writer.destroy().catch(() => undefined)
    throw error
  }
  return {
    writer,
    reader,
    ...createTransactions(writer, log),
    async close() {
      // The writer last: only it may fold the WAL back into the file, and that is the mark of a clean stop.
      await reader.destroy()
      await writer.destroy()
    },
  }
}
