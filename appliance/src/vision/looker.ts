import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Frame } from '../media/index.ts'
import type { Detector } from './detector.ts'
import { createLookQueue, type WaitingLook } from './look-queue.ts'
import { MIN_SCORE } from './tracker.ts'
import type { Observation, Sighting } from './types.ts'
import { createCameraWatch, type CameraWatch } from './watch-camera.ts'

export interface LookerDeps {
  detector: Pick<Detector, 'isIdle' | 'look'>
  log: Log
  newId(): string
}

export interface Looker {
  see(frame: Frame): void
  /** Gives the detector the next waiting frame, if it is free. */
  lookOn(): void
  forget(cameraId: string): void
  /** Whether a frame of this camera waits or is being looked at. */
  isLooking(cameraId: string): boolean
  onObservation(listener: (observation: Observation) => void): () => void
  onMotion(listener: (sighting: Sighting) => void): () => void
}

/** Joins motion, queue, detector and tracks of all cameras. Nothing here waits: a frame is decided on at once. */
export function createLooker({ detector, log, newId }: LookerDeps): Looker {
  const watches = new Map<string, CameraWatch>()
  const listeners = new Set<(observation: Observation) => void>()
  const motionListeners = new Set<(sighting: Sighting) => void>()
  const queue = createLookQueue()
  const looking = createLookCount()

  function watchOf(cameraId: string): CameraWatch {
    const watch = watches.get(cameraId) ?? createCameraWatch(newId)
    watches.set(cameraId, watch)
    return watch
  }

  function lookOn(): void {
    if (!detector.isIdle()) return
    const next = queue.take()
    if (next) void lookAt(next).then(lookOn)
  }

  async function lookAt({ frame, motion }: WaitingLook): Promise<void> {
    const watch = watches.get(frame.cameraId)
    const looked = looking.begin(frame.cameraId)
    try {
      const { detections, data } = await detector.look(frame, MIN_SCORE)
      // Forgotten, or forgotten and begun anew, while the detector looked.
      const isCurrent = watch !== undefined && watches.get(frame.cameraId) === watch
      const observation = isCurrent ? watch.conclude({ ...frame, data }, motion, detections) : null
      // Whoever listens may keep the picture; otherwise its buffer is used again.
      if (observation) tell(listeners, observation, log)
      else queue.recycle(data)
    } catch (error) {
      watch?.lookFailed()
      log.debug({ cameraId: frame.cameraId, err: messageOf(error) }, 'A frame was not looked at')
    } finally {
      looked()
    }
  }

  return {
    lookOn,
    see(frame) {
      const { shouldLook, motion } = watchOf(frame.cameraId).decide(frame)
      if (motion.length > 0) tell(motionListeners, { cameraId: frame.cameraId, at: frame.capturedAt }, log)
      if (!shouldLook) return
      queue.put({ frame, motion })
      lookOn()
    },
    isLooking: (cameraId) => looking.has(cameraId) || queue.has(cameraId),
    forget(cameraId) {
      watches.delete(cameraId)
      queue.forget(cameraId)
    },
    onObservation: (listener) => join(listeners, listener),
    onMotion: (listener) => join(motionListeners, listener),
  }
}

function join<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** How many looks at each camera are under way. `begin` answers how to end. */
function createLookCount(): { begin(cameraId: string): () => void; has(cameraId: string): boolean } {
  const counts = new Map<string, number>()
  return {
    has: (cameraId) => (counts.get(cameraId) ?? 0) > 0,
    begin(cameraId) {
      counts.set(cameraId, (counts.get(cameraId) ?? 0) + 1)
      return () => {
        const left = (counts.get(cameraId) ?? 1) - 1
        if (left > 0) counts.set(cameraId, left)
        else counts.delete(cameraId)
      }
    },
  }
}

/** A listener that fails hurts neither the others nor sight. */
function tell<Told extends Sighting>(listeners: Iterable<(told: Told) => void>, told: Told, log: Log): void {
  for (const listener of listeners) {
    try {
      listener(told)
    } catch (error) {
      log.error({ cameraId: told.cameraId, err: messageOf(error) }, 'A listener of vision failed')
    }
  }
}
