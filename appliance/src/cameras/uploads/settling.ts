export interface SeenFile {
  /** Below the upload folder. */
  name: string
  bytes: number
  changedMs: number
}

export type Settled = 'growing' | 'settled' | 'endless' | 'empty'

/** A camera that pauses in the middle of a file for longer has lost its connection. */
const ENDLESS_MS = 10 * 60_000
const EMPTY_MS = 60_000
const MOST_REMEMBERED = 20_000

/** Which files have stopped growing, by looking again and again. Times are of the clock that never jumps. */
export class Settling {
  readonly #seen = new Map<string, { bytes: number; changedMs: number; firstMs: number; sinceMs: number }>()

  /** `settleMs`: how long size and time must stay the same. */
  look(file: SeenFile, nowMs: number, settleMs: number): Settled {
    const before = this.#seen.get(file.name)
    const isSame = before?.bytes === file.bytes && before.changedMs === file.changedMs
    const sinceMs = before && isSame ? before.sinceMs : nowMs
    const firstMs = before?.firstMs ?? nowMs
    if (before || this.#seen.size < MOST_REMEMBERED) {
      this.#seen.set(file.name, { bytes: file.bytes, changedMs: file.changedMs, firstMs, sinceMs })
    }
    if (nowMs - sinceMs >= settleMs && before) {
      if (file.bytes > 0) return 'settled'
      return nowMs - sinceMs >= EMPTY_MS ? 'empty' : 'growing'
    }
    return nowMs - firstMs >= ENDLESS_MS ? 'endless' : 'growing'
  }

  forget(name: string): void {
    this.#seen.delete(name)
  }

  /** Keeps only what is still there. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#seen.keys()) if (!names.has(name)) this.#seen.delete(name)
  }

  /** Whether something waits to settle: then the next look comes soon. */
  get waiting(): number {
    return this.#seen.size
  }
}
