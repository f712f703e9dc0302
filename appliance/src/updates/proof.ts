/** What can be seen of a running home, before the restart and after it. */
export interface Fitness {
  /** Cameras that send pictures. */
  liveCameras: { id: string; name: string }[]
  /** Median time for one look; null: nothing looks. */
  detectorMs: number | null
}

/** A new system may be a quarter slower before that counts as worse. */
export const SLOWER_TOLERATED = 1.25

/**
 * What still speaks against the new system, in words; empty: it has proven itself. Cameras that were gone before, or are
 * in the list no more, do not count.
 */
export function lacks(before: Fitness, now: Fitness, knownCameraIds: ReadonlySet<string>): string[] {
  const live = new Set(now.liveCameras.map(({ id }) => id))
  const gone = before.liveCameras.filter(({ id }) => knownCameraIds.has(id) && !live.has(id))
  return [...gone.map(({ name }) => `${name} sends no pictures`), ...slower(before.detectorMs, now.detectorMs)]
}

function slower(before: number | null, now: number | null): string[] {
  if (before === null) return []
  if (now === null) return ['the detector does not look']
  if (now <= before * SLOWER_TOLERATED) return []
  return [`the detector takes ${Math.round(now)} ms for a picture instead of ${Math.round(before)}`]
}
