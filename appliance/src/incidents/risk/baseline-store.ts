import type { ObjectClass } from '../../api/common.ts'
import type { Db } from '../../db/index.ts'
import { decayed, type Slot } from './baseline.ts'

const MILLI = 1_000
/** In the place of a zone's id: what is counted for all of the picture. */
export const WHOLE_CAMERA = ''

/** At most 168 rows: one for each hour of the week. `zoneId` may be WHOLE_CAMERA. */
export async function slotsOf(db: Db, cameraId: string, name: ObjectClass, zoneId: string): Promise<Slot[]> {
  const rows = await db
    .selectFrom('activity_baselines')
    .select(['weekday', 'hour', 'visits_milli', 'updated_at'])
    .where('camera_id', '=', cameraId)
    .where('class', '=', name)
    .where('zone_id', '=', zoneId)
    .execute()
  return rows.map((row) => ({ ...row, visits: row.visits_milli / MILLI, updatedAt: row.updated_at }))
}

/** Since when this camera is watched, in epoch milliseconds; null when it never was. */
export async function watchedSince(db: Db, cameraId: string): Promise<number | null> {
  const row = await db.selectFrom('activity_since').select('since').where('camera_id', '=', cameraId).executeTakeFirst()
  return row?.since ?? null
}

export async function noteWatched(db: Db, cameraId: string, now: number): Promise<void> {
  await db
    .insertInto('activity_since')
    .values({ camera_id: cameraId, since: now })
    .onConflict((conflict) => conflict.column('camera_id').doNothing())
    .execute()
}

export interface CountedVisit {
  cameraId: string
  /** WHOLE_CAMERA, or a zone of it. */
  zoneId: string
  class: ObjectClass
  weekday: number
  hour: number
  at: number
}

/** One visit more in its hour; one row is read and written. */
export async function countVisit(
  db: Db,
  { cameraId, zoneId, class: name, weekday, hour, at }: CountedVisit,
): Promise<void> {
  const key = { camera_id: cameraId, zone_id: zoneId, class: name, weekday, hour }
  const known = await db
    .selectFrom('activity_baselines')
    .select(['visits_milli', 'updated_at'])
    .where((eb) => eb.and(key))
    .executeTakeFirst()
  const before = known ? decayed(known.visits_milli, known.updated_at, at) : 0
  const columns = { visits_milli: Math.round(before) + MILLI, updated_at: Math.max(at, known?.updated_at ?? 0) }
  await db
    .insertInto('activity_baselines')
    .values({ ...key, ...columns })
    .onConflict((conflict) =>
      conflict.columns(['camera_id', 'zone_id', 'class', 'weekday', 'hour']).doUpdateSet(columns),
    )
    .execute()
}

/** What a camera that is gone had counted. */
export async function forgetCamera(db: Db, cameraId: string): Promise<void> {
  await db.deleteFrom('activity_baselines').where('camera_id', '=', cameraId).execute()
  await db.deleteFrom('activity_since').where('camera_id', '=', cameraId).execute()
}
