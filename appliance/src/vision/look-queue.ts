import type { Box } from '../api/common.ts'
import type { Frame } from '../media/index.ts'
import { createBuffers, type Buffers } from './buffers.ts'

/** A frame that waits for the detector, and where it showed motion. Once queued, its pixels are the queue's own copy. */
export interface WaitingLook {
  frame: Frame
  motion: readonly Box[]
  /** Something moves or is followed in it. */
  isUrgent: boolean
  /** Its camera's share of the detector while not all can be served; see `WEIGHTS`. */
  weight: number
}

/** A camera that follows somebody gets four looks for one that only shows leaves. Nobody gets none. */
export const WEIGHTS = { follows: 4, usual: 2, restless: 1 } as const

/**
 * Newest wins for each camera. Cameras share the detector by weight (weighted fair queueing): each look moves a camera's
 * own time on by 1 ÷ weight, and the one whose time is earliest comes first. Who was quiet saves nothing up.
 */
export interface LookQueue {
  /** Copies the frame's pixels. A frame of the same camera that still waits is dropped: then true. */
  put(look: WaitingLook): boolean
  /** The next one of a camera that is not `busy`. */
  take(isBusy?: (cameraId: string) => boolean): WaitingLook | null
  /** A frame that needed more than one look. */
  charge(cameraId: string, looks: number, weight: number): void
  has(cameraId: string): boolean
  /** Gives a buffer back for reuse. */
  recycle(data: Uint8Array): void
  forget(cameraId: string): void
}

interface Waiting {
  look: WaitingLook
  startsAt: number
}

export function createLookQueue(buffers: Buffers = createBuffers()): LookQueue {
  const waiting = new Map<string, Waiting>()
  /** Each camera's own time after its last look. */
  const times = new Map<string, number>()
  let now = 0

  return {
    recycle: (data) => buffers.giveBack(data),
    has: (cameraId) => waiting.has(cameraId),
    put({ frame, ...rest }) {
      const older = waiting.get(frame.cameraId)
      if (older) buffers.giveBack(older.look.frame.data)
      const data = buffers.take(frame.data.length)
      data.set(frame.data)
      const startsAt = older?.startsAt ?? Math.max(now, times.get(frame.cameraId) ?? 0)
      waiting.set(frame.cameraId, { look: { ...rest, frame: { ...frame, data } }, startsAt })
      return older !== undefined
    },
    take(isBusy = () => false) {
      let next: Waiting | null = null
      for (const each of waiting.values()) {
        if (!isBusy(each.look.frame.cameraId) && (!next || each.startsAt < next.startsAt)) next = each
      }
      if (!next) return null
      const { frame, weight } = next.look
      waiting.delete(frame.cameraId)
      now = Math.max(now, next.startsAt)
      times.set(frame.cameraId, next.startsAt + 1 / weight)
      return next.look
    },
    charge(cameraId, looks, weight) {
      times.set(cameraId, (times.get(cameraId) ?? now) + looks / weight)
    },
    forget(cameraId) {
      waiting.delete(cameraId)
      times.delete(cameraId)
    },
  }
}
