import { epochOfHomeTime } from '../../core/home-time.ts'

// Year to second, with or without marks between, as Foscam, Reolink, Hikvision, Dahua and Axis write them into names.
const STAMP = /(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)[-_T .]?(\d\d)[-_.:]?(\d\d)[-_.:]?(\d\d)/

/** The time that a camera wrote into a file's name, by its own clock; null when there is none. */
export function stampOf(fileName: string, timeZone: string): number | null {
  const found = STAMP.exec(fileName)
  if (!found) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number)
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) return null
  return epochOfHomeTime({ year, month, day }, hour * 60 + minute, timeZone) + second * 1_000
}

export interface Arrival {
  /** By the camera's clock; null when the name says nothing. */
  stampMs: number | null
  /** By this box's clock. */
  arrivedMs: number
  /** 0 for a still: a clip arrives after its end. */
  lengthMs: number
}

const REMEMBERED = 20
/** A camera that was cut off for longer than this keeps nothing; a stamp further away is no time of taking. */
const BELIEVABLE_MS = 48 * 60 * 60_000

/**
 * When pictures were taken, though the camera's clock may be wrong. Its own uploads tell how wrong: between taking and
 * arriving there is always some time, and hardly any when nothing was in the way; so the least difference of the last
 * twenty is the error of its clock. Taken = stamp + error, and never after it arrived. Without a stamp: when it arrived.
 */
export class CameraClock {
  #differences: number[] = []

  /** Learn from an arrival; all of a burst first, then ask. */
  note({ stampMs, arrivedMs, lengthMs }: Arrival): void {
    if (stampMs === null) return
    this.#differences = [...this.#differences, arrivedMs - lengthMs - stampMs].slice(-REMEMBERED)
  }

  takenAt({ stampMs, arrivedMs, lengthMs }: Arrival): number {
    const latest = arrivedMs - lengthMs
    if (stampMs === null) return latest
    const taken = Math.min(latest, stampMs + this.errorMs())
    return latest - taken <= BELIEVABLE_MS ? taken : latest
  }

  /** Positive: the camera's clock is slow. */
  errorMs(): number {
    return this.#differences.length === 0 ? 0 : Math.min(...this.#differences)
  }
}
