import type { Clock } from '../core/clock.ts'
import type { Frame } from '../media/index.ts'

/** At most two fresh pictures a second and camera, however many phones ask. */
const FRESH_FOR_MS = 500

export interface Stills {
  /** The newest frame as JPEG; whoever asks at the same time shares one. */
  encode(frame: Frame): Promise<Buffer>
  forget(cameraId: string): void
}

export function createStills(clock: Clock, encodeJpeg: (frame: Frame) => Promise<Buffer>): Stills {
  const made = new Map<string, { atMs: number; sequence: number; jpeg: Promise<Buffer> }>()
  return {
    encode(frame) {
      const last = made.get(frame.cameraId)
      const nowMs = clock.monotonic()
      if (last && (last.sequence === frame.sequence || nowMs - last.atMs < FRESH_FOR_MS)) return last.jpeg
      const jpeg = encodeJpeg(frame)
      made.set(frame.cameraId, { atMs: nowMs, sequence: frame.sequence, jpeg })
      jpeg.catch(() => made.delete(frame.cameraId))
      return jpeg
    },
    forget: (cameraId) => void made.delete(cameraId),
  }
}
