import type { Selectable, SelectQueryBuilder } from 'kysely'
import type { Box, ObjectClass } from '../api/common.ts'
import type { Incident, Track } from '../api/incidents.ts'
import type { Point } from '../api/zones.ts'
import type { Verdict } from '../api/risk.ts'
import type { Db, Tables } from '../db/index.ts'
import type { IncidentsTable, IncidentTracksTable } from '../db/tables/incidents.ts'
import { decodeBox, encodeBox } from './box-code.ts'
import { asTrackZones, zonesOf, type IncidentZone } from './zones-entered.ts'
import type { FollowedTrack, OpenIncident, StoredClip, StoredSnapshot, LaterParts } from './open-incident.ts'

/** An incident as it is kept. */
export interface StoredIncident extends Pick<
  OpenIncident,
  'id' | 'camera' | 'partOf' | 'openedAt' | 'lastSeenAt' | 'classes' | 'snapshot' | 'clip'
> {
  zones: readonly IncidentZone[]
  closedAt: number | null
  feedback: Incident['feedback']
  reviewedAt: number | null
  later: LaterParts
  verdict: Verdict
  riskScore: number | null
  /** In the one order of all lists. */
  place: number
  reviewedBy: Incident['reviewedBy']
  starred: boolean
  notes: string
  reviewCount: number
}

export type IncidentRow = Selectable<IncidentsTable> & { reviewer_name: string | null }

type ClassList = { class: ObjectClass; count: number; bestScore: number }[]

export function fromRow(row: IncidentRow): StoredIncident {
  const classes = JSON.parse(row.classes) as ClassList
  const clip = row.clip === null ? {} : (JSON.parse(row.clip) as object)
  return {
    ...{ id: row.id, camera: { id: row.camera_id, name: row.camera_name }, partOf: row.part_of },
    ...{ openedAt: row.opened_at, lastSeenAt: row.last_seen_at, closedAt: row.closed_at },
    classes: new Map(classes.map(({ class: name, ...seen }) => [name, seen])),
    zones: JSON.parse(row.zones) as IncidentZone[],
    snapshot: row.snapshot === null ? null : (JSON.parse(row.snapshot) as StoredSnapshot),
    clip: { state: row.clip_state, ...clip } as StoredClip,
    ...{ feedback: row.feedback as Incident['feedback'], reviewedAt: row.reviewed_at },
    later: { lastSeenAt: row.visit_last_seen_at, open: row.visit_open === 1 },
    ...{ verdict: row.verdict as Verdict, riskScore: row.risk_score },
    ...{ place: row.place ?? 0, starred: row.starred === 1, notes: row.notes, reviewCount: row.review_count },
    reviewedBy: row.reviewed_by === null ? null : { id: row.reviewed_by, name: row.reviewer_name },
  }
}

/** Rows with the name of whoever reviewed them. */
export const selectIncidents = (
  from: SelectQueryBuilder<Tables, 'incidents', object>,
): SelectQueryBuilder<Tables, 'incidents', IncidentRow> =>
  from
    .selectAll('incidents')
    .select((eb) =>
      eb
        .selectFrom('users')
        .select('display_name')
        .whereRef('users.id', '=', 'incidents.reviewed_by')
        .as('reviewer_name'),
    )

/** What is written of an incident when it begins. */
export type NewIncident = Pick<
  OpenIncident,
  'id' | 'camera' | 'partOf' | 'openedAt' | 'lastSeenAt' | 'classes' | 'snapshot' | 'tracks' | 'zonesBefore'
>

/** What changes while an incident goes on. */
function toColumns(incident: Omit<NewIncident, 'id' | 'camera' | 'partOf' | 'openedAt'>) {
  return {
    last_seen_at: incident.lastSeenAt,
    classes: JSON.stringify([...incident.classes].map(([name, seen]) => ({ class: name, ...seen }))),
    zones: JSON.stringify(zonesOf(incident)),
    snapshot: incident.snapshot && JSON.stringify(incident.snapshot),
  }
}

export async function insertIncident(db: Db, incident: NewIncident): Promise<void> {
  const { id, camera, openedAt, partOf } = incident
  await db
    .insertInto('incidents')
    .values({
      ...{ id, camera_id: camera.id, camera_name: camera.name, part_of: partOf },
      ...{ state: 'open', opened_at: openedAt, closed_at: null, verdict: 'could-not-look' },
      ...{ clip_state: 'recording', clip: null, feedback: null, reviewed_at: null, reviewed_by: null },
      ...toColumns(incident),
    })
    .execute()
}

/** Writes what grew. Clip and review have their own writers, so that nobody overwrites them. */
export async function updateIncident(db: Db, incident: OpenIncident): Promise<void> {
  await db.updateTable('incidents').set(toColumns(incident)).where('id', '=', incident.id).execute()
}

export async function closeIncident(db: Db, id: string, closedAt: number): Promise<void> {
  await db.updateTable('incidents').set({ state: 'closed', closed_at: closedAt }).where('id', '=', id).execute()
}

