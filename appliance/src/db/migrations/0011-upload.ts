import type { Migration } from '../migrate.ts'

/** Cameras that send their pictures: which files were looked at, and who may send by FTP. */
export const upload: Migration = {
  name: '0011-upload',
  async up(db) {
    await db.schema
      .createTable('uploads_seen')
      // Below the upload folder: camera's folder first.
      .addColumn('name', 'text', (column) => column.primaryKey().notNull())
      .addColumn('folder', 'text', (column) => column.notNull())
      .addColumn('bytes', 'bigint', (column) => column.notNull())
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .addColumn('seen_at', 'bigint', (column) => column.notNull())
      .addColumn('taken_at', 'bigint')
      .addColumn('outcome', 'text', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('uploads_seen_folder').on('uploads_seen').columns(['folder', 'seen_at']).execute()
    await db.schema
      .createTable('ftp_accounts')
      .addColumn('camera_id', 'text', (column) =>
        column.primaryKey().notNull().references('cameras.id').onDelete('cascade'),
      )
      .addColumn('username', 'text', (column) => column.notNull().unique())
      .addColumn('password_hash', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
  },
}
