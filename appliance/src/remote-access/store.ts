import type { RemoteReach } from '../api/remote-access.ts'
import type { Db } from '../db/database.ts'

export interface StoredPeer {
  id: string
  name: string
  publicKey: string
  /** Sealed. */
  presharedKey: string
  address: string
  reach: RemoteReach
  /** User name. */
  createdBy: string | null
  createdAt: number
  lastSeenAt: number | null
}

/** In the order in which they were added. */
export async function listPeers(db: Db): Promise<StoredPeer[]> {
  const rows = await db.selectFrom('remote_peers').selectAll().orderBy('id').execute()
  return rows.map((row) => ({
    ...{ id: row.id, name: row.name, publicKey: row.public_key, presharedKey: row.preshared_key },
    ...{ address: row.address, reach: row.reach, createdBy: row.created_by, createdAt: Number(row.created_at) },
    lastSeenAt: row.last_seen_at === null ? null : Number(row.last_seen_at),
  }))
}

export async function insertPeer(db: Db, peer: StoredPeer): Promise<void> {
  await db
    .insertInto('remote_peers')
    .values({
      ...{ id: peer.id, name: peer.name, public_key: peer.publicKey, preshared_key: peer.presharedKey },
      ...{ address: peer.address, reach: peer.reach, created_by: peer.createdBy, created_at: peer.createdAt },
      last_seen_at: peer.lastSeenAt,
    })
    .execute()
}

export async function deletePeer(db: Db, id: string): Promise<void> {
  await db.deleteFrom('remote_peers').where('id', '=', id).execute()
}

export async function markSeen(db: Db, id: string, atMs: number): Promise<void> {
  await db.updateTable('remote_peers').set({ last_seen_at: atMs }).where('id', '=', id).execute()
}
