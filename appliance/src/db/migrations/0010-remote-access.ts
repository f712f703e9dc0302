import type { Migration } from '../migrate.ts'

/** Phones that may come in through WireGuard (SEC-C6). */
export const remoteAccess: Migration = {
  name: '0010-remote-access',
  async up(db) {
    await db.schema
      .createTable('remote_peers')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('public_key', 'text', (column) => column.notNull().unique())
      .addColumn('preshared_key', 'text', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull().unique())
      .addColumn('reach', 'text', (column) => column.notNull())
      // No reference to users: the phone outlives the account of who added it.
      .addColumn('created_by', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('last_seen_at', 'bigint')
      .execute()
  },
}
