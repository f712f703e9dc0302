import { sql } from 'kysely'
import type { Db } from '../db/database.ts'

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
  'push_targets.problem as problem',
] as const

/** `userId` null: of everybody. */
export function listTargets(db: Db, userId: string | null): Promise<StoredTarget[]> {
  const all = db.selectFrom('push_targets').select(TARGET_COLUMNS).orderBy('id')
  return (userId === null ? all : all.where('user_id', '=', userId)).execute()
}

/** The targets of these people. */
export function listTargetsOfPeople(db: Db, userIds: readonly string[]): Promise<{ id: string; origin: string }[]> {
  return db.selectFrom('push_targets').select(['id', 'origin']).where('user_id', 'in', userIds).execute()
}

/** What waits for targets of one person, with the camera that it tells of. */
export async function listQueuedFor(db: Db, userId: string): Promise<{ id: string; cameraId: string | null }[]> {
  return db
    .selectFrom('outbox')
    .innerJoin('push_targets', 'push_targets.id', 'outbox.target_id')
    .leftJoin('incidents', 'incidents.id', 'outbox.incident_id')
    .select(['outbox.id as id', 'incidents.camera_id as cameraId'])
    .where('outbox.state', '=', 'queued')
    .where('push_targets.user_id', '=', userId)
    .execute()
}

export async function dropEntries(db: Db, ids: readonly string[], reason: string): Promise<void> {
  await db.updateTable('outbox').set({ state: 'dropped', reason }).where('id', 'in', ids).execute()
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
    .values({ id, ...row, created_at: target.createdAt, last_delivered_at: null })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

/** Those that a sign-in asked for. Returns how many there were. */
export async function deleteTargetsOfSession(db: Db, sessionId: string): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('push_targets').where('session_id', '=', sessionId).executeTakeFirst()
  return Number(numDeletedRows)
}

/** What waits for it goes with it. `userId` null: whoever's it is. False when there was none. */
export async function deleteTarget(db: Db, id: string, userId: string | null): Promise<boolean> {
  const one = db.deleteFrom('push_targets').where('id', '=', id)
  const { numDeletedRows } = await (userId === null ? one : one.where('user_id', '=', userId)).executeTakeFirst()
  return numDeletedRows > 0n
}

export async function noteTargetProblem(db: Db, id: string, problem: string): Promise<void> {
  await db.updateTable('push_targets').set({ problem }).where('id', '=', id).execute()
}

/** Each took a message: whatever was wrong with it is over. */
export async function noteTargetsDelivered(db: Db, ids: readonly string[], now: number): Promise<void> {
  const values = { last_delivered_at: now, problem: null }
  await db.updateTable('push_targets').set(values).where('id', 'in', ids).execute()
}

export interface OutboxEntry {
  id: string
  targetId: string
  incidentId: string | null
  kind: string
  payload: string
  urgency: string
  topic: string
  ttlS: number
  createdAt: number
}

const ROWS_AT_ONCE = 500

export async function queueEntries(db: Db, entries: readonly OutboxEntry[]): Promise<void> {
  const rows = entries.map((entry) => ({
    id: entry.id,
    target_id: entry.targetId,
    incident_id: entry.incidentId,
    kind: entry.kind,
    payload: entry.payload,
    urgency: entry.urgency,
    topic: entry.topic,
    ttl_s: entry.ttlS,
    state: 'queued',
    attempts: 0,
    next_try_at: entry.createdAt,
    created_at: entry.createdAt,
    sent_at: null,
    reason: null,
  }))
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await db
      .insertInto('outbox')
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .execute()
  }
}

/** A queued row together with the target it goes to. */
export interface DueEntry extends OutboxEntry {
  attempts: number
  target: StoredTarget
}

/** Queued rows whose time has come and is not over, oldest first. */
export async function listDue(db: Db, now: number, limit: number): Promise<DueEntry[]> {
  const rows = await db
    .selectFrom('outbox')
    .innerJoin('push_targets', 'push_targets.id', 'outbox.target_id')
    .select(TARGET_COLUMNS)
    .select([
      'outbox.id as entryId',
      'outbox.incident_id as incidentId',
      'outbox.kind as kind',
      'outbox.payload as payload',
      'outbox.urgency as urgency',
      'outbox.topic as topic',
      'outbox.ttl_s as ttlS',
      'outbox.attempts as attempts',
      'outbox.created_at as queuedAt',
    ])
    .where('outbox.state', '=', 'queued')
    .where('outbox.next_try_at', '<=', now)
    .where(sql<number>`outbox.created_at + outbox.ttl_s * 1000`, '>', now)
    .orderBy('outbox.next_try_at')
    .orderBy('outbox.id')
    .limit(limit)
    .execute()
  return rows.map(({ entryId, incidentId, kind, payload, urgency, topic, ttlS, attempts, queuedAt, ...target }) => {
    const entry = { id: entryId, targetId: target.id, incidentId, kind, payload, urgency, topic, ttlS, attempts }
    return { ...entry, createdAt: queuedAt, target }
  })
}

/** When the earliest queued row falls due; null when none is queued. */
export async function nextDueAt(db: Db): Promise<number | null> {
  const row = await db
    .selectFrom('outbox')
    .select(({ fn }) => fn.min('next_try_at').as('at'))
    .where('state', '=', 'queued')
    .executeTakeFirst()
  return row?.at === null || row?.at === undefined ? null : Number(row.at)
}

export async function noteAttempts(db: Db, ids: readonly string[]): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ attempts: sql<number>`attempts + 1` })
    .where('id', 'in', ids)
    .execute()
}

export async function markSent(db: Db, ids: readonly string[], now: number): Promise<void> {
  await db.updateTable('outbox').set({ state: 'sent', sent_at: now, reason: null }).where('id', 'in', ids).execute()
}

export async function postpone(db: Db, id: string, nextTryAt: number, reason: string): Promise<void> {
  await db.updateTable('outbox').set({ next_try_at: nextTryAt, reason }).where('id', '=', id).execute()
}

export async function markFailed(db: Db, id: string, reason: string): Promise<void> {
  await db.updateTable('outbox').set({ state: 'failed', reason }).where('id', '=', id).execute()
}

/** Rows that are worth nothing any more. Returns how many there were. */
export async function dropExpired(db: Db, now: number): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('outbox')
    .set({ state: 'dropped', reason: 'Too old by the time it could be sent.' })
    .where('state', '=', 'queued')
    .where(sql<number>`created_at + ttl_s * 1000`, '<=', now)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

export async function deleteHistory(db: Db, before: number): Promise<void> {
  await db.deleteFrom('outbox').where('state', '!=', 'queued').where('created_at', '<', before).execute()
}
