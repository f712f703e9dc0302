import type { Camera, CameraSourceInput, TestCameraReply } from '../api/cameras.ts'
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
import type { Settings } from '../settings/index.ts'
import { CameraList, isFolderOf } from './camera-list.ts'
import { createDecoding } from './decoding.ts'
import { readDecodingFacts } from './decoding-facts.ts'
import { createFoundStreams, type FoundStreams } from './found-streams.ts'
import { createFtp, type Ftp, type FtpPorts } from './ftp/index.ts'
import { hiddenOf } from './hidden.ts'
import { createLiveCamera, type LiveCamera } from './live-camera.ts'
import { createPace, type Pace } from './pace.ts'
import { cameraRoutes, refuseLimited } from './routes.ts'
import { mayReachCamera } from './reach.ts'
import { listUsbCameras, parseSource, trySource, type TryDeps } from './sources/index.ts'
import { createFinding } from './finding/index.ts'
import { createOwnNetworks, type Interfaces } from './onvif/own-networks.ts'
import type { CameraPorts } from './finding/recognise.ts'
import { createStills } from './stills.ts'
import type { Cameras } from './types.ts'
import { senderFolder, uploadRoutes, type UploadRoutesDeps } from './upload-routes.ts'
import { createUploads, type Uploads } from './uploads/index.ts'

export type { Cameras } from './types.ts'
export type { FtpPorts } from './ftp/index.ts'
export { cameraSettings } from './uploads/index.ts'

const MOST_TESTS_AT_ONCE = 2
const FRESH_FRAME_MS = 10_000

export interface CamerasDeps {
  dataDir: string
  settings: Settings
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
  ftp: FtpPorts
  recordFtpPassword: UploadRoutesDeps['recordPassword']
  /** Whether a picture of this camera still waits to be looked at: what is sent in a burst goes at that pace. */
  isLooking?(cameraId: string): boolean
  /** What nobody shall see of a camera, as polygons; throws while that is not known. */
  privacyMasks(cameraId: string): readonly Polygon[]
  /** For tests: the networks that the box is in, and where cameras listen. */
  interfaces?: () => Interfaces
  cameraPorts?: CameraPorts
}

export function createCameras(deps: CamerasDeps): Cameras {
  const { bus, media, clock, log, root = '/', mayReach = mayReachCamera } = deps
  const pace = createPace({ clock, log, ...(deps.busy ? { busy: deps.busy } : {}) })
  const facts = () => readDecodingFacts(root, deps.readyAccelerators)
  const decoding = createDecoding({ ffmpeg: media.ffmpeg, clock, log, facts })
  const foundStreams = createFoundStreams(deps)
  const frames = createListeners<Frame>(log, 'A frame listener failed')
  const hints = createListeners<string>(log, 'A listener for motion hints failed')
  const networks = createOwnNetworks(deps.interfaces)
  const uploads = createUploads({
    ...{ ...deps, isLooking: deps.isLooking ?? (() => false) },
    isOwned: (folder) => list.all().some(({ parsed }) => isFolderOf(parsed, folder)),
  })
  const ground = {
    ...{ ...deps, root, mayReach, pace, decoding, foundStreams },
    ...{ networks, uploads, hidden: hiddenOf(deps.privacyMasks) },
    ...{ onFrame: frames.hand, onMotionHint: hints.hand },
    onChanged: (camera: Camera) => bus.emit('camera.changed', camera),
  }
  const list = new CameraList({
    ...ground,
    build: (record, parsed) => createLiveCamera(ground, record, parsed),
  })
  const describeAll = (): Camera[] => list.all().map((camera) => camera.describe())
  const ftp = createFtp({ ...deps, ports: deps.ftp, uploads, folderOf: (id) => folderOf(list.find(id)) })
  const { latestFrame, still, forgetStill } = createPictures(deps, list)

  const cameras: Omit<Cameras, 'routes'> = {
    name: 'cameras',
    list: async () => describeAll(),
    get: async (id) => list.get(id).describe(),
    peek: (id) => list.find(id)?.describe() ?? null,
    create: (input) => list.create(input),
    change: (id, input) => list.change(id, input),
    async remove(id) {
      await list.remove(id)
      forgetStill(id)
    },
    async restart(id, meanwhile) {
      await list.restart(id, meanwhile)
      forgetStill(id)
    },
    test: createTester({ ...deps, root, mayReach }),
    onFrame: frames.listen,
    onMotionHint: hints.listen,
    latestFrame,
    start: () => startAll(pace, uploads, list, ftp, foundStreams),
    async stop() {
      await finding.stop()
      await stopAll(pace, uploads, list, ftp)
    },
  }
  const finding = createFinding({ ...deps, networks, cameras: describeAll, refuse: refuseLimited })
  const sending = uploadRoutes({
    ...{ uploads, ftp, ports: deps.ftp, settings: deps.settings, recordPassword: deps.recordFtpPassword },
    sender: (id) => senderFolder(list.find(id)?.parsed.source),
  })
  const others = cameraRoutes(cameras, still, () => listUsbCameras(root))
  return { ...cameras, routes: [...finding.routes, ...others, ...sending] }
}

/** The newest picture of each camera, as it is and as JPEG. */
function createPictures({ clock, media }: CamerasDeps, list: CameraList) {
  const stills = createStills(clock, media.encodeJpeg)

  function latestFrame(id: string): Frame | null {
    const latest = list.find(id)?.latest() ?? null
    return latest && latest.ageMs <= FRESH_FRAME_MS ? latest.frame : null
  }

  return {
    latestFrame,
    async still(id: string): Promise<Buffer> {
      const frame = keptFrame(list.get(id)) ?? latestFrame(id)
      if (frame) return stills.encode(frame)
      const words = `${list.get(id).record().name} sends no pictures right now.`
      throw new LaresError('unavailable', words, { code: 'NO_PICTURE', retryAfterS: 5 })
    },
    forgetStill: (id: string): void => stills.forget(id),
  }
}

/** What a camera that sends now and then has sent last stays its picture; null for others. */
function keptFrame({ parsed, latest }: LiveCamera): Frame | null {
  return parsed.source.kind === 'upload' ? (latest()?.frame ?? null) : null
}

/** Where a camera sends to, while it is switched on; null for those that are asked. */
function folderOf(camera: LiveCamera | null): string | null {
  const source = camera?.record().enabled ? camera.parsed.source : null
  return source?.kind === 'upload' ? source.folder : null
}

async function startAll(pace: Pace, uploads: Uploads, list: CameraList, ftp: Ftp, found: FoundStreams): Promise<void> {
  await found.load()
  await pace.start()
  // What was seen before first, then the cameras, then the folder: no picture finds nobody at home.
  await uploads.load()
  await list.start()
  await uploads.start()
  await ftp.start()
}

async function stopAll(pace: Pace, uploads: Uploads, list: CameraList, ftp: Ftp): Promise<void> {
  await ftp.stop()
  await uploads.stop()
  await list.stop()
  await pace.stop()
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
