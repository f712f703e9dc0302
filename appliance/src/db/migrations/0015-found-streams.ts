import type { Migration } from '../migrate.ts'

/** Where a camera's smaller stream was found. */
export const foundStreams: Migration = {
  name: '0015-found-streams',
  async up(db) {
    await db.schema
      .createTable('camera_found_streams')
      .addColumn('camera_id', 'text', (column) =>
        column.primaryKey().notNull().references('cameras.id').onDelete('cascade'),
      )
      .addColumn('main_address', 'text', (column) => column.notNull())
      .addColumn('brand', 'text', (column) => column.notNull())
      .addColumn('nth', 'integer', (column) => column.notNull())
      .addColumn('found_at', 'bigint', (column) => column.notNull())
      .execute()
  },
}
