import type { Clock } from '../core/clock.ts'

/** Pictures and looks of the last minutes: how many more cameras would fit. What each camera gets is in `load.ts`. */
export interface RoomMeter {
  noteFrame(cameraId: string): void
  noteLook(): void
  /** Cameras that sent pictures in the last minute. */
  cameras(): number
  /** Mean of the last ten minutes, or of the time since the start while that is shorter. */
  looksPerSecond(): number
}

const MINUTE_MS = 60_000
const MINUTES = 10

export function createRoomMeter(clock: Clock): RoomMeter {
  const startedAt = clock.monotonic()
  const lastFrameAt = new Map<string, number>()
  const looks = new Map<number, number>()
  const minute = (): number => Math.floor(clock.monotonic() / MINUTE_MS)

  function forgetOld(): void {
    for (const each of looks.keys()) if (each <= minute() - MINUTES) looks.delete(each)
    for (const [id, at] of lastFrameAt) if (clock.monotonic() - at > MINUTE_MS) lastFrameAt.delete(id)
  }

  return {
    noteFrame: (cameraId) => void lastFrameAt.set(cameraId, clock.monotonic()),
    noteLook() {
      looks.set(minute(), (looks.get(minute()) ?? 0) + 1)
    },
    cameras() {
      forgetOld()
      return lastFrameAt.size
    },
    looksPerSecond() {
      forgetOld()
      const sum = [...looks.values()].reduce((total, count) => total + count, 0)
      const coveredMs = Math.min(clock.monotonic() - startedAt, MINUTES * MINUTE_MS)
      return coveredMs <= 0 ? 0 : (sum * 1_000) / Math.max(coveredMs, MINUTE_MS)
    },
  }
}
