import sqlite3 from 'sqlite3'
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import { LaresError } from '../core/errors.ts'
import { checkBindValues } from './bind-values.ts'
import { toLaresError } from './sqlite-errors.ts'

type Handle = InstanceType<typeof sqlite3.Database>
type Statement = ReturnType<Handle['prepare']>

export interface OpenOptions {
  file: string
  readOnly: boolean
}

const RETURNS_ROWS = /^\s*(?:select|with|pragma|explain|values)\b|\breturning\b/i
const KEPT_STATEMENTS = 128
const BUSY_TIMEOUT_MS = 5_000
const CACHE_KIB = 16_384

const COMMON_PRAGMAS = ['foreign_keys = on', `busy_timeout = ${BUSY_TIMEOUT_MS}`, `cache_size = -${CACHE_KIB}`]
// FULL: what was committed, and so acknowledged, is on the disk when the power goes. NORMAL lost the name of a plug that the box
// had just confirmed (npm run image:test, power-cut-after-write); killing the process alone cannot show that.
const WRITER_PRAGMAS = ['journal_mode = wal', 'synchronous = full', ...COMMON_PRAGMAS]
const READER_PRAGMAS = ['query_only = on', ...COMMON_PRAGMAS]

/** One connection to a SQLite file. Kysely hands it to one user at a time, so statements are never shared. */
export interface SqliteConnection extends DatabaseConnection {
  run(sql: string): Promise<readonly Record<string, unknown>[]>
  close(): Promise<void>
}

function openHandle({ file, readOnly }: OpenOptions): Promise<Handle> {
  const mode = readOnly ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE
  return new Promise((resolve, reject) => {
    const handle: Handle = new sqlite3.Database(file, mode, (error) => {
      if (error) return reject(toLaresError(error))
      // The search index names its own rows beyond what a number holds, and each write reads the last such name.
      handle.configure('integerMode' as never, 'mixed' as never)
      resolve(handle)
    })
  })
}

function prepare(handle: Handle, sql: string): Promise<Statement> {
  return new Promise((resolve, reject) => {
    const statement = handle.prepare(sql, (error: Error | null) =>
      error ? reject(toLaresError(error)) : resolve(statement),
    )
  })
}

/** Keeps the most recently used statements prepared. */
function createStatementCache(handle: Handle): { get(sql: string): Promise<Statement>; clear(): void } {
  const kept = new Map<string, Statement>()
  return {
    async get(sql) {
      const hit = kept.get(sql)
      const statement = hit ?? (await prepare(handle, sql))
      kept.delete(sql)
      kept.set(sql, statement)
      const oldest = kept.size > KEPT_STATEMENTS ? kept.entries().next().value : undefined
      if (oldest) {
        kept.delete(oldest[0])
        void oldest[1].finalize()
      }
      return statement
    },
    clear() {
      for (const statement of kept.values()) void statement.finalize()
      kept.clear()
    },
  }
}

function readRows<R>(statement: Statement, values: unknown[]): Promise<QueryResult<R>> {
  return new Promise((resolve, reject) => {
    void statement.all(values as never, (error: Error | null, rows: unknown) => {
      // Without the reset a reader would keep its snapshot, and the WAL file would grow for as long.
      void statement.reset()
      if (error) reject(toLaresError(error))
      else resolve({ rows: rows as R[] })
    })
  })
}

function change<R>(statement: Statement, values: unknown[]): Promise<QueryResult<R>> {
  return new Promise((resolve, reject) => {
    const done = function (this: { lastID?: number | bigint; changes?: number }, error: Error | null): void {
      if (error) return reject(toLaresError(error))
      resolve({ rows: [], insertId: BigInt(this.lastID ?? 0), numAffectedRows: BigInt(this.changes ?? 0) })
    }
    void statement.run(values as never, done as never)
  })
}

/** Opens one connection and sets it up. Throws `unavailable` when the file cannot be opened or is no database. */
export async function openSqliteConnection(options: OpenOptions): Promise<SqliteConnection> {
  const handle = await openHandle(options)
  const statements = createStatementCache(handle)

  async function execute<R>(sql: string, parameters: readonly unknown[]): Promise<QueryResult<R>> {
    const values = [...checkBindValues(parameters)]
    const statement = await statements.get(sql)
    return RETURNS_ROWS.test(sql) ? readRows<R>(statement, values) : change<R>(statement, values)
  }

  const connection: SqliteConnection = {
    executeQuery: <R>(query: CompiledQuery) => execute<R>(query.sql, query.parameters),
    async *streamQuery() {
      throw new LaresError('internal', 'Rows are not streamed: page through them by key.')
    },
    run: async (sql) => (await execute<Record<string, unknown>>(sql, [])).rows,
    close() {
      statements.clear()
      return new Promise((resolve, reject) => {
        handle.close((error: Error | null) => (error ? reject(toLaresError(error)) : resolve()))
      })
    },
  }
  try {
    for (const pragma of options.readOnly ? READER_PRAGMAS : WRITER_PRAGMAS) await connection.run(`pragma ${pragma}`)
    return connection
  } catch (error) {
    await connection.close()
    throw error
  }
}
