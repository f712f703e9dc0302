import type { CameraSourceInput, TestCameraReply } from '../api/cameras.ts'
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
import { cameraRoutes } from './routes.ts'
import { mayReachCamera } from './reach.ts'
import { listUsbCameras, parseSource, trySource, type TryDeps } from './sources/index.ts'
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
}

export function createCameras(deps: CamerasDeps): Cameras {
  const { bus, media, clock, log, root = '/', mayReach = mayReachCamera } = deps
  const pace = createPace({ clock, log, ...(deps.busy ? { busy: deps.busy } : {}) })
  const facts = (): Promise<DecodingFacts> => readDecodingFacts(root, deps.readyAccelerators)
  const decoding = createDecoding({ ffmpeg: media.ffmpeg, clock, log, facts })
  const ground = { ...deps, root, mayReach, pace, decoding }
  const frames = createFrameListeners(deps.log)
  const list = new CameraList({
    ...ground,
    build: (record, parsed) =>
      createLiveCamera(
        { ...ground, onFrame: frames.hand, onChanged: (camera) => bus.emit('camera.changed', camera) },
        record,
        parsed,
      ),
  })
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
    list: async () => list.all().map((camera) => camera.describe()),
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
    latestFrame,
    async start() {
      await pace.start()
      await list.start()
    },
    async stop() {
      await list.stop()
      await pace.stop()
    },
  }
  return { ...cameras, routes: cameraRoutes(cameras, still, () => listUsbCameras(root)) }
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
function createFrameListeners(log: Log): { hand(frame: Frame): void; listen: Cameras['onFrame'] } {
  const listeners = new Set<(frame: Frame) => void>()
  return {
    hand(frame) {
      for (const listener of listeners) {
        try {
          listener(frame)
        } catch (error) {
          log.error({ err: messageOf(error) }, 'A frame listener failed')
        }
      }
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
