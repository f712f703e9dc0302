import type { Camera, CameraSource, TestCameraReply } from '../../api/cameras.ts'
import type { Box } from '../../api/common.ts'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import type { Frame, UsbFormat } from '../../media/index.ts'
import type { Decoding } from '../decoding.ts'
import type { FoundStreams } from '../found-streams.ts'
import type { Pace } from '../pace.ts'
import type { WatchStatus } from '../status.ts'
import type { UploadBox } from '../uploads/types.ts'

/** What may be shown and stored in the open, one member a kind. An `address` carries no user, no password, and `•••` for secrets in its query. */
export type StoredSource =
  | {
      kind: 'rtsp'
      address: string
      transport: 'tcp' | 'udp'
      /** As typed; left out: Lares looks for one itself. */
      subAddress?: string | undefined
      anyCertificate?: boolean | undefined
      onvif?: OnvifPlace | undefined
    }
  | { kind: 'mjpeg'; address: string; anyCertificate?: boolean | undefined }
  | { kind: 'still'; address: string; intervalS: number; anyCertificate?: boolean | undefined }
  | { kind: 'usb'; device: string; format: 'auto' | UsbFormat }
  | { kind: 'file'; path: string }
  | { kind: 'upload'; folder: string; expectEveryHours: number | null }

/** How a camera was found; its motion alarms come from there. */
export interface OnvifPlace {
  /** Of its device service: on the same host as its stream, so that the password goes nowhere else. */
  address: string
  profile: string
}

/** What is sealed. `address` is the real one when the shown one has something hidden. */
export interface Credentials {
  username?: string | undefined
  password?: string | undefined
  address?: string | undefined
  /** The same for the address of the sub stream. */
  subAddress?: string | undefined
}

export type Kind = StoredSource['kind']
export type Typed<K extends Kind> = Extract<CameraSource, { kind: K }>

export interface Parsed<K extends Kind> {
  source: Extract<StoredSource, { kind: K }>
  credentials: Credentials | null
}
export type ParsedSource = { [K in Kind]: Parsed<K> }[Kind]

/** What hands in a camera's pictures until it is stopped. */
export interface Runner {
  start(): Promise<void>
  stop(): Promise<void>
  status(): WatchStatus
  /** Newest frame and its age, or null before the first. */
  latest(): { frame: Frame; ageMs: number } | null
  /** When the newest picture was taken, when that is known without having it. */
  lastAt?(): number | null
}

/** Everything a runner gets besides its source. */
export interface RunDeps {
  cameraId: string
  cameraName: string
  /** False while the disk is nearly full: then the camera is watched without being recorded. */
  mayRecord(): boolean
  /** Absolute; made anew before each run. */
  prepareSegmentFolder(): Promise<string>
  /** What nobody shall see, in fractions of the picture: for what is recorded. */
  hidden(): readonly Box[]
  ffmpeg: string
  /** Whether a source that Lares reads itself may lead to an IP address. */
  mayReach(address: string): boolean
  /** Where /sys and /dev are found. */
  root: string
  decoding: Decoding
  foundStreams: FoundStreams
  pace: Pace
  clock: Clock
  log: Log
  uploads: UploadBox
  onFrame(frame: Frame): void
  /** Only when something of it changes. */
  onStatus(status: WatchStatus): void
}

export type TryDeps = Pick<RunDeps, 'ffmpeg' | 'clock' | 'log' | 'mayReach' | 'root'>

/** One kind of source. A new one is a file here, a line in `index.ts`, a member of `StoredSource` and of the API's union. */
export type SourceKind<K extends Kind> = KindOf<Typed<K>, Parsed<K>>

export interface KindOf<T, P> {
  /**
   * What was typed → what may be shown, what is sealed. `stored` is what a camera of the same kind has now: a password
   * that is left out stays while the address stays the same. Throws `invalid` with a sentence for the person.
   */
  parse(typed: T, stored: P | null): P
  /** As the app sees it: no password, nothing hidden in the address. */
  show(parsed: P): Camera['source']
  /** Before it is stored; throws `invalid` when what it names cannot be there. */
  check?(parsed: P, deps: Pick<TryDeps, 'root'>): Promise<void>
  run(parsed: P, deps: RunDeps): Runner
  /** One picture. Never rejects for what is wrong with the camera: that is the answer. */
  tryOut(parsed: P, deps: TryDeps, signal: AbortSignal): Promise<TestCameraReply>
}
