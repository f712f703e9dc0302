import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import type { ChannelId, NoticeAction } from '../notice.ts'
import type { StoredTarget } from '../push/target-store.ts'

/** What is told, as the channels need it. */
export interface StoredNotice {
  id: string
  tag: string
  kind: string
  state: string
  incidentId: string | null
  cameraId: string | null
  title: string
  body: string
  urgency: string
  pictureIncidentId: string | null
  lightPlugId: string | null
  createdAt: number
}

export interface NewNotice extends StoredNotice {
  code: string | null
  ruleId: string | null
  reason: string
  ttlS: number
  permission: string
}

export async function insertNotice(db: Db, notice: NewNotice): Promise<void> {
  await db
    .insertInto('alert_notices')
    .values({
      ...{ id: notice.id, tag: notice.tag, kind: notice.kind, state: notice.state, code: notice.code },
      ...{ incident_id: notice.incidentId, camera_id: notice.cameraId, rule_id: notice.ruleId, reason: notice.reason },
      ...{ title: notice.title, body: notice.body, urgency: notice.urgency, ttl_s: notice.ttlS },
      ...{ picture_incident_id: notice.pictureIncidentId, light_plug_id: notice.lightPlugId },
      ...{ permission: notice.permission, created_at: notice.createdAt },
    })
    .execute()
}

export interface OutboxEntry {
  id: string
  noticeId: string
  channel: ChannelId
  /** Within its channel. */
  targetKey: string
  /** Of `push_targets`. */
  targetId: string | null
  userId: string | null
  actsAs: string | null
  label: string
  actions: readonly NoticeAction[]
  topic: string
  state: 'queued' | 'snoozed'
  createdAt: number
  expiresAt: number
  reason: string | null
}

const ROWS_AT_ONCE = 500

export async function insertEntries(db: Db, entries: readonly OutboxEntry[]): Promise<void> {
  const rows = entries.map((entry) => ({
    ...{ id: entry.id, notice_id: entry.noticeId, channel: entry.channel, target_key: entry.targetKey },
    ...{ target_id: entry.targetId, user_id: entry.userId, acts_as: entry.actsAs, label: entry.label },
    ...{ actions: JSON.stringify(entry.actions), topic: entry.topic, state: entry.state, attempts: 0 },
    ...{ next_try_at: entry.createdAt, expires_at: entry.expiresAt, created_at: entry.createdAt },
    ...{ sent_at: null, shown_at: null, opened_at: null, acted_at: null, acted: null, reason: entry.reason },
  }))
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await db
      .insertInto('outbox')
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .execute()
  }
}

/** What still waits to be told of a subject, with the target it goes to. */
export function listQueuedOfTopic(
  db: Db,
  topic: string,
): Promise<{ id: string; channel: string; targetKey: string }[]> {
  return db
    .selectFrom('outbox')
    .select(['id', 'channel', 'target_key as targetKey'])
    .where('topic', '=', topic)
    .where('state', '=', 'queued')
    .execute()
}

/** A queued row with what it tells and the browser it goes to, if it is one. */
export interface DueEntry {
  id: string
  channel: ChannelId
  targetKey: string
  userId: string | null
  label: string
  actions: readonly NoticeAction[]
  topic: string
  attempts: number
  createdAt: number
  expiresAt: number
  notice: StoredNotice
  target: StoredTarget | null
}

const ENTRY_COLUMNS = [
  'outbox.id as entryId',
  'outbox.channel as channel',
  'outbox.target_key as targetKey',
  'outbox.user_id as personId',
  'outbox.label as entryLabel',
  'outbox.actions as actions',
  'outbox.topic as topic',
  'outbox.attempts as attempts',
  'outbox.created_at as queuedAt',
  'outbox.expires_at as expiresAt',
] as const

const NOTICE_COLUMNS = [
  'alert_notices.id as noticeId',
  'alert_notices.tag as tag',
  'alert_notices.kind as kind',
  'alert_notices.state as noticeState',
  'alert_notices.incident_id as incidentId',
  'alert_notices.camera_id as cameraId',
  'alert_notices.title as title',
  'alert_notices.body as body',
  'alert_notices.urgency as urgency',
  'alert_notices.picture_incident_id as pictureIncidentId',
  'alert_notices.light_plug_id as lightPlugId',
  'alert_notices.created_at as noticeCreatedAt',
] as const

const TARGET_COLUMNS = [
  'push_targets.id as targetId',
  'push_targets.user_id as targetUserId',
  'push_targets.origin as origin',
  'push_targets.endpoint as endpoint',
  'push_targets.keys as keys',
  'push_targets.label as targetLabel',
  'push_targets.created_at as targetCreatedAt',
  'push_targets.last_delivered_at as lastDeliveredAt',
  'push_targets.last_shown_at as lastShownAt',
  'push_targets.problem as problem',
] as const

