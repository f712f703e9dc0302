import type { Incident } from '../../api/incidents.ts'
import type { ReviewEntry } from '../../api/review.ts'
import type { Db } from '../../db/index.ts'
import { fromRow, selectIncidents, type StoredIncident } from '../store.ts'

/** Everything about an incident that a person says. */
export interface ReviewState {
  feedback: Incident['feedback']
  reviewedAt: number | null
  /** Id of the account. */
  reviewedBy: string | null
  starred: boolean
  notes: string
}

export const reviewOf = ({ feedback, reviewedAt, reviewedBy, starred, notes }: StoredIncident): ReviewState => ({
  ...{ feedback, reviewedAt, reviewedBy: reviewedBy?.id ?? null, starred, notes },
})

export async function findIncidentsById(db: Db, ids: readonly string[]): Promise<StoredIncident[]> {
  const rows = await selectIncidents(db.selectFrom('incidents')).where('incidents.id', 'in', ids).execute()
  return rows.map(fromRow)
}

export async function writeReview(db: Db, id: string, state: ReviewState, reviewCount: number): Promise<void> {
  const { feedback, reviewedAt, reviewedBy, starred, notes } = state
  await db
    .updateTable('incidents')
    .set({ feedback, reviewed_at: reviewedAt, reviewed_by: reviewedBy, starred: starred ? 1 : 0, notes })
    .set({ review_count: reviewCount })
    .where('id', '=', id)
    .execute()
}

export async function insertAct(db: Db, act: { id: string; at: number; userId: string }): Promise<void> {
  await db.insertInto('review_acts').values({ id: act.id, at: act.at, user_id: act.userId }).execute()
}

export interface StoredChange {
  incidentId: string
  before: ReviewState
  after: ReviewState
  /** `reviewCount` of the incident once this was done. */
  countAfter: number
}

export async function insertChange(db: Db, actId: string, change: StoredChange): Promise<void> {
  const { incidentId, before, after, countAfter } = change
  await db
    .insertInto('review_changes')
    .values({
      ...{ act_id: actId, incident_id: incidentId, count_after: countAfter },
      ...{ before: JSON.stringify(before), after: JSON.stringify(after) },
    })
    .execute()
}

export interface StoredAct {
  at: number
  userId: string
  undoneAt: number | null
  changes: StoredChange[]
}

export async function findAct(db: Db, id: string): Promise<StoredAct | null> {
  const act = await db.selectFrom('review_acts').selectAll().where('id', '=', id).executeTakeFirst()
  if (!act) return null
  const rows = await db.selectFrom('review_changes').selectAll().where('act_id', '=', id).execute()
  const changes = rows.map((row) => ({
    ...{ incidentId: row.incident_id, countAfter: row.count_after },
    ...{ before: JSON.parse(row.before) as ReviewState, after: JSON.parse(row.after) as ReviewState },
  }))
  return { at: act.at, userId: act.user_id, undoneAt: act.undone_at, changes }
}

export async function markUndone(db: Db, id: string, at: number): Promise<void> {
  await db.updateTable('review_acts').set({ undone_at: at }).where('id', '=', id).execute()
}

const LONGEST_HISTORY = 50

export async function listHistory(db: Db, incidentId: string): Promise<ReviewEntry[]> {
  const rows = await db
    .selectFrom('review_changes as change')
    .innerJoin('review_acts as act', 'act.id', 'change.act_id')
    .leftJoin('users', 'users.id', 'act.user_id')
    .select(['act.at', 'act.undone_at', 'users.display_name', 'change.before', 'change.after'])
    .where('change.incident_id', '=', incidentId)
    .orderBy('act.id', 'desc')
    .limit(LONGEST_HISTORY)
    .execute()
  return rows.map((row) => {
    const [before, after] = [JSON.parse(row.before) as ReviewState, JSON.parse(row.after) as ReviewState]
    return {
      ...{ at: row.at, by: row.display_name, undoneAt: row.undone_at },
      ...(before.feedback !== after.feedback && { feedback: after.feedback }),
      ...(before.starred !== after.starred && { starred: after.starred }),
      ...(before.notes !== after.notes && { notes: after.notes }),
    }
  })
}
