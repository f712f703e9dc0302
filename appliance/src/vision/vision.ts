import type { CameraZones } from '../api/zones.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { Database } from '../db/index.ts'
import type { Events } from '../events.ts'
import type { Hardware } from '../hardware/index.ts'
import type { Settings } from '../settings/index.ts'
import { createHomeDetector } from './home-detector.ts'
import { createHomeLooker } from './home-looker.ts'
import { CATALOGUE_DEFAULT } from './models/catalogue.ts'
import { createModelKeeper, type ModelChange } from './models/keeper.ts'
import { DEFAULT_MODEL_FILE, fileOfModel, nameOfModel, type ModelPlaces } from './models/places.ts'
import { modelRoutes } from './models/model-routes.ts'
import { detectorNotice, type NoticeBoard } from './notice.ts'
import { visionRoutes } from './routes.ts'
import { VISION_MODEL } from './settings.ts'
import type { Vision } from './types.ts'
import { viewRoutes } from './view/view-routes.ts'
import { createViews, type ViewsDeps } from './view/views.ts'

export interface VisionDeps extends Pick<ViewsDeps, 'cameraName' | 'recordChange'> {
  database: Database
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
  /** What is drawn on a camera's picture; nothing when left out. */
  zones?: (cameraId: string) => CameraZones
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
  const looker = createHomeLooker({ ...deps, detector })
  const views = createViews(deps)
  const models = createModelKeeper({
    ...{ places, settings, clock, log, isFixed: deps.model !== undefined, fetch: {} },
    detector: () => detector.status(),
    record: async (change) => deps.recordModel?.(change),
    onChange: (list) => bus.emit('models.changed', list),
  })

  return {
    name: 'vision',
    routes: [
      ...visionRoutes({ hardware, detector: () => detector.status(), looking: () => looker.looking() }),
      ...modelRoutes(models),
      ...viewRoutes(views),
    ],
    async start() {
      await looker.start()
      await views.start()
    },
    startLate: () => detector.start(),
    async stop() {
      await models.stop()
      await views.stop()
      await detector.stop()
      await looker.stop()
    },
    see(frame) {
      detector.noteFrame(frame.cameraId)
      looker.see(frame)
      // Single stills come from whenever: a view is judged by what follows on itself.
      if (frame.still === undefined) views.see(frame)
    },
    hint: (cameraId) => looker.hint(cameraId),
    forget(cameraId) {
      looker.forget(cameraId)
      views.forget(cameraId)
    },
    load: () => looker.load.report(),
    isLooking: (cameraId) => looker.isLooking(cameraId),
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
