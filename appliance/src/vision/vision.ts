import type { DetectorStatus } from '../api/system.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Events } from '../events.ts'
import type { Hardware } from '../hardware/index.ts'
import type { Frame } from '../media/index.ts'
import type { Settings } from '../settings/index.ts'
import { createDetector, type Detector } from './detector.ts'
import { createLookQueue, type WaitingLook } from './look-queue.ts'
import { CATALOGUE_DEFAULT } from './models/catalogue.ts'
import { fileOfModel, listModels, nameOfModel } from './models/installed.ts'
import { DEFAULT_MODEL_FILE } from './models/places.ts'
import { detectorNotice, type NoticeBoard } from './notice.ts'
import { providersRuledOut } from './providers-by-hardware.ts'
import { visionRoutes } from './routes.ts'
import { VISION_MODEL } from './settings.ts'
import { MIN_SCORE } from './tracker.ts'
import type { Observation, Vision } from './types.ts'
import { createCameraWatch, type CameraWatch } from './watch-camera.ts'

export interface VisionDeps {
  clock: Clock
  log: Log
  bus: Bus<Events>
  settings: Settings
  /** Where the owner is told that nothing can be detected. */
  notices: NoticeBoard
  hardware: Hardware
  dataDir: string
  /** LARES_MODEL: a name or a path, instead of the setting. */
  model?: string | undefined
  /** The built-in model, when it does not lie where `lares models build-default` puts it. */
  defaultModelFile?: string
  /** Another detector thread, for tests. */
  workerFile?: URL
}

/** Frames in, observations out. Nothing here waits: a frame is decided on at once, and the newest one wins. */
export function createVision(deps: VisionDeps): Vision {
  const { clock, log, bus, settings } = deps
  const places = { dataDir: deps.dataDir, defaultModelFile: deps.defaultModelFile ?? DEFAULT_MODEL_FILE }
  const watches = new Map<string, CameraWatch>()
  const listeners = new Set<(observation: Observation) => void>()
  const queue = createLookQueue()
  const detector = createDetector({
    clock,
    log,
    models: async () => modelChoices(),
    ruledOut: async () => providersRuledOut(await deps.hardware.probe()),
    onStatus,
    ...(deps.workerFile ? { workerFile: deps.workerFile } : {}),
  })
  let stopListening: (() => void) | null = null
  let isStopped = true

  function modelChoices(): { name: string; file: string }[] {
    const wanted = deps.model ?? settings.get(VISION_MODEL)
    const first = { name: nameOfModel(wanted), file: fileOfModel(places, wanted) }
    const fallback = { name: CATALOGUE_DEFAULT.name, file: places.defaultModelFile }
    return first.file === fallback.file ? [fallback] : [first, fallback]
  }

  function onStatus(status: DetectorStatus): void {
    detectorNotice(deps.notices, status)
    bus.emit('detector.changed', status)
    pump(detector)
  }

  function watchOf(cameraId: string): CameraWatch {
    const watch = watches.get(cameraId) ?? createCameraWatch(() => newId(clock.now()))
    watches.set(cameraId, watch)
    return watch
  }

  /** Gives the detector its next frame, if it is free and one waits. */
  function pump(to: Detector): void {
    if (isStopped || !to.isIdle()) return
    const next = queue.take()
    if (next) void lookAt(next).then(() => pump(to))
  }

  async function lookAt(look: WaitingLook): Promise<void> {
    const watch = watches.get(look.frame.cameraId)
    try {
      const { detections, data } = await detector.look(look.frame, MIN_SCORE)
      // Forgotten, or forgotten and begun anew, while the detector looked.
      const isCurrent = watch !== undefined && watches.get(look.frame.cameraId) === watch
      const observation = isCurrent ? watch.conclude({ ...look.frame, data }, look.motion, detections) : null
      // Whoever listens may keep the picture; otherwise its buffer is used again.
      if (observation) tell(observation)
      else queue.recycle(data)
    } catch (error) {
      watch?.lookFailed()
      log.debug({ cameraId: look.frame.cameraId, err: messageOf(error) }, 'A frame was not looked at')
    }
  }

  function tell(observation: Observation): void {
    for (const listener of listeners) {
      try {
        listener(observation)
      } catch (error) {
        log.error({ cameraId: observation.cameraId, err: messageOf(error) }, 'A listener of vision failed')
      }
    }
  }

  return {
    name: 'vision',
    routes: visionRoutes({
      hardware: deps.hardware,
      detector: () => detector.status(),
      models: () => listModels(places, detector.status().model?.name ?? null),
    }),
    async start() {
      isStopped = false
      stopListening = settings.onChange(VISION_MODEL, () => detector.reload())
      await detector.start()
    },
    async stop() {
      isStopped = true
      stopListening?.()
      await detector.stop()
    },
    see(frame: Frame) {
      const { shouldLook, motion } = watchOf(frame.cameraId).decide(frame)
      if (!shouldLook) return
      queue.put({ frame, motion })
      pump(detector)
    },
    forget(cameraId) {
      watches.delete(cameraId)
      queue.forget(cameraId)
    },
    onObservation(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    detector: () => detector.status(),
  }
}
