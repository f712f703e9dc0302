import type { Box } from '../api/common.ts'
import type { Frame } from '../media/index.ts'

/** A frame that waits for the detector, and where it showed motion. Once queued, its pixels are the queue's own copy. */
export interface WaitingLook {
  frame: Frame
  motion: readonly Box[]
}

/** Newest wins for each camera, and cameras take turns: the one served longest ago comes first. */
export interface LookQueue {
  /** Copies the frame's pixels; a frame of the same camera that still waits is dropped. */
  put(look: WaitingLook): void
  take(): WaitingLook | null
  has(cameraId: string): boolean
  /** Gives a buffer back for reuse. */
  recycle(data: Uint8Array): void
  forget(cameraId: string): void
}

const KEPT_BUFFERS = 4

export function createLookQueue(): LookQueue {
  const waiting = new Map<string, WaitingLook>()
  const lastServed = new Map<string, number>()
  const free: Uint8Array[] = []
  let served = 0

  function copyOf(data: Uint8Array): Uint8Array {
    const index = free.findIndex((each) => each.length === data.length)
    const target = (index < 0 ? undefined : free.splice(index, 1)[0]) ?? new Uint8Array(data.length)
    target.set(data)
    return target
  }

  function recycle(data: Uint8Array): void {
    if (data.length > 0 && free.length < KEPT_BUFFERS) free.push(data)
  }

  const servedAt = ({ frame }: WaitingLook): number => lastServed.get(frame.cameraId) ?? -1

  return {
    recycle,
    has: (cameraId) => waiting.has(cameraId),
    put({ frame, motion }) {
      const older = waiting.get(frame.cameraId)
      if (older) recycle(older.frame.data)
      waiting.set(frame.cameraId, { frame: { ...frame, data: copyOf(frame.data) }, motion })
    },
    take() {
      let next: WaitingLook | null = null
      for (const look of waiting.values()) if (!next || servedAt(look) < servedAt(next)) next = look
      if (!next) return null
      waiting.delete(next.frame.cameraId)
      lastServed.set(next.frame.cameraId, served++)
      return next
    },
    forget(cameraId) {
      waiting.delete(cameraId)
      lastServed.delete(cameraId)
    },
  }
}
