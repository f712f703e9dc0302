import type { Box, ObjectClass } from '../api/common.ts'
import type { DetectorStatus } from '../api/system.ts'
import type { PartWithLateWork } from '../core/part.ts'
import type { Route } from '../http/route.ts'
import type { Frame } from '../media/index.ts'
import type { LoadReport } from './load.ts'
import type { ZoneEvent, ZoneVisit } from './zones/types.ts'

export type { ZoneEvent, ZoneVisit } from './zones/types.ts'

export interface Detection {
  class: ObjectClass
  /** 0–1. */
  score: number
  /** Fractions of the frame. */
  box: Box
}

/** Something that was seen often enough to be believed. */
export interface SeenTrack extends Detection {
  /** Time-ordered id, stable while the thing is followed. */
  id: string
  firstSeenAt: number
  lastSeenAt: number
  bestScore: number
  /** How good a picture of it this frame would make, 0–1: large, sharp, sure and whole. Unknown without its pixels. */
  pictureQuality?: number
}

/** The same, and where it has been. */
export interface VisibleTrack extends SeenTrack {
  /** Ids of the zones that it has entered, and of the lines that it has crossed, so far. */
  zones: readonly string[]
  /** The same as stays, oldest first. */
  visits: readonly ZoneVisit[]
}

/** That something happened in front of a camera. */
export interface Sighting {
  cameraId: string
  /** `capturedAt` of the frame. */
  at: number
}

/** What one looked-at frame shows. Sent only when at least one confirmed track is in sight or has just ended. */
export interface Observation extends Sighting {
  frame: Frame
  /** Confirmed tracks seen in this very frame. */
  tracks: readonly VisibleTrack[]
  /** Ids of confirmed tracks that are gone for good. */
  ended: readonly string[]
  /** What happened at zones and lines since the last look. */
  zoneEvents: readonly ZoneEvent[]
}

/** Its late work is the detector, which takes as much processor time to start as everything else together. */
export interface Vision extends PartWithLateWork {
  readonly routes: readonly Route[]
  /** Hands a frame in: motion decides whether the detector looks. Never blocks, never queues more than one a camera. */
  see(frame: Frame): void
  /** Somebody else noticed something at this camera: its pictures of the next two seconds are looked at. */
  hint(cameraId: string): void
  /** Forgets a camera's background, tracks and pending frame. */
  forget(cameraId: string): void
  /** Whether a frame of this camera waits or is being looked at. */
  isLooking(cameraId: string): boolean
  onObservation(listener: (observation: Observation) => void): () => void
  /** Something moves in the picture, whatever it is: at each such frame, so up to 5 times a second. */
  onMotion(listener: (sighting: Sighting) => void): () => void
  detector(): DetectorStatus
  /** What the cameras ask of the detector, and what they get. */
  load(): LoadReport
}
