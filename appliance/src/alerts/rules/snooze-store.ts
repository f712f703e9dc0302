import type { Db } from '../../db/database.ts'

/** Instead of a camera: every one. (An empty one is what concerns no camera.) */
export const EVERY_CAMERA = '*'

export interface StoredSnooze {
  userId: string
  userName: string
  /** Or `EVERY_CAMERA`. */
  cameraId: string
  until: number
}

/** Those of cameras that still hold, the first to end first. */
export async function snoozesAt(db: Db, now: number): Promise<StoredSnooze[]> {
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

/** A later one for the same camera takes the place of the one before; those that are over go. */
export async function putSnooze(
  db: Db,
  { userId, cameraId, until }: Omit<StoredSnooze, 'userName'>,
  now: number,
): Promise<void> {
  await db.deleteFrom('alert_snoozes').where('until', '<=', now).execute()
  await db
    .insertInto('alert_snoozes')
    .values({ user_id: userId, camera_id: cameraId, until })
    .onConflict((conflict) => conflict.columns(['user_id', 'camera_id']).doUpdateSet({ until }))
    .execute()
}

/** False when there is none. */
export async function deleteSnooze(db: Db, userId: string, cameraId: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('alert_snoozes')
    .where('user_id', '=', userId)
    .where('camera_id', '=', cameraId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
