import type { Migration } from '../migrate.ts'

/** How large things usually are in which part of a camera's picture. */
export const regions: Migration = {
  name: '0014-regions',
  async up(db) {
    await db.schema
      .createTable('camera_sizes')
      .addColumn('camera_id', 'text', (column) =>
        column.primaryKey().notNull().references('cameras.id').onDelete('cascade'),
      )
      .addColumn('cells', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .execute()
  },
}
