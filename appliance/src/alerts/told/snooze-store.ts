import type { Db } from '../../db/database.ts'

export interface Snooze {
  /** Empty: everything without a camera. */
  cameraId: string
  until: number
}

/** Who wants to hear nothing of a camera now. */
export async function listSnoozed(db: Db, cameraId: string, now: number): Promise<string[]> {
  const rows = await db
    .selectFrom('alert_snoozes')
    .select('user_id')
    .where('camera_id', '=', cameraId)
    .where('until', '>', now)
    .execute()
  return rows.map((row) => row.user_id)
}

/** Those of one person that are not over. */
export function listSnoozes(db: Db, userId: string, now: number): Promise<Snooze[]> {
  return db
    .selectFrom('alert_snoozes')
    .select(['camera_id as cameraId', 'until'])
    .where('user_id', '=', userId)
    .where('until', '>', now)
    .orderBy('until')
    .execute()
}

export async function saveSnooze(db: Db, userId: string, { cameraId, until }: Snooze): Promise<void> {
  await db
    .insertInto('alert_snoozes')
    .values({ user_id: userId, camera_id: cameraId, until })
    .onConflict((conflict) => conflict.columns(['user_id', 'camera_id']).doUpdateSet({ until }))
    .execute()
}

export async function deleteSnooze(db: Db, userId: string, cameraId: string): Promise<void> {
  await db.deleteFrom('alert_snoozes').where('user_id', '=', userId).where('camera_id', '=', cameraId).execute()
}
