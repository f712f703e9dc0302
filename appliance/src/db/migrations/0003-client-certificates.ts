import type { Migration } from '../migrate.ts'

/** Certificates by which phones show who they are (SEC-B5). The private key is never here. */
export const clientCertificates: Migration = {
  name: '0003-client-certificates',
  async up(db) {
    await db.schema
      .createTable('client_certificates')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('fingerprint', 'text', (column) => column.notNull().unique())
      // No reference to users: the certificate outlives the account of who issued it.
      .addColumn('issued_by', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('last_used_at', 'bigint')
      .addColumn('revoked_at', 'bigint')
      .execute()
  },
}
