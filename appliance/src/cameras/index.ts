import type { CameraSourceInput, TestCameraReply } from '../api/cameras.ts'
import type { Polygon } from '../api/zones.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { SecretBox } from '../core/crypto.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { NoticeBoard } from '../core/notices.ts'
import type { Database } from '../db/index.ts'
import type { Events } from '../events.ts'
import type { Frame, Media } from '../media/index.ts'
import { CameraList } from './camera-list.ts'
import { hiddenOf } from './hidden.ts'
import { createLiveCamera } from './live-camera.ts'
import { cameraRoutes } from './routes.ts'
import { parseSource, toStreamSource } from './source.ts'
import { createStills } from './stills.ts'
import { trySource } from './try-source.ts'
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
  /** What nobody shall see of a camera, as polygons; throws while that is not known. */
  privacyMasks(cameraId: string): readonly Polygon[]
}

export function createCameras(deps: CamerasDeps): Cameras {
  const { bus, media } = deps
  const frames = createFrameListeners(deps.log)
  const hidden = hiddenOf(deps.privacyMasks)
  const list = new CameraList({
    ...deps,
    build: (record, parsed) =>
      createLiveCamera(
        { ...deps, hidden, onFrame: frames.hand, onChanged: (camera) => bus.emit('camera.changed', camera) },
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
    async restart(id, meanwhile) {
      await list.restart(id, meanwhile)
      stills.forget(id)
    },
    test: createTester(deps),
    onFrame: frames.listen,
    latestFrame,
    start: () => list.start(),
    stop: () => list.stop(),
  }
  return { ...cameras, routes: cameraRoutes(cameras, still) }
}

function createTester({ media, clock, log }: CamerasDeps): Cameras['test'] {
  let running = 0
  return async (input: CameraSourceInput, signal: AbortSignal): Promise<TestCameraReply> => {
    const source = toStreamSource(parseSource(input))
    if (running >= MOST_TESTS_AT_ONCE) {
      throw new LaresError('too-many', 'Two cameras are being tried already. Wait a moment.', { retryAfterS: 5 })
    }
    running++
    try {
      return await trySource(source, { ffmpeg: media.ffmpeg, clock, log }, signal)
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
