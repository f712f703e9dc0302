import type { Camera, CameraSourceInput, TestCameraReply } from '../api/cameras.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { SecretBox } from '../core/crypto.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { NoticeBoard } from '../core/notices.ts'
import type { Database } from '../db/index.ts'
import type { Events } from '../events.ts'
import type { DecodingFacts, Frame, Media } from '../media/index.ts'
import { CameraList } from './camera-list.ts'
import { createDecoding } from './decoding.ts'
import { readDecodingFacts } from './decoding-facts.ts'
import { createLiveCamera } from './live-camera.ts'
import { createPace } from './pace.ts'
import { cameraRoutes, refuseLimited } from './routes.ts'
import { mayReachCamera } from './reach.ts'
import { listUsbCameras, parseSource, trySource, type TryDeps } from './sources/index.ts'
import { createFinding } from './finding/index.ts'
import { createOwnNetworks, type Interfaces } from './onvif/own-networks.ts'
import type { CameraPorts } from './finding/recognise.ts'
import { createStills } from './stills.ts'
import type { Cameras } from './types.ts'

export type { Cameras } from './types.ts'

const MOST_TESTS_AT_ONCE = 2
const FRESH_FRAME_MS = 10_000

export interface CamerasDeps {
  database: Database
  secretBox: SecretBox
  clock: Clock
  log: Log
  bus: Bus<Events>
  notices: NoticeBoard
  media: Media
  /** Where /sys and /dev are found; `/` when left out. */
  root?: string
  /** Kinds of accelerators that are ready, as hardware/ calls them: whose video decoders may be tried. */
  readyAccelerators?: () => Promise<readonly string[]>
  /** For tests: where sources that Lares reads itself may lead, and how busy the processor is. */
  mayReach?: (address: string) => boolean
  busy?: () => number
  /** For tests: the networks that the box is in, and where cameras listen. */
  interfaces?: () => Interfaces
  cameraPorts?: CameraPorts
}

export function createCameras(deps: CamerasDeps): Cameras {
  const { bus, media, clock, log, root = '/', mayReach = mayReachCamera } = deps
  const pace = createPace({ clock, log, ...(deps.busy ? { busy: deps.busy } : {}) })
  const facts = (): Promise<DecodingFacts> => readDecodingFacts(root, deps.readyAccelerators)
  const decoding = createDecoding({ ffmpeg: media.ffmpeg, clock, log, facts })
  const frames = createListeners<Frame>(log, 'A frame listener failed')
  const hints = createListeners<string>(log, 'A listener for motion hints failed')
  const networks = createOwnNetworks(deps.interfaces)
  const ground = {
    ...{ ...deps, root, mayReach, pace, decoding, networks, onFrame: frames.hand, onMotionHint: hints.hand },
    onChanged: (camera: Camera) => bus.emit('camera.changed', camera),
  }
  const list = new CameraList({
    ...ground,
    build: (record, parsed) => createLiveCamera(ground, record, parsed),
  })
  const describeAll = (): Camera[] => list.all().map((camera) => camera.describe())
  const stills = createStills(deps.clock, media.encodeJpeg)

  function latestFrame(id: string): Frame | null {
    const latest = list.find(id)?.latest() ?? null
    return latest && latest.ageMs <= FRESH_FRAME_MS ? latest.frame : null
  }

  async function still(id: string): Promise<Buffer> {
    const { name } = list.get(id).record()
    const frame = latestFrame(id)
    if (frame) return stills.encode(frame)
    throw new LaresError('unavailable', `${name} sends no pictures right now.`, { code: 'NO_PICTURE', retryAfterS: 5 })
  }

  const cameras: Omit<Cameras, 'routes'> = {
    name: 'cameras',
    list: async () => describeAll(),
    get: async (id) => list.get(id).describe(),
    peek: (id) => list.find(id)?.describe() ?? null,
    create: (input) => list.create(input),
    change: (id, input) => list.change(id, input),
    async remove(id) {
      await list.remove(id)
      stills.forget(id)
    },
    test: createTester({ ...deps, root, mayReach }),
    onFrame: frames.listen,
    onMotionHint: hints.listen,
    latestFrame,
    async start() {
      await pace.start()
      await list.start()
    },
    async stop() {
      await finding.stop()
      await list.stop()
      await pace.stop()
    },
  }
  const finding = createFinding({ ...deps, networks, cameras: describeAll, refuse: refuseLimited })
  const others = cameraRoutes(cameras, still, () => listUsbCameras(root))
  return { ...cameras, routes: [...finding.routes, ...others] }
}

function createTester({
  media,
  clock,
  log,
  root,
  mayReach,
}: CamerasDeps & Pick<TryDeps, 'root' | 'mayReach'>): Cameras['test'] {
  let running = 0
  return async (input: CameraSourceInput, signal: AbortSignal): Promise<TestCameraReply> => {
    const source = parseSource(input)
    if (running >= MOST_TESTS_AT_ONCE) {
      throw new LaresError('too-many', 'Two cameras are being tried already. Wait a moment.', { retryAfterS: 5 })
    }
    running++
    try {
      return await trySource(source, { ffmpeg: media.ffmpeg, clock, log, root, mayReach }, signal)
    } finally {
      running--
    }
  }
}

/** A listener that throws must not take the stream down with it. */
function createListeners<T>(
  log: Log,
  failed: string,
): { hand(what: T): void; listen(take: (what: T) => void): () => void } {
  const listeners = new Set<(what: T) => void>()
  return {
    hand(what) {
      for (const listener of listeners) {
        try {
          listener(what)
        } catch (error) {
          log.error({ err: messageOf(error) }, failed)
        }
      }
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
