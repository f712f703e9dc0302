import type { Db } from '../db/index.ts'

export interface StoredSetting {
  key: string
  /** JSON, or sealed JSON. */
  value: string
}

export async function readSettings(db: Db): Promise<StoredSetting[]> {
  return db.selectFrom('settings').select(['key', 'value']).execute()
}

export async function writeSetting(db: Db, row: StoredSetting, nowMs: number): Promise<void> {
  await db
    .insertInto('settings')
    .values({ ...row, updated_at: nowMs })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: row.value, updated_at: nowMs }))
    .execute()
}

export async function deleteSetting(db: Db, key: string): Promise<void> {
  await db.deleteFrom('settings').where('key', '=', key).execute()
}
