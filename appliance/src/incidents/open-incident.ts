import type { Box, ObjectClass } from '../api/common.ts'
import type { Incident } from '../api/incidents.ts'
import type { Verdict } from '../api/risk.ts'
import { bandOf } from '../api/risk-bands.ts'
import { newId } from '../core/ids.ts'
import type { Observation, VisibleTrack, ZoneVisit } from '../vision/types.ts'
import type { VisitSoFar } from './visits.ts'
import { visitsSince, type IncidentZone } from './zones-entered.ts'

/** Something that was followed during an incident; `id` is its row's, the tracker's own is the key it is kept under. */
export interface FollowedTrack {
  id: string
  class: ObjectClass
  firstSeenAt: number
  lastSeenAt: number
  bestScore: number
  path: { at: number; box: Box }[]
  /** Where it stayed while the incident went on. */
  visits: readonly ZoneVisit[]
  /** Not yet written. */
  changed: boolean
}

export interface StoredSnapshot {
  /** Relative to the media folder. */
  file: string
  width: number
  height: number
  takenAt: number
  boxes: { class: ObjectClass; score: number; box: Box }[]
}

export type StoredClip =
  | { state: 'recording' }
  | { state: 'ready'; file: string; startsAt: number; durationMs: number }
  | { state: 'missing'; reason: string }

/** A frame that shows more than the present picture does. */
export interface BetterPicture {
  frame: Observation['frame']
  takenAt: number
  boxes: StoredSnapshot['boxes']
}

/** An incident while it goes on: the truth in memory, written to its row at most once a second. */
export interface OpenIncident {
  id: string
  camera: { id: string; name: string }
  /** Id of the incident that began the visit which this one carries on. */
  partOf: string | null
  visit: VisitSoFar
  openedAt: number
  lastSeenAt: number
  classes: Map<ObjectClass, { count: number; bestScore: number }>
  tracks: Map<string, FollowedTrack>
  /** Of before the box stopped, where this incident goes on after that. */
  zonesBefore: readonly IncidentZone[]
  snapshot: StoredSnapshot | null
  /** How much the best picture so far shows. */
  pictureQuality: number
  better: BetterPicture | null
  clip: StoredClip
}

const MOST_PATH_POINTS = 300
/** A new picture must be clearly better, and not come at every frame. */
const BETTER_BY = 1.3
const PICTURE_EVERY_MS = 1_000

export function openIncident(
  camera: { id: string; name: string },
  observation: Observation,
  active: readonly VisibleTrack[],
  visitOf: (id: string) => VisitSoFar,
): OpenIncident {
  const id = newId(observation.at)
  const visit = visitOf(id)
  const incident: OpenIncident = {
    ...{ id, camera: { id: camera.id, name: camera.name }, partOf: visit.id === id ? null : visit.id, visit },
    ...{ openedAt: observation.at, lastSeenAt: observation.at, classes: new Map(), tracks: new Map() },
    ...{ zonesBefore: [], snapshot: null, pictureQuality: 0, better: null, clip: { state: 'recording' } },
  }
  grow(incident, observation, active)
  return incident
}

/** Takes in what one frame shows. */
export function grow(incident: OpenIncident, observation: Observation, active: readonly VisibleTrack[]): void {
  incident.lastSeenAt = Math.max(incident.lastSeenAt, observation.at)
  for (const track of active) followTrack(incident, track, observation.at)
  countClasses(incident, active)
  considerPicture(incident, observation, active)
}

function followTrack(incident: OpenIncident, track: VisibleTrack, at: number): void {
  const followed = incident.tracks.get(track.id) ?? {
    ...{ id: newId(at), class: track.class, firstSeenAt: track.firstSeenAt, lastSeenAt: at, bestScore: 0 },
    ...{ path: [], visits: [], changed: true },
  }
  incident.tracks.set(track.id, followed)
  followed.class = track.class
  followed.lastSeenAt = at
  followed.bestScore = Math.max(followed.bestScore, track.score, track.bestScore)
  followed.path.push({ at, box: track.box })
  followed.visits = visitsSince(track.visits, incident.openedAt)
  followed.changed = true
  // Thinning by halves keeps the whole way, coarser the longer it is.
  if (followed.path.length > MOST_PATH_POINTS) followed.path = followed.path.filter((_, n) => n % 2 === 0)
}

