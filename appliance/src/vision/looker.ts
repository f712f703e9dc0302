import type { CameraZones } from '../api/zones.ts'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Frame } from '../media/index.ts'
import { createBuffers } from './buffers.ts'
import type { Detector } from './detector.ts'
import { createLoadMeter, type LoadMeter } from './load.ts'
import { createLookQueue, type WaitingLook } from './look-queue.ts'
import { bytesOf, cutOut, isWhole, type Region } from './regions/crop.ts'
import type { SizeGrid } from './regions/size-grid.ts'
import { MIN_SCORE } from './tracking/tracker.ts'
import type { Observation, Sighting } from './types.ts'
import { createCameraWatch, type CameraWatch, type SeenRegion } from './watch-camera.ts'

export interface LookerDeps {
  detector: Pick<Detector, 'isIdle' | 'look'>
  clock: Clock
  log: Log
  newId(): string
  /** The longer side of the model's input in pixels. */
  inputSide(): number
  /** What a camera's picture has taught about sizes so far. */
  sizesOf(cameraId: string): SizeGrid
  /** What is drawn on a camera's picture. */
  zonesOf(cameraId: string): CameraZones
}

export interface Looker {
  see(frame: Frame): void
  /** Gives the detector the next waiting frames, as long as it takes them. */
  lookOn(): void
  /** The next frames of this camera are looked at, motion or not, for about two seconds. */
  hint(cameraId: string): void
  forget(cameraId: string): void
  load: Pick<LoadMeter, 'report'>
  /** Whether a frame of this camera waits or is being looked at. */
  isLooking(cameraId: string): boolean
  onObservation(listener: (observation: Observation) => void): () => void
  onMotion(listener: (sighting: Sighting) => void): () => void
}

/** One frame that is being looked at, region by region. */
interface Job extends WaitingLook {
  watch: CameraWatch
  /** Not begun yet. */
  left: Region[]
  underWay: number
  seen: SeenRegion[]
}

/** Joins motion, queue, detector and tracks of all cameras. Nothing here waits: a frame is decided on at once. */
// eslint-disable-next-line max-lines-per-function -- the state of one looker; each of its functions is short
export function createLooker(deps: LookerDeps): Looker {
  const { detector, log, newId } = deps
  const watches = new Map<string, CameraWatch>()
  const listeners = new Set<(observation: Observation) => void>()
  const motionListeners = new Set<(sighting: Sighting) => void>()
  const buffers = createBuffers()
  const queue = createLookQueue(buffers)
  const load = createLoadMeter(deps.clock)
  /** At most one frame a camera, so that its answers come in order. */
  const jobs = new Map<string, Job>()

  function watchOf(cameraId: string): CameraWatch {
    const watch =
      watches.get(cameraId) ??
      createCameraWatch({
        ...{ newId, sizes: deps.sizesOf(cameraId), zones: () => deps.zonesOf(cameraId) },
      })
    watches.set(cameraId, watch)
    return watch
  }

  function lookOn(): void {
    while (detector.isIdle()) {
      const job = jobs.values().find(({ left }) => left.length > 0) ?? nextJob()
      const region = job?.left.shift()
      if (!job || !region) return
      void lookAt(job, region)
    }
  }

  function nextJob(): Job | null {
    const next = queue.take((cameraId) => jobs.has(cameraId))
    const watch = next && watches.get(next.frame.cameraId)
    if (!next || !watch) return null
    const { frame, motion, weight } = next
    const left = [...watch.plan(frame, motion, load.regionsAFrame(), deps.inputSide())]
    queue.charge(frame.cameraId, left.length - 1, weight)
    const job: Job = { ...next, watch, left, underWay: 0, seen: [] }
    jobs.set(frame.cameraId, job)
    return job
  }

  async function lookAt(job: Job, region: Region): Promise<void> {
    const { frame } = job
    job.underWay++
    try {
      // A whole picture travels to the detector itself and comes back; nothing else is cut from it meanwhile.
      const isAll = isWhole(region, frame)
      const picture = isAll ? frame : cutOut(frame, region, buffers.take(bytesOf(region)))
      const { detections, data } = await detector.look(picture, MIN_SCORE)
      job.seen.push({ region, detections })
      if (isAll) job.frame = { ...frame, data }
      else buffers.giveBack(data)
    } catch (error) {
      log.debug({ cameraId: frame.cameraId, err: messageOf(error) }, 'A frame was not looked at')
    }
    load.looked(frame.cameraId)
    job.underWay--
    if (job.underWay === 0 && job.left.length === 0) conclude(job)
    lookOn()
  }

  function conclude({ watch, frame, motion, isUrgent, seen }: Job): void {
    // Forgotten, or forgotten and begun anew, while the detector looked.
    if (jobs.get(frame.cameraId)?.watch !== watch) return buffers.giveBack(frame.data)
    jobs.delete(frame.cameraId)
    if (seen.length === 0) return watch.lookFailed()
    const observation = watch.conclude(frame, motion, seen)
    if (isUrgent) load.concluded(frame.cameraId)
    // Whoever listens may keep the picture; otherwise its buffer is used again.
    if (observation) tell(listeners, observation, log)
    else buffers.giveBack(frame.data)
  }

  return {
    lookOn,
    load,
    see(frame) {
      const watch = watchOf(frame.cameraId)
      const { shouldLook, isUrgent, motion, weight } = watch.decide(frame)
      load.saw(frame.cameraId, { isBusy: !detector.isIdle(), isUrgent, everyNth: watch.everyNth() })
      if (motion.length > 0) tell(motionListeners, { cameraId: frame.cameraId, at: frame.capturedAt }, log)
      if (!shouldLook) return
      if (queue.put({ frame, motion, isUrgent, weight }) && isUrgent) load.dropped()
      lookOn()
    },
    hint: (cameraId) => watches.get(cameraId)?.hint(),
    isLooking: (cameraId) => jobs.has(cameraId) || queue.has(cameraId),
    forget(cameraId) {
      watches.delete(cameraId)
      jobs.delete(cameraId)
      queue.forget(cameraId)
      load.forget(cameraId)
    },
    onObservation: (listener) => join(listeners, listener),
    onMotion: (listener) => join(motionListeners, listener),
  }
}

function join<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
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
