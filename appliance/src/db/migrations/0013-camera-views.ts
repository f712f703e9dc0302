import type { Migration } from '../migrate.ts'

/** Small pictures of how each camera looks, so that one which was turned while the box was off is found out. */
export const cameraViews: Migration = {
  name: '0013-camera-views',
  async up(db) {
    await db.schema
      .createTable('camera_views')
      .addColumn('camera_id', 'text', (column) => column.notNull())
      .addColumn('tint', 'text', (column) => column.notNull())
      .addColumn('width', 'integer', (column) => column.notNull())
      .addColumn('height', 'integer', (column) => column.notNull())
      .addColumn('picture', 'text', (column) => column.notNull())
      .addColumn('structure', 'bigint', (column) => column.notNull())
      .addColumn('sharpness', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('camera_views_key', ['camera_id', 'tint'])
      .execute()
  },
}
