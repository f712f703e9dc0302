/** Used buffers kept for the next picture of the same size, so that looking allocates nothing while cameras run. */
export interface Buffers {
  take(bytes: number): Uint8Array
  /** What was handed over to another thread and did not come back is empty: it is not kept. */
  giveBack(buffer: Uint8Array): void
}

const MOST_KEPT = 8

export function createBuffers(): Buffers {
  const kept: Uint8Array[] = []
  return {
    take(bytes) {
      const index = kept.findIndex((each) => each.length === bytes)
      return (index < 0 ? undefined : kept.splice(index, 1)[0]) ?? new Uint8Array(bytes)
    },
    giveBack(buffer) {
      if (buffer.length === 0) return
      kept.push(buffer)
      // The oldest goes: sizes that are no longer asked for must not fill the shelf.
      if (kept.length > MOST_KEPT) kept.shift()
    },
  }
}
