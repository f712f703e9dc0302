import type { StreamInfo } from '../media/index.ts'
import { DETECTION_FPS } from './stream-args.ts'

/** How many pictures come, against how many were asked for. */
export class PictureCount {
  #total = 0
  #since = { total: 0, atMs: Number.NaN }

  /** Returns how many there have been. */
  add(): number {
    return ++this.#total
  }

  /** Pictures that came ÷ asked for since the last question; null the first time. A slow camera is not asked for more than it has. */
  takeShare(nowMs: number, info: StreamInfo | null): number | null {
    const { total, atMs } = this.#since
    this.#since = { total: this.#total, atMs: nowMs }
    const wanted = Math.min(DETECTION_FPS, info?.framesPerSecond || DETECTION_FPS)
    const seconds = (nowMs - atMs) / 1_000
    return seconds > 1 ? (this.#total - total) / (wanted * seconds) : null
  }
}