export async function saveTracks(db: Db, incidentId: string, tracks: readonly FollowedTrack[]): Promise<void> {
  for (const track of tracks) {
    const columns = {
      ...{ class: track.class, first_seen_at: track.firstSeenAt, last_seen_at: track.lastSeenAt },
      best_score_milli: Math.round(track.bestScore * 1_000),
      path: JSON.stringify(track.path.map(({ at, box }) => [at, ...encodeBox(box)])),
      zones: JSON.stringify(asTrackZones(track.visits)),
    }
    await db
      .insertInto('incident_tracks')
      .values({ id: track.id, incident_id: incidentId, ...columns })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
      .execute()
  }
}

export async function setClip(db: Db, id: string, clip: StoredClip): Promise<void> {
  const { state, ...rest } = clip
  const details = state === 'recording' ? null : JSON.stringify(rest)
  await db.updateTable('incidents').set({ clip_state: state, clip: details }).where('id', '=', id).execute()
}

export async function findIncident(db: Db, id: string): Promise<StoredIncident | null> {
  const row = await selectIncidents(db.selectFrom('incidents')).where('incidents.id', '=', id).executeTakeFirst()
  return row ? fromRow(row) : null
}

export async function findTracks(db: Db, incidentId: string): Promise<Track[]> {
  const rows = await db
    .selectFrom('incident_tracks')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('first_seen_at')
    .orderBy('id')
    .execute()
  return rows.map(trackFromRow)
}

function trackFromRow(row: Selectable<IncidentTracksTable>): Track {
  const path = JSON.parse(row.path) as [number, number, number, number, number][]
  return {
    ...{ id: row.id, class: row.class as ObjectClass, firstSeenAt: row.first_seen_at, lastSeenAt: row.last_seen_at },
    bestScore: row.best_score_milli / 1_000,
    zones: JSON.parse(row.zones) as Track['zones'],
    path: path.map(([at, ...code]): { at: number; box: Box } => ({ at, box: decodeBox(code) })),
  }
}

const MOST_FOOTPRINTS = 2_000
const MOST_TRACKS = 200

/** Feet of the newest tracks of a camera, each way thinned to its share. */
export async function footprints(
  db: Db,
  cameraId: string,
  since: number,
): Promise<{ class: ObjectClass; at: Point }[]> {
  const rows = await db
    .selectFrom('incident_tracks')
    .innerJoin('incidents', 'incidents.id', 'incident_tracks.incident_id')
    .selectAll('incident_tracks')
    .where('incidents.camera_id', '=', cameraId)
    .where('incidents.opened_at', '>=', since)
    .orderBy('incident_tracks.id', 'desc')
    .limit(MOST_TRACKS)
    .execute()
  const share = Math.max(1, Math.floor(MOST_FOOTPRINTS / Math.max(1, rows.length)))
  return rows.map(trackFromRow).flatMap(({ class: name, path }) => {
    const every = Math.ceil(path.length / share)
    return path.filter((_, n) => n % every === 0).map(({ box }) => ({ class: name, at: footOf(box) }))
  })
}

const footOf = ({ x, y, width, height }: Box): Point => ({ x: clamp(x + width / 2), y: clamp(y + height) })
const clamp = (value: number): number => Math.min(1, Math.max(0, value))

export async function openIncidents(db: Db): Promise<StoredIncident[]> {
  const rows = await selectIncidents(db.selectFrom('incidents')).where('state', '=', 'open').orderBy('id').execute()
  return rows.map(fromRow)
}

/** Closed, but their clip was not made yet when the box stopped. */
export async function incidentsWithoutClip(db: Db): Promise<StoredIncident[]> {
  const rows = await selectIncidents(db.selectFrom('incidents'))
    .where('clip_state', '=', 'recording')
    .where('state', '=', 'closed')
    .orderBy('id')
    .execute()
  return rows.map(fromRow)
}

/** Those with a star come last. */
export async function oldestWithClip(db: Db): Promise<StoredIncident | null> {
  const row = await selectIncidents(db.selectFrom('incidents'))
    .where('clip_state', '=', 'ready')
    .orderBy('starred')
    .orderBy('opened_at')
    .orderBy('id')
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** Tells the first incident of a visit how its later parts go on. */
export async function carryOn(db: Db, firstId: string): Promise<void> {
  const { open, last } = await db
    .selectFrom('incidents')
    .select((eb) => [
      eb.fn.max('last_seen_at').as('last'),
      eb.fn.max(eb.case().when('state', '=', 'open').then(1).else(0).end()).as('open'),
    ])
    .where('part_of', '=', firstId)
    .executeTakeFirstOrThrow()
  await db
    .updateTable('incidents')
    .set({ visit_last_seen_at: last, visit_open: Number(open) === 1 ? 1 : 0 })
    .where('id', '=', firstId)
    .execute()
}

/** The later parts of a visit, oldest first. */
export async function findParts(db: Db, firstId: string): Promise<StoredIncident[]> {
  const rows = await selectIncidents(db.selectFrom('incidents')).where('part_of', '=', firstId).orderBy('id').execute()
  return rows.map(fromRow)
}
