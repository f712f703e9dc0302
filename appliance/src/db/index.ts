export type { Database, Db, Trx } from './database.ts'
export type { Tables } from './tables/index.ts'
export type { Migration } from './migrate.ts'
export { openDatabase, type OpenDatabaseOptions } from './open.ts'
