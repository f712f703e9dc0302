import type { Box, ObjectClass } from '../api/common.ts'
import type { VisibleTrack } from '../vision/types.ts'

/** A vehicle that has not moved for this long is parked. */
const VEHICLE_SETTLES_MS = 30_000
/** A living thing that has not moved for this long is a poster, a statue, or asleep. */
const LIVING_SETTLES_MS = 5 * 60_000
/** A settled thing that is lost from sight and found in the same place within this time is still the same one. */
const REMEMBERED_MS = 60 * 60_000
const SAME_PLACE_IOU = 0.5

const VEHICLES: ReadonlySet<ObjectClass> = new Set(['car', 'truck', 'bus', 'motorcycle', 'bicycle'])

interface Thing {
  class: ObjectClass
  /** Where it stood when it last moved. */
  box: Box
  movedAt: number
  seenAt: number
}

/**
 * Tells what is going on from what merely stands there. A parked car is in sight for days; it opens an incident when
 * it comes and when it goes, not in between. One for each camera. Pure but for what it remembers; times in epoch ms.
 */
export interface Presence {
  /** Those of the tracks that have moved lately, or are new. */
  active(tracks: readonly VisibleTrack[], ended: readonly string[], at: number): VisibleTrack[]
}

export function createPresence(): Presence {
  const followed = new Map<string, Thing>()
  let standing: Thing[] = []

  function begin(track: VisibleTrack, at: number): Thing {
    const known = standing.find((thing) => isSameKind(thing, track) && overlap(thing.box, track.box) >= SAME_PLACE_IOU)
    if (known) standing = standing.filter((thing) => thing !== known)
    return { class: track.class, box: known?.box ?? track.box, movedAt: known?.movedAt ?? at, seenAt: at }
  }

  function follow(track: VisibleTrack, at: number): boolean {
    const thing = followed.get(track.id) ?? begin(track, at)
    followed.set(track.id, thing)
    thing.seenAt = at
    if (overlap(thing.box, track.box) < SAME_PLACE_IOU) {
      thing.box = track.box
      thing.movedAt = at
    }
    return !isSettled(thing, at)
  }

  function lose(id: string, at: number): void {
    const thing = followed.get(id)
    followed.delete(id)
    if (thing && isSettled(thing, at)) standing.push(thing)
  }

  return {
    active(tracks, ended, at) {
      standing = standing.filter((thing) => at - thing.seenAt < REMEMBERED_MS)
      const active = tracks.filter((track) => follow(track, at))
      ended.forEach((id) => lose(id, at))
      return active
    },
  }
}

function isSettled(thing: Thing, at: number): boolean {
  return at - thing.movedAt >= (VEHICLES.has(thing.class) ? VEHICLE_SETTLES_MS : LIVING_SETTLES_MS)
}

/** Detectors waver between car, truck and bus, and between cat and dog. */
function isSameKind(a: { class: ObjectClass }, b: { class: ObjectClass }): boolean {
  return a.class === b.class || (VEHICLES.has(a.class) && VEHICLES.has(b.class))
}

/** Intersection over union, 0–1. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (a.width * a.height + b.width * b.height - shared)
}
