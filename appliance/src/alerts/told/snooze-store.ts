import type { Db } from '../../db/database.ts'

/** Instead of a camera: every one. An empty one is what concerns no camera. */
export const EVERY_CAMERA = '*'

export interface Snooze {
  /** Or `EVERY_CAMERA`, or empty. */
  cameraId: string
  until: number
}

/** Who wants to hear nothing of a camera now. */
export async function listSnoozed(db: Db, cameraId: string, now: number): Promise<string[]> {
  const rows = await db
    .selectFrom('alert_snoozes')
    .select('user_id')
    .distinct()
    .where('camera_id', 'in', cameraId === '' ? [''] : [cameraId, EVERY_CAMERA])
    .where('until', '>', now)
    .execute()
  return rows.map((row) => row.user_id)
}

export interface NamedSnooze extends Snooze {
  userId: string
  userName: string
}

/** Those of cameras that still hold, the first to end first. */
export async function snoozesAt(db: Db, now: number): Promise<NamedSnooze[]> {
  return db
    .selectFrom('alert_snoozes')
    .innerJoin('users', 'users.id', 'alert_snoozes.user_id')
    .select(['alert_snoozes.user_id as userId', 'users.display_name as userName'])
    .select(['alert_snoozes.camera_id as cameraId', 'alert_snoozes.until as until'])
    .where('alert_snoozes.until', '>', now)
    .where('alert_snoozes.camera_id', '!=', '')
    .orderBy('alert_snoozes.until')
    .execute()
}

/** A later one for the same camera takes the place of the one before. */
export async function saveSnooze(db: Db, userId: string, { cameraId, until }: Snooze): Promise<void> {
  await db
    .insertInto('alert_snoozes')
    .values({ user_id: userId, camera_id: cameraId, until })
    .onConflict((conflict) => conflict.columns(['user_id', 'camera_id']).doUpdateSet({ until }))
    .execute()
}

/** False when there was none. */
export async function deleteSnooze(db: Db, userId: string, cameraId: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('alert_snoozes')
    .where('user_id', '=', userId)
    .where('camera_id', '=', cameraId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export async function deleteSnoozesOver(db: Db, now: number): Promise<void> {
  await db.deleteFrom('alert_snoozes').where('until', '<=', now).execute()
}
