import type { HardwareDecoder } from '../media/index.ts'

/** A decoder hung, not the camera, when the processor has a picture within this time. */
const SUSPECT_FOR_MS = 3_000
/** Two silences under the same decoder within this time are its fault. */
const AGAIN_MS = 10 * 60_000

/** The machine's decoder that was at work when the pictures stopped: the processor's next run shows whether it was to blame. */
export interface Suspect {
  decoder: HardwareDecoder
  /** It has hung before, or never gave a picture: once is as likely a camera that held its breath. */
  isLikely: boolean
}

/** Remembers, from one run of a camera's stream to the next, which decoder hung. */
export class Suspects {
  #next: Suspect | null = null
  #lastAtMs = -Infinity

  onSilence(decoder: HardwareDecoder | null, sawPictures: boolean, nowMs: number): void {
    if (!decoder) return
    this.#next = { decoder, isLikely: !sawPictures || nowMs - this.#lastAtMs < AGAIN_MS }
    this.#lastAtMs = nowMs
  }

  /** For the run that begins now. */
  take(): Suspect | null {
    const suspect = this.#next
    this.#next = null
    return suspect
  }
}

/** `firstPictureMs`: how long the processor's run took for its first picture. */
export function isToBlame({ isLikely }: Suspect, firstPictureMs: number): boolean {
  return isLikely && firstPictureMs <= SUSPECT_FOR_MS
}
