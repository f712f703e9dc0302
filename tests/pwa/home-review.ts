// Lists, reviews, days and what was learned, on plain objects.
import { randomUUID } from 'node:crypto'
import { done, idParams } from '../../appliance/src/api/common.ts'
import * as incidents from '../../appliance/src/api/incidents.ts'
import * as review from '../../appliance/src/api/review.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { summariseDay } from '../../appliance/src/incidents/days/summary.ts'
import { heatOf } from '../../appliance/src/incidents/days/days.ts'
import { dateOf, dayKey, dayLater, homeTimeOf, startOfDay } from '../../appliance/src/core/home-time.ts'
import { asListed } from './home-cameras.ts'
import { find, open, OWNER } from './home-state.ts'
import type { HomeDeps } from './home-state.ts'

const among = <Value>(chosen: readonly Value[] | undefined, value: Value | null | undefined): boolean =>
  chosen === undefined || (value != null && chosen.includes(value))
const asAsked = (asked: 'yes' | 'no' | undefined, is: boolean): boolean =>
  asked === undefined || (asked === 'yes') === is

/** As the index does it, slowly. */
export function fits(it: incidents.Incident, filter: incidents.IncidentsFilter): boolean {
  const words = `${it.camera.name} ${it.classes.map((each) => each.class).join(' ')} ${it.notes}`
    .toLowerCase()
    .split(' ')
  const typed = (filter.q ?? '').toLowerCase().split(' ').filter(Boolean)
  return (
    typed.every((word) => words.some((each) => each.startsWith(word))) &&
    among(filter.camera, it.camera.id) &&
    (filter.class === undefined || it.classes.some((each) => filter.class?.includes(each.class))) &&
    among(filter.band, it.risk?.band) &&
    among(filter.verdict, it.verdict) &&
    among(filter.feedback, it.feedback) &&
    asAsked(filter.reviewed, it.reviewedAt !== null) &&
    asAsked(filter.starred, it.starred) &&
    it.openedAt >= (filter.from ?? 0) &&
    it.openedAt < (filter.until ?? Infinity)
  )
}

type Before = Pick<
  incidents.IncidentDetail,
  'id' | 'feedback' | 'reviewedAt' | 'reviewedBy' | 'starred' | 'notes' | 'reviewCount'
>
const ME = { id: 'owner', name: OWNER.displayName }

export function reviewRoutes(deps: HomeDeps): Route[] {
  return [...listRoutes(deps), ...changeRoutes(deps), ...lookBackRoutes(deps)]
}

function listRoutes({ state }: HomeDeps): Route[] {
  const { data } = state
  const unreviewed = (): number => data.incidents.filter(({ reviewedAt }) => reviewedAt === null).length
  return [
    route({
      ...{ ...open, method: 'GET', path: '/api/incidents', needs: 'incidents.view' },
      ...{ query: incidents.incidentsQuery, reply: incidents.incidentsReply },
      run: async ({ query }) => {
        const all = data.incidents.filter((it) => fits(it, query)).sort((a, b) => b.openedAt - a.openedAt)
        const from = Number(query.cursor ?? 0)
        const page = all.slice(from, from + query.limit).map(asListed)
        const next = from + query.limit
        const nextCursor = next < all.length ? String(next) : null
        return { incidents: page, nextCursor, unreviewed: unreviewed(), preparing: false }
      },
    }),
    route({
      ...{ ...open, method: 'GET', path: '/api/incidents/unreviewed', needs: 'incidents.view' },
      reply: review.unreviewedReply,
      run: async () => ({ unreviewed: unreviewed() }),
    }),
  ]
}

