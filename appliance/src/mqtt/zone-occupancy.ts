import type { SeenInZones } from './types.ts'

/** Whoever was not seen for so long, without having gone, was lost sight of. What stands still is looked at again far sooner. */
export const LOST_AFTER_MS = 5 * 60_000

interface Standing {
  class: string
  zones: readonly string[]
  at: number
}

/** Who is where: from the tracks of each look. Pure but for what it remembers; times in epoch milliseconds. */
export class ZoneOccupancy {
  readonly #cameras = new Map<string, Map<string, Standing>>()

  see({ cameraId, at, tracks, ended }: SeenInZones): void {
    const standing = this.#cameras.get(cameraId) ?? new Map<string, Standing>()
    this.#cameras.set(cameraId, standing)
    for (const { id, class: what, zones } of tracks) standing.set(id, { class: what, zones, at })
    for (const id of ended) standing.delete(id)
    for (const [id, each] of standing) if (at - each.at > LOST_AFTER_MS) standing.delete(id)
  }

  /** Nothing is known of who is there any more. */
  forget(cameraId: string): void {
    this.#cameras.delete(cameraId)
  }

  /** Cameras where somebody is, as far as is known. */
  cameras(): string[] {
    return [...this.#cameras.keys()]
  }

  /** Classes that are in the zone at a time. */
  classesIn(cameraId: string, zoneId: string, at: number): Set<string> {
    const standing = [...(this.#cameras.get(cameraId)?.values() ?? [])]
    const there = standing.filter((each) => at - each.at <= LOST_AFTER_MS && each.zones.includes(zoneId))
    return new Set(there.map((each) => each.class))
  }
}
