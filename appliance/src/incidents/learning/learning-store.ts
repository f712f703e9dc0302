import type { ObjectClass } from '../../api/common.ts'
import type { IncidentFeedback } from '../../api/incidents.ts'
import type { Db } from '../../db/index.ts'
import type { VisibleCameras } from '../types.ts'
import type { Mark } from './feedback-adjustment.ts'

/** A mark with what it was about. */
export interface StoredMark extends Mark {
  camera: { id: string; name: string }
  openedAt: number
  classes: { class: ObjectClass; bestScore: number }[]
}

export interface MarksQuery {
  /** null: of all cameras. */
  cameras: VisibleCameras
  since: number
  limit: number
}

/** What people have said, the last first. Read from the incidents themselves: a mark taken back teaches nothing. */
export async function listMarks(db: Db, { cameras, since, limit }: MarksQuery): Promise<StoredMark[]> {
  let rows = db
    .selectFrom('incidents')
    .select(['camera_id', 'camera_name', 'opened_at', 'classes', 'feedback', 'reviewed_at'])
    .where('feedback', 'is not', null)
    .where('part_of', 'is', null)
    .where('reviewed_at', '>', since)
  if (cameras !== null) rows = rows.where('camera_id', 'in', [...cameras])
  const found = await rows.orderBy('reviewed_at', 'desc').limit(limit).execute()
  return found.map((row) => ({
    ...{ camera: { id: row.camera_id, name: row.camera_name }, openedAt: row.opened_at },
    classes: JSON.parse(row.classes) as StoredMark['classes'],
    ...{ feedback: row.feedback as IncidentFeedback, at: row.reviewed_at ?? 0 },
  }))
}

/** Everything, rather than one pattern. */
export const EVERYTHING = '*'

/** From when on marks count, by pattern. */
export async function readResets(db: Db): Promise<ReadonlyMap<string, number>> {
  const rows = await db.selectFrom('feedback_resets').selectAll().execute()
  return new Map(rows.map(({ pattern, at }) => [pattern, at]))
}

export async function saveReset(db: Db, pattern: string, at: number): Promise<void> {
  await db
    .insertInto('feedback_resets')
    .values({ pattern, at })
    .onConflict((conflict) => conflict.column('pattern').doUpdateSet({ at }))
    .execute()
}
