import type { Clock } from '../../core/clock.ts'

const MOST = 5_000

/** The same content from the same camera within the window counts once. */
export function createDuplicates(clock: Clock, windowMs: () => number): (folder: string, sha256: string) => boolean {
  const seen = new Map<string, number>()
  return (folder, sha256) => {
    const [key, nowMs] = [`${folder}/${sha256}`, clock.monotonic()]
    const before = seen.get(key)
    if (before !== undefined && nowMs - before < windowMs()) return true
    seen.delete(key)
    seen.set(key, nowMs)
    for (const [old, at] of seen) {
      if (seen.size <= MOST && nowMs - at < windowMs()) break
      seen.delete(old)
    }
    return false
  }
}
