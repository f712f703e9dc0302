import { NO_ZONES, type CameraZones } from '../api/zones.ts'
import type { Looking } from '../api/looking.ts'
import type { DetectorStatus } from '../api/system.ts'
import type { Clock } from '../core/clock.ts'
import { newId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Database } from '../db/index.ts'
import type { Detector } from './detector.ts'
import { createLooker, type Looker } from './looker.ts'
import { createLoadWatch, describeLoad } from './looking.ts'
import type { NoticeBoard } from './notice.ts'
import { createSizesKeeper } from './regions/sizes-keeper.ts'

export interface HomeLookerDeps {
  database: Database
  clock: Clock
  log: Log
  notices: NoticeBoard
  detector: Pick<Detector, 'isIdle' | 'look' | 'status'>
  /** What is drawn on a camera's picture; nothing when left out. */
  zones?: (cameraId: string) => CameraZones
}

/** The looker of this home: what it learns is kept, and when it cannot keep up the owner is told. */
export interface HomeLooker extends Looker {
  looking(): Looking
  start(): Promise<void>
  stop(): Promise<void>
}

/** Of models that do not say: remote ones. */
const USUAL_INPUT_SIDE = 416

export function createHomeLooker(deps: HomeLookerDeps): HomeLooker {
  const { database, clock, log, notices, detector, zones = () => NO_ZONES } = deps
  const sizes = createSizesKeeper({ database, clock, log })
  const looker = createLooker({
    ...{ detector, clock, log, newId: () => newId(clock.now()) },
    inputSide: () => inputSideOf(detector.status()),
    sizesOf: (cameraId) => sizes.sizesOf(cameraId),
    zonesOf: zones,
  })
  const looking = (): Looking => describeLoad(looker.load.report())
  const loadWatch = createLoadWatch({
    ...{ clock, log, notices },
    looking: () => (detector.status().state === 'ready' ? looking() : null),
  })
  return {
    ...looker,
    looking,
    forget(cameraId) {
      looker.forget(cameraId)
      sizes.forget(cameraId)
    },
    async start() {
      await sizes.start()
      await loadWatch.start()
    },
    async stop() {
      await loadWatch.stop()
      await sizes.stop()
    },
  }
}

function inputSideOf({ model }: DetectorStatus): number {
  return model ? Math.max(model.inputWidth, model.inputHeight) : USUAL_INPUT_SIDE
}
