import type { CameraZones, EntryLine, Point, Zone } from '../../api/zones.ts'
import { doMeet, footOf, isInside, sideOf } from './geometry.ts'
import type { SeenTrack, VisibleTrack } from '../types.ts'
import type { ZoneEvent, ZoneVisit } from './types.ts'

/** How a track stands to one zone. */
interface Standing {
  isInside: boolean
  /** Looks in a row that say the opposite, and when they began. */
  against: number
  since: number
  /** The visit under way; null while it is outside. */
  visit: ZoneVisit | null
}

/** How a track stands to one line: the side it was last seen on for sure. */
interface LineStanding {
  /** 1: in, -1: out, 0: not known yet. */
  side: number
  /** The last place on that side. */
  foot: Point
  /** A crossing that waits to be believed. */
  crossed: { looks: number; at: number } | null
}

/** What is known of one track. */
interface Followed {
  zones: Map<string, Standing>
  lines: Map<string, LineStanding>
  visits: ZoneVisit[]
}

/** Boxes jitter: a line is crossed once the other side was seen so often in a row. */
const LOOKS_ACROSS = 2
/** So long a way is told in full; a child that plays at the fence is not. */
const MOST_VISITS = 40

/** Follows the tracks of one camera through its zones. Pure but for what it remembers; times in epoch milliseconds. */
export interface ZoneFollower {
  /** One look: the tracks that it shows, with where they have been, and what happened. */
  look(zones: DrawnZones, seen: Look, at: number): { tracks: VisibleTrack[]; zoneEvents: ZoneEvent[] }
}

type DrawnZones = Pick<CameraZones, 'zones' | 'lines'>

interface Look {
  visible: readonly SeenTrack[]
  /** Ids of those that are gone for good. */
  ended: readonly string[]
}

export function createZoneFollower(): ZoneFollower {
  const followed = new Map<string, Followed>()

  function follow(zones: DrawnZones, { id, box }: SeenTrack, at: number): ZoneEvent[] {
    const known = followed.get(id) ?? { zones: new Map(), lines: new Map(), visits: [] }
    followed.set(id, known)
    const foot = footOf(box)
    return [
      ...zones.zones.flatMap((zone) => stepZone(known, zone, foot, at).map((what) => ({ trackId: id, ...what }))),
      ...zones.lines.flatMap((line) => stepLine(known, line, foot, at).map((what) => ({ trackId: id, ...what }))),
    ]
  }

  /** Gone for good: whatever it was in is left. */
  function end(trackId: string, at: number): ZoneEvent[] {
    const known = followed.get(trackId)
    followed.delete(trackId)
    const open = [...(known?.zones.values() ?? [])].flatMap(({ visit }) => visit ?? [])
    return open.map(({ zone }) => ({ trackId, what: 'left' as const, zone, at }))
  }

  return {
    look(zones, { visible, ended }, at) {
      const happened = visible.flatMap((track) => follow(zones, track, at))
      const left = ended.flatMap((id) => end(id, at))
      return { tracks: visible.map((track) => withVisits(track, followed)), zoneEvents: [...happened, ...left] }
    },
  }
}

function withVisits(track: SeenTrack, followed: ReadonlyMap<string, Followed>): VisibleTrack {
  // Copies: what somebody keeps must not grow behind their back.
  const visits = (followed.get(track.id)?.visits ?? []).map((visit) => ({ ...visit }))
  return { ...track, visits, zones: [...new Set(visits.map(({ zone }) => zone.id))] }
}

type Told = Omit<ZoneEvent, 'trackId'>

function stepZone(
  known: Followed,
  { id, name, kind, shape, inertiaLooks, loiterS }: Zone,
  foot: Point,
  at: number,
): Told[] {
  const standing = known.zones.get(id) ?? { isInside: false, against: 0, since: at, visit: null }
  known.zones.set(id, standing)
  const zone = { id, name, kind }
  const isNow = isInside(foot, shape)
  if (isNow && standing.visit) standing.visit.lastSeenAt = at
  if (isNow === standing.isInside) standing.against = 0
  else {
    if (standing.against === 0) standing.since = at
    standing.against++
    if (standing.against >= inertiaLooks) return turn(known, standing, zone, at)
  }
  const { visit } = standing
  if (!visit || visit.loiteredAt !== null || loiterS === 0 || at - visit.enteredAt < loiterS * 1_000) return []
  visit.loiteredAt = at
  return [{ what: 'loitering', zone, at }]
}

/** Enough looks in a row: in is out, and out is in, as of the first of them. */
function turn(known: Followed, standing: Standing, zone: Told['zone'], at: number): Told[] {
  standing.isInside = !standing.isInside
  standing.against = 0
  if (standing.isInside) {
    standing.visit = { zone, what: 'stay', enteredAt: standing.since, lastSeenAt: at, leftAt: null, loiteredAt: null }
    remember(known, standing.visit)
    return [{ what: 'entered', zone, at: standing.since }]
  }
  if (standing.visit) standing.visit.leftAt = standing.since
  standing.visit = null
  return [{ what: 'left', zone, at: standing.since }]
}

function stepLine(known: Followed, { id, name, from, to }: EntryLine, foot: Point, at: number): Told[] {
  const side = Math.sign(sideOf(from, to, foot))
  const standing = known.lines.get(id) ?? { side, foot, crossed: null }
  known.lines.set(id, standing)
  if (side === 0) return []
  if (side === standing.side || standing.side === 0) {
    Object.assign(standing, { side, foot, crossed: null })
    return []
  }
  // Around its end is not across it.
  standing.crossed ??= doMeet(from, to, standing.foot, foot) ? { looks: 0, at } : null
  if (standing.crossed === null) {
    Object.assign(standing, { side, foot })
    return []
  }
  standing.crossed.looks++
  if (standing.crossed.looks < LOOKS_ACROSS) return []
  const crossedAt = standing.crossed.at
  Object.assign(standing, { side, foot, crossed: null })
  const what = side > 0 ? ('in' as const) : ('out' as const)
  const zone = { id, name, kind: 'entry' as const }
  remember(known, { zone, what, enteredAt: crossedAt, lastSeenAt: crossedAt, leftAt: crossedAt, loiteredAt: null })
  return [{ what: what === 'in' ? 'crossed-in' : 'crossed-out', zone, at: crossedAt }]
}

function remember(known: Followed, visit: ZoneVisit): void {
  if (known.visits.length < MOST_VISITS) known.visits.push(visit)
}
