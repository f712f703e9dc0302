import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import { newId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Events } from '../events.ts'
import type { Hardware } from '../hardware/index.ts'
import type { Settings } from '../settings/index.ts'
import { createHomeDetector } from './home-detector.ts'
import { createLooker } from './looker.ts'
import { CATALOGUE_DEFAULT } from './models/catalogue.ts'
import { createModelKeeper, type ModelChange } from './models/keeper.ts'
import { DEFAULT_MODEL_FILE, fileOfModel, nameOfModel, type ModelPlaces } from './models/places.ts'
import { detectorNotice, type NoticeBoard } from './notice.ts'
import { visionRoutes } from './routes.ts'
import { VISION_MODEL } from './settings.ts'
import type { Vision } from './types.ts'

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
  /** For the record of who did what to the models. */
  recordModel?: (change: ModelChange) => Promise<void>
  /** Another detector thread, for tests. */
  workerFile?: URL
}

/** Frames in, observations out. */
export function createVision(deps: VisionDeps): Vision {
  const { clock, log, bus, settings, hardware } = deps
  const places = { dataDir: deps.dataDir, defaultModelFile: deps.defaultModelFile ?? DEFAULT_MODEL_FILE }
  const detector = createHomeDetector({
    ...{ clock, log, settings, hardware, dataDir: deps.dataDir },
    models: async () => modelChoices(places, deps.model ?? settings.get(VISION_MODEL)),
    onStatus(status) {
      detectorNotice(deps.notices, status)
      bus.emit('detector.changed', status)
      models.onDetector(status)
      looker.lookOn()
    },
    workerFile: deps.workerFile,
  })
  const looker = createLooker({ detector, log, newId: () => newId(clock.now()) })
  const models = createModelKeeper({
    ...{ places, settings, clock, log, isFixed: deps.model !== undefined, fetch: {} },
    detector: () => detector.status(),
    record: async (change) => deps.recordModel?.(change),
    onChange: (list) => bus.emit('models.changed', list),
  })

  return {
    name: 'vision',
    routes: visionRoutes({ hardware, models, detector: () => detector.status() }),
    start: () => detector.start(),
    async stop() {
      await models.stop()
      await detector.stop()
    },
    see(frame) {
      detector.noteFrame(frame.cameraId)
      looker.see(frame)
    },
    forget: (cameraId) => looker.forget(cameraId),
    onObservation: (listener) => looker.onObservation(listener),
    onMotion: (listener) => looker.onMotion(listener),
    detector: () => detector.status(),
  }
}

/** The wanted model, then the built-in one. */
export function modelChoices(places: ModelPlaces, wanted: string): { name: string; file: string }[] {
  const first = { name: nameOfModel(wanted), file: fileOfModel(places, wanted) }
  const fallback = { name: CATALOGUE_DEFAULT.name, file: places.defaultModelFile }
  return first.file === fallback.file ? [fallback] : [first, fallback]
}
