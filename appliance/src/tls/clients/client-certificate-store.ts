import type { Db } from '../../db/database.ts'

export interface StoredClient {
  id: string
  name: string
  /** SHA-256, colon-separated hex. */
  fingerprint: string
  /** User name. */
  issuedBy: string | null
  createdAt: number
  expiresAt: number
  lastUsedAt: number | null
  revokedAt: number | null
}

/** Newest first. */
export async function listClients(db: Db): Promise<StoredClient[]> {
  const rows = await db.selectFrom('client_certificates').selectAll().orderBy('id', 'desc').execute()
  return rows.map((row) => ({
    ...{ id: row.id, name: row.name, fingerprint: row.fingerprint, issuedBy: row.issued_by },
    createdAt: Number(row.created_at),
    expiresAt: Number(row.expires_at),
    lastUsedAt: row.last_used_at === null ? null : Number(row.last_used_at),
    revokedAt: row.revoked_at === null ? null : Number(row.revoked_at),
  }))
}

export async function insertClient(db: Db, client: StoredClient): Promise<void> {
  const { id, name, fingerprint, issuedBy, createdAt, expiresAt, lastUsedAt, revokedAt } = client
  await db
    .insertInto('client_certificates')
    .values({
      ...{ id, name, fingerprint, issued_by: issuedBy, created_at: createdAt, expires_at: expiresAt },
      ...{ last_used_at: lastUsedAt, revoked_at: revokedAt },
    })
    .execute()
}

export async function markRevoked(db: Db, id: string, atMs: number): Promise<void> {
  await db.updateTable('client_certificates').set({ revoked_at: atMs }).where('id', '=', id).execute()
}

export async function markUsed(db: Db, id: string, atMs: number): Promise<void> {
  await db.updateTable('client_certificates').set({ last_used_at: atMs }).where('id', '=', id).execute()
}
