import type { Db } from '../../db/database.ts'
import { endEntriesOfTargets } from '../outbox/outbox-store.ts'

export interface StoredTarget {
  id: string
  userId: string
  /** Where a tap on its notifications leads. */
  origin: string
  /** Sealed. */
  endpoint: string
  /** Sealed. */
  keys: string
  label: string
  createdAt: number
  lastDeliveredAt: number | null
  lastShownAt: number | null
  problem: string | null
}

const TARGET_COLUMNS = [
  'push_targets.id as id',
  'push_targets.user_id as userId',
  'push_targets.origin as origin',
  'push_targets.endpoint as endpoint',
  'push_targets.keys as keys',
  'push_targets.label as label',
  'push_targets.created_at as createdAt',
  'push_targets.last_delivered_at as lastDeliveredAt',
  'push_targets.last_shown_at as lastShownAt',
  'push_targets.problem as problem',
] as const

/** `userId` null: of everybody. */
export function listTargets(db: Db, userId: string | null): Promise<StoredTarget[]> {
  const all = db.selectFrom('push_targets').select(TARGET_COLUMNS).orderBy('id')
  return (userId === null ? all : all.where('user_id', '=', userId)).execute()
}

/** The targets of these people. */
export function listTargetsOfPeople(
  db: Db,
  userIds: readonly string[],
): Promise<{ id: string; userId: string; label: string }[]> {
  return db
    .selectFrom('push_targets')
    .select(['id', 'user_id as userId', 'label'])
    .where('user_id', 'in', userIds)
    .execute()
}

/** The row of a browser that subscribed before. */
export async function findTarget(db: Db, endpointHash: string): Promise<{ id: string; userId: string } | null> {
  const row = await db
    .selectFrom('push_targets')
    .select(['id', 'user_id as userId'])
    .where('endpoint_hash', '=', endpointHash)
    .executeTakeFirst()
  return row ?? null
}

export interface NewTarget {
  id: string
  userId: string
  sessionId: string
  origin: string
  endpoint: string
  endpointHash: string
  keys: string
  label: string
  createdAt: number
}

/** Adds a target, or brings the one with this id up to date: what is queued for it stays queued. */
export async function saveTarget(db: Db, target: NewTarget): Promise<void> {
  const { id, label, origin, endpoint, keys } = target
  const owner = { user_id: target.userId, session_id: target.sessionId }
  const row = { label, origin, endpoint, keys, endpoint_hash: target.endpointHash, ...owner, problem: null }
  await db
    .insertInto('push_targets')
    .values({ id, ...row, created_at: target.createdAt, last_delivered_at: null, last_shown_at: null })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

/** Those that a sign-in asked for. Returns how many there were. */
export async function deleteTargetsOfSession(db: Db, sessionId: string): Promise<number> {
  const found = await db.selectFrom('push_targets').select('id').where('session_id', '=', sessionId).execute()
  if (found.length === 0) return 0
  const ids = found.map(({ id }) => id)
  await endEntriesOfTargets(db, ids, 'dropped', 'This phone was signed out.')
  await db.deleteFrom('push_targets').where('id', 'in', ids).execute()
  return ids.length
}

/** What waits for it is not sent any more; `why` stands in its history. `userId` null: whoever's it is. False when there was none. */
export async function deleteTarget(
  db: Db,
  id: string,
  userId: string | null,
  why: { state: 'failed' | 'dropped'; reason: string },
): Promise<boolean> {
  const one = db.selectFrom('push_targets').select('id').where('id', '=', id)
  const found = await (userId === null ? one : one.where('user_id', '=', userId)).executeTakeFirst()
  if (!found) return false
  await endEntriesOfTargets(db, [id], why.state, why.reason)
  await db.deleteFrom('push_targets').where('id', '=', id).execute()
  return true
}

export async function noteTargetProblem(db: Db, id: string, problem: string): Promise<void> {
  await db.updateTable('push_targets').set({ problem }).where('id', '=', id).execute()
}

/** Each took a message: whatever was wrong with it is over. */
export async function noteTargetsDelivered(db: Db, ids: readonly string[], now: number): Promise<void> {
  const values = { last_delivered_at: now, problem: null }
  await db.updateTable('push_targets').set(values).where('id', 'in', ids).execute()
}

/** This browser showed something. */
export async function noteTargetShown(db: Db, id: string, now: number): Promise<void> {
  await db.updateTable('push_targets').set({ last_shown_at: now }).where('id', '=', id).execute()
}
