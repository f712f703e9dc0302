import type { Selectable } from 'kysely'
import type { Permission } from '../../api/permissions.ts'
import type { NoticeDelivery, ToldNotice } from '../../api/alerts.ts'
import type { Db } from '../../db/database.ts'
import type { AlertNoticesTable, OutboxTable } from '../../db/tables/alerts.ts'
import type { NoticeAction } from '../notice.ts'

export interface HistoryQuery {
  limit: number
  before?: string | undefined
  incident?: string | undefined
  /** Notices that need others are left out. */
  permissions: readonly Permission[]
  /** null: of all cameras. */
  cameras: ReadonlySet<string> | null
  /** Whose deliveries alone; null: everybody's. */
  userId: string | null
}

/** Newest first. */
export async function listTold(db: Db, query: HistoryQuery): Promise<ToldNotice[]> {
  let notices = db.selectFrom('alert_notices').selectAll().where('permission', 'in', query.permissions)
  const { before, incident, cameras } = query
  if (before !== undefined) notices = notices.where('id', '<', before)
  if (incident !== undefined) notices = notices.where('incident_id', '=', incident)
  if (cameras !== null)
    notices = notices.where((eb) => eb.or([eb('camera_id', 'is', null), eb('camera_id', 'in', [...cameras])]))
  const rows = await notices.orderBy('id', 'desc').limit(query.limit).execute()
  const deliveries = await listDeliveries(
    db,
    rows.map(({ id }) => id),
    query.userId,
  )
  return rows.map((row) => toNotice(row, deliveries.get(row.id) ?? []))
}

function toNotice(row: Selectable<AlertNoticesTable>, deliveries: NoticeDelivery[]): ToldNotice {
  return {
    ...{ id: row.id, at: row.created_at, kind: row.kind as ToldNotice['kind'], state: row.state },
    ...{ incidentId: row.incident_id, cameraId: row.camera_id, title: row.title, body: row.body, reason: row.reason },
    ...{ urgency: row.urgency as ToldNotice['urgency'], deliveries },
  }
}

async function listDeliveries(
  db: Db,
  noticeIds: readonly string[],
  userId: string | null,
): Promise<Map<string, NoticeDelivery[]>> {
  if (noticeIds.length === 0) return new Map()
  let rows = db
    .selectFrom('outbox')
    .leftJoin('users', 'users.id', 'outbox.user_id')
    .selectAll('outbox')
    .select('users.display_name as person')
    .where('notice_id', 'in', noticeIds)
  if (userId !== null) rows = rows.where('outbox.user_id', '=', userId)
  const byNotice = new Map<string, NoticeDelivery[]>()
  for (const row of await rows.orderBy('outbox.id').execute()) {
    const list = byNotice.get(row.notice_id) ?? []
    byNotice.set(row.notice_id, list)
    list.push(toDelivery(row))
  }
  return byNotice
}

function toDelivery(row: Selectable<OutboxTable> & { person: string | null }): NoticeDelivery {
  return {
    ...{ id: row.id, channel: row.channel as NoticeDelivery['channel'], label: row.label, person: row.person },
    ...{ state: row.state as NoticeDelivery['state'], attempts: row.attempts, sentAt: row.sent_at },
    ...{ shownAt: row.shown_at, openedAt: row.opened_at, acted: row.acted as NoticeAction | null },
    ...{ actedAt: row.acted_at, reason: row.reason },
  }
}

/** One row of the outbox, with what its actions need to know. */
export interface ToldEntry {
  id: string
  channel: string
  targetId: string | null
  userId: string | null
  actsAs: string | null
  actions: readonly NoticeAction[]
  createdAt: number
  tag: string
  incidentId: string | null
  cameraId: string | null
  lightPlugId: string | null
}

export async function findTold(db: Db, id: string): Promise<ToldEntry | null> {
  const row = await db
    .selectFrom('outbox')
    .innerJoin('alert_notices', 'alert_notices.id', 'outbox.notice_id')
    .select([
      'outbox.id as id',
      'outbox.channel as channel',
      'outbox.target_id as targetId',
      'outbox.user_id as userId',
      'outbox.acts_as as actsAs',
      'outbox.actions as actions',
      'outbox.created_at as createdAt',
      'alert_notices.tag as tag',
      'alert_notices.incident_id as incidentId',
      'alert_notices.camera_id as cameraId',
      'alert_notices.light_plug_id as lightPlugId',
    ])
    .where('outbox.id', '=', id)
    .executeTakeFirst()
  return row ? { ...row, actions: JSON.parse(row.actions) as NoticeAction[] } : null
}

/** The first time counts. What was opened was shown. */
export async function noteReport(db: Db, id: string, what: 'shown' | 'opened', now: number): Promise<void> {
  await db.updateTable('outbox').set({ shown_at: now }).where('id', '=', id).where('shown_at', 'is', null).execute()
  if (what === 'opened')
    await db.updateTable('outbox').set({ opened_at: now }).where('id', '=', id).where('opened_at', 'is', null).execute()
}

export async function noteActed(db: Db, id: string, action: NoticeAction, now: number): Promise<void> {
  await db.updateTable('outbox').set({ acted: action, acted_at: now }).where('id', '=', id).execute()
}

/** What the canary looks at. */
export interface Answers {
  /** Browsers that are on the list. */
  phones: number
  /** Since when there is one. */
  firstPhoneAt: number | null
  /** When any of them last said that it showed something. */
  lastShownAt: number | null
  /** The first push that was taken since then, and that nobody has answered. */
  unansweredSince: number | null
  lastSentAt: number | null
}

export async function readAnswers(db: Db): Promise<Answers> {
  const phones = await db
    .selectFrom('push_targets')
    .select(({ fn }) => [
      fn.countAll().as('count'),
      fn.max('last_shown_at').as('shown'),
      fn.min('created_at').as('first'),
    ])
    .executeTakeFirstOrThrow()
  const lastShownAt = phones.shown === null ? null : Number(phones.shown)
  const sent = db.selectFrom('outbox').where('channel', '=', 'push').where('state', '=', 'sent')
  const last = await sent.select(({ fn }) => fn.max('sent_at').as('at')).executeTakeFirst()
  const first = await sent
    // A phone that is gone answers no more.
    .where('target_id', 'is not', null)
    .where('sent_at', '>', lastShownAt ?? 0)
    .select(({ fn }) => fn.min('sent_at').as('at'))
    .executeTakeFirst()
  return {
    ...{ phones: Number(phones.count), lastShownAt },
    firstPhoneAt: phones.first === null ? null : Number(phones.first),
    unansweredSince: first?.at == null ? null : Number(first.at),
    lastSentAt: last?.at == null ? null : Number(last.at),
  }
}

/** When something was last told under this tag; null when it never was. */
export async function lastToldAt(db: Db, tag: string): Promise<number | null> {
  const row = await db
    .selectFrom('alert_notices')
    .select(({ fn }) => fn.max('created_at').as('at'))
    .where('tag', '=', tag)
    .executeTakeFirst()
  return row?.at == null ? null : Number(row.at)
}
