import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { Frame, StreamInfo } from '../../media/index.ts'
import { trouble, type Trouble } from '../problems.ts'
import type { WatchStatus } from '../status.ts'
import { refuse } from './address.ts'
import type { Parsed, RunDeps, Runner, SourceKind } from './types.ts'

const LOOK_EVERY_MS = 60_000
const TELL_EVERY_MS = 2_000
const HOUR_MS = 60 * 60_000
const FOLDER = /^[A-Za-z0-9_][A-Za-z0-9 _.-]{0,62}$/

/** A camera that sends pictures itself, by FTP or into a shared folder, when it thinks that something happens. */
export const upload: SourceKind<'upload'> = {
  parse({ folder, expectEveryHours }) {
    if (!FOLDER.test(folder)) throw refuse('A folder’s name has letters, digits, spaces, dots, - and _ only.')
    return { source: { kind: 'upload', folder, expectEveryHours }, credentials: null }
  },
  show: ({ source }) => ({
    ...{ kind: source.kind, address: source.folder, hasPassword: false, expectEveryHours: source.expectEveryHours },
  }),
  run: (parsed, deps) => new UploadRunner(parsed, deps),
  // It cannot be asked for a picture: the page waits for the first one.
  async tryOut(_, { clock }) {
    return { ok: false, problem: { ...trouble('no-uploads'), since: clock.now() } }
  },
}

/** Live once it has sent something, since silence is no fault of it; stalled when it is silent for longer than it may be. */
class UploadRunner implements Runner {
  readonly #deps: RunDeps
  readonly #source: Parsed<'upload'>['source']
  #status: WatchStatus = { state: 'starting', trouble: null, info: null, streams: null }
  #latest: Frame | null = null
  #lastAt: number | null = null
  #sequence = 0
  #toldAtMs = -Infinity
  #leave = (): void => undefined
  #cancelLook = (): void => undefined

  constructor({ source }: Parsed<'upload'>, deps: RunDeps) {
    this.#deps = deps
    this.#source = source
  }

  async start(): Promise<void> {
    const { uploads, cameraId, cameraName, hidden, onFrame, log, clock } = this.#deps
    const { folder } = this.#source
    try {
      await uploads.prepare(folder)
    } catch (error) {
      log.warn({ camera: cameraName, err: error instanceof LaresError ? error.message : String(error) }, 'No folder')
      this.#set({ state: 'failed', trouble: trouble('folder-missing') })
    }
    this.#lastAt = uploads.lastTakenAt(folder)
    if (this.#lastAt !== null) this.#set({ state: 'live' })
    this.#leave = uploads.join(folder, {
      ...{ cameraId, cameraName, folder, hidden },
      onFrame: (picture) => {
        const frame: Frame = { ...picture, cameraId, isSent: true, sequence: this.#sequence++ }
        // What comes late is looked at, but is not what the camera shows now.
        if (frame.still !== 'second' && frame.capturedAt >= (this.#latest?.capturedAt ?? 0)) this.#latest = frame
        onFrame(frame)
      },
      onTaken: (takenAt, info) => this.#took(takenAt, info),
      onRefused: () => this.#judge(),
    })
    this.#judge(clock)
  }

  async stop(): Promise<void> {
    this.#cancelLook()
    this.#leave()
  }

  status(): WatchStatus {
    return this.#status
  }

  latest(): { frame: Frame; ageMs: number } | null {
    const frame = this.#latest
    return frame && { frame, ageMs: Math.max(0, this.#deps.clock.now() - frame.capturedAt) }
  }

  lastAt(): number | null {
    return this.#lastAt
  }

  #took(takenAt: number, info: StreamInfo): void {
    this.#lastAt = Math.max(this.#lastAt ?? 0, takenAt)
    const before = this.#status.info
    const isSame = before?.width === info.width && before.height === info.height && before.codec === info.codec
    this.#set({ state: 'live', trouble: null, info: isSame ? before : info })
    this.#tellOfPicture()
    this.#judge()
  }

  /** Pages show when it sent last: told for each picture, but not for each of a burst. */
  #tellOfPicture(): void {
    const { clock, onStatus } = this.#deps
    if (clock.monotonic() - this.#toldAtMs < TELL_EVERY_MS) return
    this.#toldAtMs = clock.monotonic()
    onStatus(this.#status)
  }

  /** Whether it has been silent for too long; again in a minute. */
  #judge(clock: Clock = this.#deps.clock): void {
    this.#cancelLook()
    const { expectEveryHours } = this.#source
    const isOverdue =
      expectEveryHours !== null && this.#lastAt !== null && clock.now() - this.#lastAt > expectEveryHours * HOUR_MS
    if (isOverdue && this.#status.state === 'live') this.#set({ state: 'stalled', trouble: overdue(expectEveryHours) })
    if (expectEveryHours !== null) this.#cancelLook = clock.after(LOOK_EVERY_MS, () => this.#judge())
  }

  #set(change: Partial<WatchStatus>): void {
    const [old, next] = [this.#status, { ...this.#status, ...change }]
    this.#status = next
    const isSame = next.state === old.state && next.trouble?.reason === old.trouble?.reason && next.info === old.info
    if (!isSame) this.#deps.onStatus(next)
  }
}

function overdue(hours: number): Trouble {
  const words = hours === 1 ? 'an hour' : `${String(hours)} hours`
  const message = `It has sent nothing for more than ${words}. Check that it has power and network, and what its own app says of sending.`
  return { reason: 'no-uploads', message }
}
