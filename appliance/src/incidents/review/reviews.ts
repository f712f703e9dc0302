import type { IncidentsFilter } from '../../api/incidents.ts'
import {
  MOST_AT_ONCE,
  type BulkReviewBody,
  type BulkReviewReply,
  type ReviewBody,
  type ReviewHistory,
  type ReviewReply,
  type UndoReply,
} from '../../api/review.ts'
import type { Audit, AuditType } from '../../audit/types.ts'
import type { Bus } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Database, Trx } from '../../db/index.ts'
import type { Events } from '../../events.ts'
import type { Principal } from '../../http/route.ts'
import { describeIncident } from '../open-incident.ts'
import type { Indexer } from '../search/indexer.ts'
import { findIncidents } from '../search/search.ts'
import type { StoredIncident } from '../store.ts'
import * as store from './review-store.ts'
import type { ReviewState } from './review-store.ts'

/** Somebody who may review, and how they came. */
export interface Reviewer {
  principal: Principal
  address: string
  userAgent: string
}

export interface ReviewsDeps {
  database: Database
  clock: Clock
  bus: Bus<Events>
  audit: Pick<Audit, 'record'>
  indexer: Pick<Indexer, 'index'>
}

/** What people say about incidents. Everything can be taken back, exactly as it was, by whoever did it. */
export interface Reviews {
  /** Throws `conflict` REVIEWED_MEANWHILE when somebody else has said something since it was `seen`. */
  review(id: string, body: ReviewBody, by: Reviewer): Promise<ReviewReply>
  reviewMany(body: BulkReviewBody, by: Reviewer): Promise<BulkReviewReply>
  undo(actId: string, by: Reviewer): Promise<UndoReply>
  history(id: string, by: Pick<Reviewer, 'principal'>): Promise<ReviewHistory>
}

/** The toast offers it for ten seconds; a slow network, or a second look, gets a little longer. */
const UNDO_WITHIN_MS = 10 * 60_000
/** So many are written before others get their turn. */
const ROWS_AT_ONCE = 100

type Change = Pick<ReviewBody, 'feedback' | 'starred' | 'notes'>

/** What a review comes to; the same object when nothing changes. Pure. */
export function changed(before: ReviewState, change: Change, at: number, userId: string): ReviewState {
  const { feedback = before.feedback, starred = before.starred, notes = before.notes } = change
  if (feedback === before.feedback && starred === before.starred && notes === before.notes) return before
  const mark = { feedback, reviewedAt: feedback && at, reviewedBy: feedback && userId }
  return { ...before, starred, notes, ...(feedback !== before.feedback && mark) }
}

const maySee = ({ principal: { cameras } }: Pick<Reviewer, 'principal'>, it: StoredIncident): boolean =>
  cameras === null || cameras.has(it.camera.id)

function reviewedMeanwhile(it: StoredIncident): LaresError {
  const who = it.reviewedBy?.name ?? 'Somebody'
  const words = `${who} has changed this incident meanwhile. Look at it again; nothing was changed now.`
  return new LaresError('conflict', words, { code: 'REVIEWED_MEANWHILE', details: { feedback: it.feedback } })
}

export function createReviews(deps: ReviewsDeps): Reviews {
  const { database, clock } = deps

  async function mustFind(trx: Trx, id: string, by: Pick<Reviewer, 'principal'>): Promise<StoredIncident> {
    const [found] = await store.findIncidentsById(trx, [id])
    if (found && maySee(by, found)) return found
    throw new LaresError('not-found', 'There is no such incident.')
  }

  async function which({ ids, matching }: BulkReviewBody, by: Reviewer): Promise<string[]> {
    if (ids && !matching) return [...new Set(ids)]
    if (ids || !matching) throw new LaresError('invalid', 'Say which incidents: either their ids or what they match.')
    const piece = { before: null, limit: MOST_AT_ONCE + 1 }
    const found = await findIncidents(database.reader, matching satisfies IncidentsFilter, by.principal.cameras, piece)
    return found.map(({ id }) => id)
  }

  return {
    async review(id, body, by) {
      const act = { id: newId(clock.now()), at: clock.now(), userId: by.principal.userId }
      return database.transaction(async (trx, afterCommit) => {
        const found = await mustFind(trx, id, by)
        const wasSeen = body.seen === undefined || body.seen === found.reviewCount
        if (!wasSeen) throw reviewedMeanwhile(found)
        const done = await apply(trx, [found], body, act)
        if (done.length === 0) return { incident: describeIncident(found, found), undo: null }
        await finish(deps, trx, afterCommit, done, { type: 'incident_reviewed', by, change: body })
        const after = await mustFind(trx, id, by)
        return { incident: describeIncident(after, after), undo: act.id }
      })
    },
    async reviewMany(body, by) {
      const ids = await which(body, by)
      const act = { id: newId(clock.now()), at: clock.now(), userId: by.principal.userId }
      let threats = 0
      let count = 0
      for (const some of chunksOf(ids.slice(0, MOST_AT_ONCE))) {
        await database.transaction(async (trx, afterCommit) => {
          const found = (await store.findIncidentsById(trx, some)).filter((it) => maySee(by, it))
          const kept = found.filter((it) => it.feedback === 'threat' && (body.feedback ?? 'threat') !== 'threat')
          const done = await apply(trx, without(found, kept), body, act)
          threats += kept.length
          count += done.length
          if (done.length > 0)
            await finish(deps, trx, afterCommit, done, { type: 'incident_reviewed', by, change: body })
        })
      }
      return { changed: count, threats, more: ids.length > MOST_AT_ONCE, undo: count > 0 ? act.id : null }
    },
    undo: (actId, by) => undo(deps, actId, by),
    async history(id, by) {
      const [found] = await store.findIncidentsById(database.reader, [id])
      if (!found || !maySee(by, found)) throw new LaresError('not-found', 'There is no such incident.')
      return { entries: await store.listHistory(database.reader, id) }
    },
  }
}

