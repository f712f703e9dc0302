import type { CameraZones, Polygon, ZoneKind, ZoneName } from '../../api/zones.ts'
import type { Part } from '../../core/part.ts'
import type { Route } from '../../http/route.ts'

/** A zone, or an entry line, by its name of then. */
export interface VisitedZone {
  id: string
  name: string
  kind: ZoneKind
}

/** A stay of one track in one zone, or its way across an entry line. */
export interface ZoneVisit {
  zone: VisitedZone
  what: 'stay' | 'in' | 'out'
  enteredAt: number
  /** Grows while it stays. */
  lastSeenAt: number
  /** null: it is still there. */
  leftAt: number | null
  /** When it had stayed for as long as counts as loitering; null: it has not. */
  loiteredAt: number | null
}

export interface ZoneEvent {
  trackId: string
  what: 'entered' | 'left' | 'loitering' | 'crossed-in' | 'crossed-out'
  zone: VisitedZone
  at: number
}

/** What is drawn on the cameras' pictures, from memory. */
export interface Zones extends Part {
  readonly routes: readonly Route[]
  /** Of a camera; nothing where nothing is drawn. */
  of(cameraId: string): CameraZones
  /** Throws `unavailable` until they were read: rather no picture than one that shows what nobody shall see. */
  privacyMasksOf(cameraId: string): readonly Polygon[]
  /** null: there is none (any more). */
  find(zoneId: string): ZoneName | null
  all(): ZoneName[]
}
