import type { ModeCause } from '../api/modes.ts'
import type { HomeMode } from '../api/risk-bands.ts'
import type { Db } from '../db/database.ts'

export interface StoredChange {
  id: string
  mode: HomeMode
  requestedAt: number
  effectiveAt: number
  cause: ModeCause
  userId: string | null
  userName: string | null
}

export async function insertChange(db: Db, change: StoredChange): Promise<void> {
  const last = await db
    .selectFrom('mode_changes')
    .select(({ fn }) => fn.max('turn').as('turn'))
    .executeTakeFirst()
  await db
    .insertInto('mode_changes')
    .values({
      turn: Number(last?.turn ?? 0) + 1,
      ...{ id: change.id, mode: change.mode, cause: change.cause, cancelled_at: null },
      ...{ requested_at: change.requestedAt, effective_at: change.effectiveAt },
      ...{ user_id: change.userId, user_name: change.userName },
    })
    .execute()
}

export async function cancelChange(db: Db, id: string, at: number): Promise<void> {
  await db.updateTable('mode_changes').set({ cancelled_at: at }).where('id', '=', id).execute()
}

/** Newest first; cancelled ones are not among them. */
export async function newestChanges(db: Db, limit: number): Promise<StoredChange[]> {
  const rows = await db
    .selectFrom('mode_changes')
    .selectAll()
    .where('cancelled_at', 'is', null)
    .orderBy('turn', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    ...{ id: row.id, mode: row.mode as HomeMode, requestedAt: row.requested_at, effectiveAt: row.effective_at },
    ...{ cause: row.cause as ModeCause, userId: row.user_id, userName: row.user_name },
  }))
}

/** More than anybody looks back at; the mode in force is never among what goes. */
export async function deleteChangesBefore(db: Db, at: number): Promise<void> {
  const newest = db.selectFrom('mode_changes').select('id').orderBy('turn', 'desc').limit(100)
  await db.deleteFrom('mode_changes').where('effective_at', '<', at).where('id', 'not in', newest).execute()
}
