import type { ObjectClass } from '../api/common.ts'

/** A visit goes on for at most this long; what is still there then begins a new one. */
const LONGEST_VISIT_MS = 10 * 60_000

/** What is remembered of a visit while it may go on: one incident, or several that carry each other on. */
export interface VisitSoFar {
  /** Of its first incident. */
  id: string
  /** Of the clock that never jumps, as `seenMs`. */
  beganMs: number
  /** When each of its cameras last saw something of it. */
  seenMs: Map<string, number>
  /** Empty: of no place. */
  place: string
  /** Longest stays of its closed parts, added up. */
  stayedMs: number
  /** What each camera has already counted for what is usual at this hour. */
  learnt: Set<string>
}

export interface VisitsDeps {
  /** How long the same camera may have been quiet. */
  idleCloseMs(): number
  /** How long ago another camera of the same place may have seen it. */
  joinMs(): number
}

export interface VisitCamera {
  id: string
  /** Cameras of the same place see one visit together; empty: of none. */
  place: string
}

/** Which visits may still go on. Pure but for what it remembers; times of the clock that never jumps. */
export interface Visits {
  /** The visit that something new on this camera carries on, or null. */
  goingOn(camera: VisitCamera, nowMs: number): VisitSoFar | null
  begin(id: string, camera: VisitCamera, nowMs: number): VisitSoFar
  /** It was never stored: nothing carries it on. */
  forget(visit: VisitSoFar): void
  /** Of this camera something was seen now. */
  seen(visit: VisitSoFar, cameraId: string, nowMs: number): void
}

export function createVisits({ idleCloseMs, joinMs }: VisitsDeps): Visits {
  let recent: VisitSoFar[] = []

  function sinceMs(visit: VisitSoFar, camera: VisitCamera, nowMs: number): number {
    const own = visit.seenMs.get(camera.id)
    if (own !== undefined && nowMs - own < idleCloseMs()) return nowMs - own
    if (camera.place === '' || camera.place !== visit.place) return Infinity
    const others = [...visit.seenMs].filter(([id]) => id !== camera.id).map(([, seenMs]) => seenMs)
    const latest = Math.max(-Infinity, ...others)
    return nowMs - latest < joinMs() ? nowMs - latest : Infinity
  }

  return {
    goingOn(camera, nowMs) {
      recent = recent.filter((visit) => nowMs - visit.beganMs < LONGEST_VISIT_MS)
      const near = recent
        .map((visit) => ({ visit, ago: sinceMs(visit, camera, nowMs) }))
        .filter(({ ago }) => ago < Infinity)
      return near.sort((a, b) => a.ago - b.ago)[0]?.visit ?? null
    },
    begin(id, camera, nowMs) {
      const seenMs = new Map([[camera.id, nowMs]])
      const visit = { id, beganMs: nowMs, seenMs, place: camera.place, stayedMs: 0, learnt: new Set<string>() }
      recent.push(visit)
      return visit
    },
    forget: (visit) => void (recent = recent.filter((each) => each !== visit)),
    seen: (visit, cameraId, nowMs) => void visit.seenMs.set(cameraId, nowMs),
  }
}

/** How what a camera counted is named: once for each class. */
export const learntName = (cameraId: string, seen: ObjectClass): string => `${cameraId} ${seen}`
