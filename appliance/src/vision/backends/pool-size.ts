const KEPT_FREE_MB = 768
/** A session of a small model takes 67 MB (bench `detector-pool`); larger ones are allowed for. */
const SESSION_MB = 100
const MOST = 8

/**
 * Sessions that look side by side on the processor: one a core, because one session on many threads is slower. A core's
 * worth is left to decoding and everything else, and memory that the rest of the house needs is left alone.
 */
export function poolSize({ cores, memoryMb }: { cores: number; memoryMb: number }): number {
  const byCores = cores - 1
  const byMemory = Math.floor((memoryMb - KEPT_FREE_MB) / SESSION_MB)
  return Math.max(1, Math.min(byCores, byMemory, MOST))
}
