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
  onObservation(listener: (observation: Observation) => void): () => void
  onMotion(listener: (sighting: Sighting) => void): () => void
}

/** Joins motion, queue, detector and tracks of all cameras. Nothing here waits: a frame is decided on at once. */
export function createLooker({ detector, log, newId }: LookerDeps): Looker {
  const watches = new Map<string, CameraWatch>()
  const listeners = new Set<(observation: Observation) => void>()
  const motionListeners = new Set<(sighting: Sighting) => void>()
  const queue = createLookQueue()

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
    forget(cameraId) {
      watches.delete(cameraId)
      queue.forget(cameraId)
    },
    onObservation(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onMotion(listener) {
      motionListeners.add(listener)
      return () => motionListeners.delete(listener)
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
