import {
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
} from 'kysely'
import { messageOf } from '../core/errors.ts'
import { openSqliteConnection, type OpenOptions, type SqliteConnection } from './sqlite-connection.ts'

export interface SqliteDialectOptions extends OpenOptions {
  /** 1 for the writer (its users take turns); more for a pool of readers. */
  connections: number
  /** Throws when whoever asks would wait for itself for ever. */
  beforeAcquire?(): void
}

/** Kysely would put its own lock before a single connection; the driver below already lets users take turns. */
class PoolAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/**
 * On a full disk or a failing one SQLite takes the whole transaction back by itself. The rollback that follows then has
 * nothing to do, and its complaint must not stand in for the reason.
 */
function ignoreAlreadyRolledBack(error: unknown): void {
  if (!/no transaction is active/.test(messageOf(error))) throw error
}

/** Hands each connection to one user at a time, in the order they asked. */
function createSqliteDriver(options: SqliteDialectOptions): Driver {
  const all: SqliteConnection[] = []
  const idle: SqliteConnection[] = []
  const waiting: ((connection: SqliteConnection) => void)[] = []
  const command = async (connection: DatabaseConnection, sql: string): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw(sql))
  }
  return {
    async init() {
      for (let index = 0; index < options.connections; index++) all.push(await openSqliteConnection(options))
      idle.push(...all)
    },
    async acquireConnection() {
      options.beforeAcquire?.()
      return idle.pop() ?? new Promise<SqliteConnection>((resolve) => waiting.push(resolve))
    },
    async releaseConnection(connection) {
      const next = waiting.shift()
      if (next) next(connection as SqliteConnection)
      else idle.push(connection as SqliteConnection)
    },
    // Immediate: a transaction that reads first and writes later never fails half way because another one wrote.
    beginTransaction: (connection) => command(connection, 'begin immediate'),
    commitTransaction: (connection) => command(connection, 'commit'),
    rollbackTransaction: (connection) => command(connection, 'rollback').catch(ignoreAlreadyRolledBack),
    async destroy() {
      for (const connection of all.splice(0)) await connection.close()
      idle.length = 0
    },
  }
}

/** Kysely on the callback API of the `sqlite3` package, which keeps long queries off the event loop. */
export function createSqliteDialect(options: SqliteDialectOptions): Dialect {
  return {
    createAdapter: () => new PoolAdapter(),
    createDriver: () => createSqliteDriver(options),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}
