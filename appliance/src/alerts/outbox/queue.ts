import { createHash } from 'node:crypto'
import type { Accounts } from '../../accounts/types.ts'
import type { Permission } from '../../api/permissions.ts'
import type { Bus } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import { newId } from '../../core/ids.ts'
import type { Database, Trx } from '../../db/database.ts'
import type { Events } from '../../events.ts'
import type { Channels, ChannelTarget } from '../channels/channel.ts'
import type { AlertNotice, ChannelId, NoticeAction, QueueNotice } from '../notice.ts'
import { listSnoozed } from '../told/snooze-store.ts'
import { endEntries, insertEntries, insertNotice, listQueuedOfTopic, type OutboxEntry } from './outbox-store.ts'

export interface QueueDeps {
  database: Database
  clock: Clock
  bus: Bus<Events>
  accounts: Pick<Accounts, 'audience'>
  channels: Channels
}

/** One visible notification each: what has the same tag takes the place of what was shown before. */
export function tagOf(subject: AlertNotice['subject']): string {
  if (subject.kind === 'incident') return `incident:${subject.incidentId}`
  return `health:${subject.code}${subject.cameraId === undefined ? '' : `:${subject.cameraId}`}`
}

/** At most 32 characters of the base64url alphabet (RFC 8030): what is undelivered is replaced by what comes later. */
export const topicOf = (tag: string): string => createHash('sha256').update(tag).digest('base64url').slice(0, 32)

/** What somebody must be allowed, beyond being told, to be offered an action. */
const ACTION_NEEDS: Readonly<Record<NoticeAction, Permission | null>> = {
  expected: 'incidents.review',
  light: 'devices.control',
  snooze: null,
}

type Destination = ChannelTarget & { channel: ChannelId }

export function createQueueNotice(deps: QueueDeps): QueueNotice {
  const { database, clock, bus } = deps
  return async (trx, notice) => {
    const now = clock.now()
    const tag = tagOf(notice.subject)
    const id = newId(now)
    await insertNotice(trx, { id, ...columnsOf(notice), tag, createdAt: now })
    const destinations = await destinationsOf(trx, notice, deps)
    if (destinations.length === 0) return 0
    const topic = topicOf(tag)
    await replaceQueued(trx, topic, destinations)
    const offer = await offeredTo(trx, notice, deps)
    const snoozed = await snoozedPeople(trx, notice, now)
    const entries = destinations.map((each): OutboxEntry => {
      const isSnoozed = each.userId !== null && snoozed.has(each.userId)
      return {
        ...{ id: newId(now), noticeId: id, channel: each.channel, targetKey: each.key, targetId: each.targetId },
        ...{ userId: each.userId, actsAs: each.actsAs, label: each.label, actions: offer(each), topic },
        ...{ state: isSnoozed ? 'snoozed' : 'queued', reason: isSnoozed ? 'They asked for an hour of quiet.' : null },
        ...{ createdAt: now, expiresAt: now + notice.ttlS * 1000 },
      }
    })
    await insertEntries(trx, entries)
    const count = entries.filter(({ state }) => state === 'queued').length
    if (count > 0) database.afterCommit(trx, () => bus.emit('alert.queued', { count }))
    return count
  }
}

function columnsOf({ subject, ...notice }: AlertNotice) {
  const ofSubject =
    subject.kind === 'incident'
      ? { incidentId: subject.incidentId, cameraId: subject.cameraId, code: null }
      : { incidentId: null, cameraId: subject.cameraId ?? null, code: subject.code }
  const { state, ruleId, reason, title, body, urgency, ttlS } = notice
  return {
    ...{ kind: subject.kind, ...ofSubject, state, ruleId, reason, title, body, urgency, ttlS },
    ...{ pictureIncidentId: notice.pictureIncidentId ?? null, lightPlugId: notice.lightPlugId ?? null },
    permission: notice.audience.permission,
  }
}

/** Everybody who is told, wherever; and the machines that are. */
async function destinationsOf(trx: Trx, notice: AlertNotice, deps: QueueDeps): Promise<Destination[]> {
  const { permission, userIds } = notice.audience
  const allowed = await deps.accounts.audience(trx, permission, notice.subject.cameraId ?? null)
  const people = new Set(userIds === undefined ? allowed : allowed.filter((id) => userIds.includes(id)))
  const destinations: Destination[] = []
  for (const channel of deps.channels.values()) {
    if (notice.channels !== 'all' && !notice.channels.includes(channel.id)) continue
    for (const target of await channel.targets(trx, people)) destinations.push({ ...target, channel: channel.id })
  }
  return destinations
}

/** What still waits to tell the same places of the same subject is overtaken. */
async function replaceQueued(trx: Trx, topic: string, destinations: readonly Destination[]): Promise<void> {
  const waiting = await listQueuedOfTopic(trx, topic)
  if (waiting.length === 0) return
  const keys = new Set(destinations.map(({ channel, key }) => `${channel} ${key}`))
  const overtaken = waiting.filter(({ channel, targetKey }) => keys.has(`${channel} ${targetKey}`))
  await endEntries(
    trx,
    overtaken.map(({ id }) => id),
    'replaced',
    'Something newer about the same took its place.',
  )
}

/** Nobody is offered what they may not do. */
async function offeredTo(
  trx: Trx,
  notice: AlertNotice,
  { accounts }: QueueDeps,
): Promise<(target: Destination) => NoticeAction[]> {
  const may = new Map<NoticeAction, ReadonlySet<string> | null>()
  for (const action of notice.actions) {
    const needs = ACTION_NEEDS[action]
    const cameraId = action === 'expected' ? (notice.subject.cameraId ?? null) : null
    may.set(action, needs === null ? null : new Set(await accounts.audience(trx, needs, cameraId)))
  }
  return ({ actsAs, userId }) =>
    actsAs === null
      ? []
      : notice.actions.filter((action) => {
          if (action === 'light' && notice.lightPlugId === undefined) return false
          if (action === 'expected' && notice.subject.kind !== 'incident') return false
          const people = may.get(action)
          return people === null ? userId !== null : people?.has(actsAs) === true
        })
}

async function snoozedPeople(trx: Trx, { subject, urgency }: AlertNotice, now: number): Promise<ReadonlySet<string>> {
  if (urgency === 'critical') return new Set()
  return new Set(await listSnoozed(trx, subject.cameraId ?? '', now))
}