const selectDue = (db: Db, now: number, limit: number) =>
  db
    .selectFrom('outbox')
    .innerJoin('alert_notices', 'alert_notices.id', 'outbox.notice_id')
    .leftJoin('push_targets', 'push_targets.id', 'outbox.target_id')
    .select(ENTRY_COLUMNS)
    .select(NOTICE_COLUMNS)
    .select(TARGET_COLUMNS)
    .where('outbox.state', '=', 'queued')
    .where('outbox.next_try_at', '<=', now)
    .where('outbox.expires_at', '>', now)
    .orderBy('outbox.next_try_at')
    .orderBy('outbox.id')
    .limit(limit)
    .execute()

type DueRow = Awaited<ReturnType<typeof selectDue>>[number]

function targetOf(row: DueRow): StoredTarget | null {
  const { targetId, targetUserId, origin, endpoint, keys, targetLabel, targetCreatedAt } = row
  if (targetId === null || targetUserId === null || origin === null || endpoint === null || keys === null) return null
  return {
    ...{ id: targetId, userId: targetUserId, origin, endpoint, keys, label: targetLabel ?? '' },
    ...{
      createdAt: targetCreatedAt ?? 0,
      lastDeliveredAt: row.lastDeliveredAt,
      lastShownAt: row.lastShownAt,
      problem: row.problem,
    },
  }
}

function noticeOf(row: DueRow): StoredNotice {
  const { tag, kind, incidentId, cameraId, title, body, urgency, pictureIncidentId, lightPlugId } = row
  const words = { title, body, urgency, pictureIncidentId, lightPlugId, createdAt: row.noticeCreatedAt }
  return { id: row.noticeId, tag, kind, state: row.noticeState, incidentId, cameraId, ...words }
}

/** Queued rows whose time has come and is not over, oldest first. */
export async function listDue(db: Db, now: number, limit: number): Promise<DueEntry[]> {
  const notices = new Map<string, StoredNotice>()
  return (await selectDue(db, now, limit)).map((row) => {
    const notice = notices.get(row.noticeId) ?? noticeOf(row)
    notices.set(row.noticeId, notice)
    const { entryId, channel, targetKey, personId, entryLabel, topic, attempts, queuedAt, expiresAt } = row
    return {
      ...{
        id: entryId,
        channel: channel as ChannelId,
        targetKey,
        userId: personId,
        label: entryLabel,
        topic,
        attempts,
      },
      ...{ createdAt: queuedAt, expiresAt, actions: JSON.parse(row.actions) as NoticeAction[] },
      ...{ notice, target: targetOf(row) },
    }
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

/** Whatever was written of them meanwhile: they are out. */
export async function markSent(db: Db, ids: readonly string[], now: number): Promise<void> {
  await db.updateTable('outbox').set({ state: 'sent', sent_at: now, reason: null }).where('id', 'in', ids).execute()
}

/** Only while it still waits: what was replaced meanwhile stays replaced. */
export async function postpone(db: Db, id: string, nextTryAt: number, reason: string): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ next_try_at: nextTryAt, reason })
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .execute()
}

/** Ends what still waits. */
export async function endEntries(
  db: Db,
  ids: readonly string[],
  state: 'failed' | 'dropped' | 'replaced',
  reason: string,
): Promise<void> {
  for (let from = 0; from < ids.length; from += ROWS_AT_ONCE) {
    await db
      .updateTable('outbox')
      .set({ state, reason })
      .where('id', 'in', ids.slice(from, from + ROWS_AT_ONCE))
      .where('state', '=', 'queued')
      .execute()
  }
}

/** What waits for a browser that is forgotten. Call before its row goes. */
export async function endEntriesOfTargets(
  db: Db,
  targetIds: readonly string[],
  state: 'failed' | 'dropped',
  reason: string,
): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ state, reason })
    .where('target_id', 'in', targetIds)
    .where('state', '=', 'queued')
    .execute()
}

/** Rows that are worth nothing any more. Returns how many there were. */
export async function dropExpired(db: Db, now: number): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('outbox')
    .set({ state: 'dropped', reason: sql<string>`coalesce(reason, 'Too old by the time it could be sent.')` })
    .where('state', '=', 'queued')
    .where('expires_at', '<=', now)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** What waits for one person, with what they need to be told it. */
export async function listQueuedFor(
  db: Db,
  userId: string,
): Promise<{ id: string; cameraId: string | null; permission: string }[]> {
  return db
    .selectFrom('outbox')
    .innerJoin('alert_notices', 'alert_notices.id', 'outbox.notice_id')
    .select(['outbox.id as id', 'alert_notices.camera_id as cameraId', 'alert_notices.permission as permission'])
    .where('outbox.state', '=', 'queued')
    .where('outbox.user_id', '=', userId)
    .execute()
}

/** Notices of before this; their rows go with them. */
export async function deleteHistory(db: Db, before: number): Promise<void> {
  await db.deleteFrom('alert_notices').where('created_at', '<', before).execute()
}