function undo(deps: ReviewsDeps, actId: string, by: Reviewer): Promise<UndoReply> {
  const { database, clock } = deps
  return database.transaction(async (trx, afterCommit) => {
    const act = await store.findAct(trx, actId)
    if (!act) throw new LaresError('not-found', 'There is nothing to take back.')
    mayUndo(act, by, clock.now())
    const restored = await restore(trx, act, by)
    if (restored.length === 0)
      throw new LaresError('conflict', 'Somebody has changed this since; it stays as it is now.', {
        code: 'REVIEWED_MEANWHILE',
      })
    await store.markUndone(trx, actId, clock.now())
    await finish(deps, trx, afterCommit, restored, { type: 'review_undone', by, change: {} })
    return { restored: restored.length, left: act.changes.length - restored.length }
  })
}

function chunksOf(ids: readonly string[]): string[][] {
  const chunks: string[][] = []
  for (let from = 0; from < ids.length; from += ROWS_AT_ONCE) chunks.push(ids.slice(from, from + ROWS_AT_ONCE))
  return chunks
}

const without = <Item>(all: readonly Item[], some: readonly Item[]): Item[] => all.filter((it) => !some.includes(it))

/** Writes what changes, with what it was before; returns the ids. */
async function apply(
  trx: Trx,
  incidents: readonly StoredIncident[],
  change: Change,
  act: { id: string; at: number; userId: string },
): Promise<string[]> {
  const done: string[] = []
  for (const it of incidents) {
    const before = store.reviewOf(it)
    const after = changed(before, change, act.at, act.userId)
    if (after === before) continue
    // The act is known by the first change of it that is written.
    if (done.length === 0 && !(await store.findAct(trx, act.id))) await store.insertAct(trx, act)
    const countAfter = it.reviewCount + 1
    await store.writeReview(trx, it.id, after, countAfter)
    await store.insertChange(trx, act.id, { incidentId: it.id, before, after, countAfter })
    done.push(it.id)
  }
  return done
}

function mayUndo(act: store.StoredAct, { principal }: Reviewer, now: number): void {
  if (act.userId !== principal.userId) throw new LaresError('forbidden', 'Only whoever did this can take it back.')
  if (act.undoneAt !== null) throw new LaresError('conflict', 'This was taken back already.')
  if (now - act.at > UNDO_WITHIN_MS)
    throw new LaresError('conflict', 'This is too long ago to take back. Mark it anew instead.')
}

/** Each as it was, with who had reviewed it when; whatever somebody has changed since stays. */
async function restore(trx: Trx, act: store.StoredAct, by: Reviewer): Promise<string[]> {
  const found = await store.findIncidentsById(
    trx,
    act.changes.map(({ incidentId }) => incidentId),
  )
  const known = new Map(found.map((it) => [it.id, it]))
  const restored: string[] = []
  for (const { incidentId, before, countAfter } of act.changes) {
    const now = known.get(incidentId)
    if (!now || now.reviewCount !== countAfter || !maySee(by, now)) continue
    await store.writeReview(trx, incidentId, before, countAfter + 1)
    restored.push(incidentId)
  }
  return restored
}

/** Record and index belong to the same transaction; who looks is told after it. */
async function finish(
  { audit, bus, indexer }: ReviewsDeps,
  trx: Trx,
  afterCommit: (run: () => void) => void,
  ids: readonly string[],
  { type, by, change }: { type: AuditType; by: Reviewer; change: Change },
): Promise<void> {
  const { principal: who, address, userAgent } = by
  const [only] = ids
  const details = {
    count: ids.length,
    ...(change.feedback !== undefined && { feedback: change.feedback }),
    ...(change.starred !== undefined && { starred: change.starred }),
    ...(change.notes !== undefined && { notes: true }),
  }
  const resource = ids.length === 1 && only !== undefined ? `incident:${only}` : 'incidents'
  await audit.record(trx, { type, who, address, userAgent, resource, details })
  await indexer.index(trx, ids)
  const after = await store.findIncidentsById(trx, ids)
  afterCommit(() => {
    for (const it of after) bus.emit('incident.changed', { change: 'reviewed', incident: describeIncident(it, it) })
  })
}
