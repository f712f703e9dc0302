export type Random = () => number

/** 0 to 1, the same row for the same seed on every machine. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A seed for one purpose out of a clip's seed. */
export function hashOf(seed: number, purpose: number): number {
  return (Math.imul(seed + 1, 2_654_435_761) ^ Math.imul(purpose + 17, 40_503_001)) >>> 0
}

/** Noise with standard deviation 1, drawn once: drawing it anew for every pixel would take most of the time. */
export function noiseTable(random: Random, count = 1 << 16): Float32Array {
  return new Float32Array(count).map(() => (random() + random() + random() + random() - 2) * Math.sqrt(3))
}
