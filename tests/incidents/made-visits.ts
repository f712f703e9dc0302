// Visits made up at random, the same for the same seed, and a slow and simple idea of what finds them.
import type { ObjectClass } from '../../appliance/src/api/common.ts'
import { OBJECT_CLASSES } from '../../appliance/src/api/common.ts'
import { INCIDENT_FEEDBACK, type IncidentFeedback, type IncidentsFilter } from '../../appliance/src/api/incidents.ts'
import { VERDICTS, type Verdict } from '../../appliance/src/api/risk.ts'
import { bandOf } from '../../appliance/src/api/risk-bands.ts'
import type { Db } from '../../appliance/src/db/index.ts'
import { documentOf } from '../../appliance/src/incidents/search/document.ts'
import { wordsIn } from '../../appliance/src/incidents/search/words.ts'
import type { VisibleCameras } from '../../appliance/src/incidents/types.ts'

const uuid = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`

export const CAMERAS = ['Front door', 'Drive', 'Gärten', 'Hall'].map((name, n) => ({ id: uuid(n + 1), name }))
export const PLUGS = ['Porch light', 'Pump'].map((name, n) => ({ id: uuid(n + 50), name }))

export const ZONES = ['Porch', 'Lawn'].map((name, n) => ({ id: uuid(n + 70), name, kind: 'garden' as const }))

export interface MadeVisit {
  id: string
  camera: { id: string; name: string }
  openedAt: number
  classes: ObjectClass[]
  feedback: IncidentFeedback | null
  reviewedAt: number | null
  starred: boolean
  notes: string
  verdict: Verdict
  riskScore: number | null
  factors: string[]
  partOf: string | null
  /** Switched meanwhile; the other plug only stood as it was. */
  plug: { id: string; name: string } | null
  zones: typeof ZONES
}

/** A small generator of numbers below `end`; the same sequence for the same seed. */
function dice(seed: number): (end: number) => number {
  let state = seed
  return (end) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * end)
  }
}

export function makeVisits(count: number, seed: number): MadeVisit[] {
  const roll = dice(seed)
  const pick = <Value>(values: readonly Value[]): Value => values[roll(values.length)] as Value
  const made: MadeVisit[] = []
  for (let n = 0; n < count; n++) {
    const feedback = roll(3) === 0 ? pick(INCIDENT_FEEDBACK) : null
    const before = made[n - 1]
    made.push({
      ...{ id: uuid(1_000 + n), camera: pick(CAMERAS), feedback, reviewedAt: feedback && 1 },
      // Several in one second, and now and then a clock that goes back.
      openedAt: Date.UTC(2026, 2, 28, 20) + Math.floor(n / 3) * 21_000 + roll(900) - (n % 50 === 9 ? 3_600_000 : 0),
      classes: [...new Set([pick(OBJECT_CLASSES), ...(roll(4) === 0 ? [pick(OBJECT_CLASSES)] : [])])],
      ...{ starred: roll(5) === 0, notes: roll(6) === 0 ? 'Left a parcel.' : '' },
      ...{ verdict: pick(VERDICTS), riskScore: roll(5) === 0 ? null : roll(101) },
      factors: roll(2) === 0 ? ['Somebody loitered at night.'] : [],
      partOf: before && before.partOf === null && roll(6) === 0 ? before.id : null,
      plug: roll(8) === 0 ? pick(PLUGS) : null,
      zones: ZONES.filter((_, zone) => (n + zone) % 5 === 0),
    })
  }
  return made
}

export async function insertVisits(db: Db, visits: readonly MadeVisit[]): Promise<void> {
  for (const visit of visits) {
    await db
      .insertInto('incidents')
      .values({
        ...{ id: visit.id, camera_id: visit.camera.id, camera_name: visit.camera.name, state: 'closed' },
        ...{ opened_at: visit.openedAt, last_seen_at: visit.openedAt, closed_at: visit.openedAt, snapshot: null },
        classes: JSON.stringify(visit.classes.map((name) => ({ class: name, count: 1, bestScore: 0.8 }))),
        ...{
          clip_state: 'missing',
          clip: '{"reason":"none"}',
          feedback: visit.feedback,
          reviewed_at: visit.reviewedAt,
        },
        ...{ reviewed_by: null, part_of: visit.partOf, visit_last_seen_at: null, verdict: visit.verdict },
        ...{ risk_score: visit.riskScore, starred: visit.starred ? 1 : 0, notes: visit.notes },
        zones: JSON.stringify(visit.zones.map((zone) => ({ ...zone, stayedMs: 1_000 }))),
      })
      .execute()
    if (visit.factors.length > 0) await judge(db, visit)
    const plugs = PLUGS.map((plug) => ({ ...plug, times: plug.id === visit.plug?.id ? 2 : 1 }))
    const rows = plugs.flatMap(({ id, name, times }) =>
      Array.from({ length: times }, (_, n) => ({
        ...{ incident_id: visit.id, at: visit.openedAt + n, plug_id: id, name, is_on: n as 0 | 1, power_mw: null },
      })),
    )
    await db.insertInto('incident_plugs').values(rows).execute()
  }
}

async function judge(db: Db, visit: MadeVisit): Promise<void> {
  await db
    .insertInto('incident_assessments')
    .values({
      ...{ incident_id: visit.id, by: 'rules', at: visit.openedAt, verdict: visit.verdict, score: visit.riskScore },
      ...{ rules_score: visit.riskScore, facts: null },
      rules_factors: JSON.stringify(visit.factors.map((words) => ({ code: 'x', words, points: 1 }))),
      ...{ rules_verdict: visit.verdict, language_state: 'off', language_due_at: null, language_tries: 0 },
      ...{ asked_score: null, language: null, prompt: null },
    })
    .execute()
}

/** Newest first: what began a visit, or began it for whoever sees only some cameras. */
export function seenBy(made: readonly MadeVisit[], visible: VisibleCameras): MadeVisit[] {
  const known = new Map(made.map((visit) => [visit.id, visit]))
  const sees = (visit: MadeVisit | undefined): boolean =>
    visit !== undefined && (visible === null || visible.has(visit.camera.id))
  const seconds = (visit: MadeVisit): number => Math.floor(visit.openedAt / 1_000)
  return made
    .filter((visit) => sees(visit) && !(visit.partOf !== null && sees(known.get(visit.partOf))))
    .toSorted((a, b) => seconds(b) - seconds(a) || made.indexOf(b) - made.indexOf(a))
}

export function fitsNaively(
  visit: MadeVisit,
  made: readonly MadeVisit[],
  filter: IncidentsFilter,
  visible: VisibleCameras,
): boolean {
  const parts = [visit, ...made.filter(({ partOf }) => partOf === visit.id)]
  const seen = parts.filter(({ camera }) => visible === null || visible.has(camera.id))
  const onCamera = seen.filter(({ camera }) => !filter.camera || filter.camera.includes(camera.id))
  const words = wordsOf(visit)
  // Whoever sees only some cameras finds a visit by the zones of its own beginning.
  const entered = (visible === null ? parts : [visit]).flatMap(({ zones }) => zones)
  const band = visit.riskScore === null ? null : bandOf(visit.riskScore)
  const chosen = <Value>(list: readonly Value[] | undefined, value: Value | null | undefined): boolean =>
    !list || (value != null && list.includes(value))
  return (
    onCamera.some(({ classes }) => !filter.class || classes.some((name) => filter.class?.includes(name))) &&
    wordsIn(filter.q ?? '').every((typed) => words.some((word) => word.startsWith(typed))) &&
    chosen(filter.band, band) &&
    chosen(filter.verdict, visit.verdict) &&
    chosen(filter.feedback, visit.feedback) &&
    chosen(filter.plug, visit.plug?.id) &&
    (!filter.zone || entered.some(({ id }) => filter.zone?.includes(id))) &&
    (!filter.reviewed || (filter.reviewed === 'yes') === (visit.reviewedAt !== null)) &&
    (!filter.starred || (filter.starred === 'yes') === visit.starred) &&
    (filter.from === undefined || visit.openedAt >= filter.from) &&
    (filter.until === undefined || visit.openedAt < filter.until)
  )
}

/** Which words belong to an incident is the document's own business, and tested by itself. */
function wordsOf(visit: MadeVisit): readonly string[] {
  const { id: _, factors, plug, partOf: _part, reviewedAt, ...rest } = visit
  const plain = { ...rest, reviewed: reviewedAt !== null, assessment: factors, plugs: plug ? [plug] : [] }
  return documentOf({ ...plain, place: 0, partOfCamera: null, parts: [] }, 'Europe/Berlin').words
}