/** Counts the most that were in sight at once: a track that breaks and begins again is still one person. */
function countClasses(incident: OpenIncident, active: readonly VisibleTrack[]): void {
  for (const track of active) {
    const known = incident.classes.get(track.class) ?? { count: 0, bestScore: 0 }
    const now = active.filter((other) => other.class === track.class).length
    incident.classes.set(track.class, {
      count: Math.max(known.count, now),
      bestScore: Math.max(known.bestScore, track.score, track.bestScore),
    })
  }
}

function considerPicture(incident: OpenIncident, { frame, at }: Observation, active: readonly VisibleTrack[]): void {
  const quality = pictureQuality(active)
  const tooSoon = incident.snapshot !== null && at - incident.snapshot.takenAt < PICTURE_EVERY_MS
  if (quality <= incident.pictureQuality * BETTER_BY || tooSoon) return
  incident.pictureQuality = quality
  const boxes = active.map((track) => ({ class: track.class, score: track.score, box: track.box }))
  incident.better = { frame, takenAt: at, boxes }
}

/** A person is what an incident is about; the van behind is larger, but not the better picture. */
const WORTH_OF_OTHERS = 0.4

type Shown = Pick<VisibleTrack, 'class' | 'score' | 'box' | 'pictureQuality'>

/** How much a picture shows of its best thing: as vision judged its pixels, or score × √area of one that was stored. */
export function pictureQuality(things: readonly Shown[]): number {
  const worth = (name: ObjectClass): number => (name === 'person' ? 1 : WORTH_OF_OTHERS)
  const quality = ({ score, box, pictureQuality: judged }: Shown): number =>
    judged ?? score * Math.sqrt(box.width * box.height)
  return Math.max(0, ...things.map((thing) => worth(thing.class) * quality(thing)))
}

/** Relative name of an incident's file. Ids begin with the time: their first letters make a folder of seven weeks. */
export function fileOf(id: string, ending: string): string {
  return `incidents/${id.slice(0, 4)}/${id}${ending}`
}

/** How long the one who stayed longest was followed in this incident. */
export function longestStayMs({ tracks, openedAt }: Pick<OpenIncident, 'tracks' | 'openedAt'>): number {
  const stays = [...tracks.values()].map(({ firstSeenAt, lastSeenAt }) => lastSeenAt - Math.max(firstSeenAt, openedAt))
  return Math.max(0, ...stays)
}

/** What the later parts of a visit say about its first. */
export interface LaterParts {
  /** null: there are no later parts. */
  lastSeenAt: number | null
  open: boolean
}

/** What is known of an incident beyond what was seen. */
export interface Known {
  closedAt: number | null
  later: LaterParts
  verdict: Verdict
  riskScore: number | null
  feedback: Incident['feedback']
  reviewedAt: number | null
  reviewedBy: Incident['reviewedBy']
  starred: boolean
  notes: string
  reviewCount: number
}

/** As the app sees it. */
export function describeIncident(
  incident: Pick<
    OpenIncident,
    'id' | 'camera' | 'partOf' | 'openedAt' | 'lastSeenAt' | 'classes' | 'snapshot' | 'clip'
  > & { zones: readonly IncidentZone[] },
  known: Known,
): Incident {
  const { id, camera, partOf, openedAt, snapshot, clip } = incident
  const { later, verdict, riskScore, feedback, reviewedAt, reviewedBy, starred, notes, reviewCount } = known
  const isOpen = known.closedAt === null || later.open
  const lastSeenAt = Math.max(incident.lastSeenAt, later.lastSeenAt ?? 0)
  return {
    ...{ id, camera, partOf, state: isOpen ? 'open' : 'closed', openedAt, lastSeenAt },
    closedAt: isOpen ? null : Math.max(known.closedAt ?? 0, later.lastSeenAt ?? 0),
    classes: [...incident.classes].map(([name, seen]) => ({ class: name, ...seen })),
    zones: [...incident.zones],
    snapshot: snapshot && {
      url: `/api/incidents/${id}/snapshot.jpg?v=${snapshot.takenAt}`,
      ...{ width: snapshot.width, height: snapshot.height, takenAt: snapshot.takenAt, boxes: snapshot.boxes },
    },
    clip:
      clip.state === 'ready'
        ? { state: 'ready', url: `/api/incidents/${id}/clip.mp4`, startsAt: clip.startsAt, durationMs: clip.durationMs }
        : clip,
    ...{ verdict, risk: riskScore === null ? null : { score: riskScore, band: bandOf(riskScore) } },
    ...{ feedback, reviewedAt, reviewedBy, starred, notes, reviewCount },
  }
}