function changeRoutes({ state, bus }: HomeDeps): Route[] {
  const { data } = state
  const acts = new Map<string, Before[]>()
  const tell = (it: incidents.IncidentDetail): void =>
    bus.emit('incident.changed', { change: 'reviewed', incident: asListed(it) })
  /** Changes some; what to send to take it back. */
  function change(some: readonly incidents.IncidentDetail[], to: Partial<Before>): string {
    const before = some.map(({ id, feedback, reviewedAt, reviewedBy, starred, notes, reviewCount }) => ({
      ...{ id, feedback, reviewedAt, reviewedBy, starred, notes, reviewCount },
    }))
    for (const it of some) {
      const mark =
        to.feedback === undefined ? {} : { reviewedAt: to.feedback && Date.now(), reviewedBy: to.feedback && ME }
      Object.assign(it, JSON.parse(JSON.stringify({ ...to, ...mark })), { reviewCount: it.reviewCount + 1 })
      tell(it)
    }
    const id = randomUUID()
    acts.set(id, before)
    return id
  }
  return [
    route({
      ...{ ...open, method: 'PUT', path: '/api/incidents/:id/review', needs: 'incidents.review' },
      ...{ params: idParams, body: review.reviewBody, reply: review.reviewReply },
      run: async ({ params, body: { seen, ...to } }) => {
        const it = find(data.incidents, params.id)
        if (seen !== undefined && seen !== it.reviewCount)
          throw new LaresError('conflict', `${it.reviewedBy?.name ?? 'Somebody'} has changed this incident meanwhile.`)
        const undo = change([it], to as Partial<Before>)
        return { incident: asListed(it), undo }
      },
    }),
    route({
      ...{ ...open, method: 'POST', path: '/api/incidents/review', needs: 'incidents.review' },
      ...{ body: review.bulkReviewBody, reply: review.bulkReviewReply },
      run: async ({ body: { ids, matching, ...to } }) => {
        const all = data.incidents.filter((it) => (ids ? ids.includes(it.id) : fits(it, matching ?? {})))
        const some = all.filter(({ feedback }) => feedback !== 'threat')
        const undo = change(some, to as Partial<Before>)
        return { changed: some.length, threats: all.length - some.length, more: false, undo }
      },
    }),
    route({
      ...{ ...open, method: 'POST', path: '/api/incidents/reviews/:id/undo', needs: 'incidents.review' },
      ...{ params: idParams, reply: review.undoReply },
      run: async ({ params }) => {
        const before = acts.get(params.id) ?? []
        for (const { id, ...was } of before) {
          const it = find(data.incidents, id)
          Object.assign(it, was, { reviewCount: it.reviewCount + 1 })
          tell(it)
        }
        return { restored: before.length, left: 0 }
      },
    }),
  ]
}

function lookBackRoutes({ state }: HomeDeps): Route[] {
  const { data } = state
  return [
    route({
      ...{ ...open, method: 'GET', path: '/api/incidents/:id/reviews', needs: 'incidents.view' },
      ...{ params: idParams, reply: review.reviewHistoryReply },
      run: async ({ params }) => {
        const { feedback, reviewedAt } = find(data.incidents, params.id)
        return reviewedAt === null
          ? { entries: [] }
          : { entries: [{ at: reviewedAt, by: ME.name, feedback, undoneAt: null }] }
      },
    }),
    route({
      ...{ ...open, method: 'GET', path: '/api/incidents/feedback', needs: 'incidents.review' },
      reply: review.learnedReply,
      run: async () => ({ learned: data.learned }),
    }),
    route({
      ...{ ...open, method: 'DELETE', path: '/api/incidents/feedback', needs: 'incidents.review' },
      ...{ query: review.forgetQuery, reply: done },
      run: async ({ query }) => {
        data.learned = data.learned.filter(({ pattern }) => query.pattern !== undefined && pattern !== query.pattern)
        return { ok: true as const }
      },
    }),
    route({
      ...{ ...open, method: 'GET', path: '/api/incidents/day', needs: 'incidents.view' },
      ...{ query: review.dayQuery, reply: review.dayReply },
      run: async ({ query }) => {
        const zone = data.settings.timeZone
        const day = query.day ?? dayKey(homeTimeOf(Date.now(), zone))
        const [from, until] = [startOfDay(dateOf(day), zone), startOfDay(dayLater(dateOf(day), 1), zone)]
        const visits = data.incidents
          .filter((it) => fits(it, { from, until }))
          .map((it) => ({
            ...it,
            ...{ riskScore: it.risk?.score ?? null, reviewed: it.reviewedAt !== null, unusual: false },
          }))
        return { day, from, until, ...summariseDay(visits) }
      },
    }),
    route({
      ...{ ...open, method: 'GET', path: '/api/incidents/heat', needs: 'incidents.view' },
      ...{ query: review.heatQuery, reply: review.heatReply },
      run: async ({ query: { camera, class: kind, weeks } }) => {
        const until = Date.now()
        const from = until - weeks * 7 * 86_400_000
        const filter = { from, ...(camera && { camera: [camera] }), ...(kind && { class: [kind] }) }
        const seen = data.incidents.filter((it) => fits(it, filter)).map(({ openedAt }) => ({ at: openedAt, count: 1 }))
        return { from, until, ...heatOf(seen, data.settings.timeZone) }
      },
    }),
  ]
}
