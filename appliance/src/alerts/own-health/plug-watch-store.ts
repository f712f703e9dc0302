import type { Db } from '../../db/database.ts'

export interface StoredWatch {
  plugId: string
  minPowerMw: number
  afterMs: number
  /** When it last drew that much, as far as is known. */
  drewAt: number
}

export async function listWatches(db: Db): Promise<StoredWatch[]> {
  const rows = await db.selectFrom('plug_watches').selectAll().orderBy('plug_id').execute()
  return rows.map((row) => ({
    ...{ plugId: row.plug_id, minPowerMw: row.min_power_mw, afterMs: row.after_ms, drewAt: row.drew_at },
  }))
}

export async function putWatch(db: Db, { plugId, minPowerMw, afterMs, drewAt }: StoredWatch): Promise<void> {
  const row = { min_power_mw: minPowerMw, after_ms: afterMs, drew_at: drewAt }
  await db
    .insertInto('plug_watches')
    .values({ plug_id: plugId, ...row })
    .onConflict((conflict) => conflict.column('plug_id').doUpdateSet(row))
    .execute()
}

export async function deleteWatch(db: Db, plugId: string): Promise<void> {
  await db.deleteFrom('plug_watches').where('plug_id', '=', plugId).execute()
}
