import type { Box } from '../api/common.ts'
import { sleep, type Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { supervise, type Loop } from '../core/supervise.ts'
import {
  cameraStreamArgs,
  canBeRecorded,
  type Frame,
  type Picture,
  type StreamInfo,
  type StreamSource,
} from '../media/index.ts'
import { checkFile } from './file-source.ts'
import { readTrouble, trouble, troubleOfError, type ProblemReason, type Trouble } from './problems.ts'
import { runStream } from './stream-run.ts'

/** Pictures a second that detection gets. */
export const DETECTION_FPS = 5
const MAX_WIDTH = 640
const WARN_AFTER_MS = 5_000
/** The promise is 10 s; this leaves room for telling. */
const STALLED_AFTER_MS = 8_000
/** A fresh connection may take its time: sign-in, first key picture. */
const FIRST_PICTURE_MS = 15_000
const LOOK_EVERY_MS = 1_000
const BACKOFF_MS = [500, 1_000, 2_000, 5_000, 10_000] as const

/** What only a person can put right is tried less often: cameras lock accounts after a few wrong passwords. */
const TIME_DOES_NOT_CURE: ReadonlySet<ProblemReason> = new Set(['wrong-password', 'wrong-address', 'not-video'])
const SLOW_RETRY_MS = 30_000
const STREAM_FAILED = 'STREAM_FAILED'

export type WatchState = 'starting' | 'live' | 'stalled' | 'failed'

export interface WatchStatus {
  state: WatchState
  trouble: Trouble | null
  info: StreamInfo | null
}

export interface WatcherDeps {
  cameraId: string
  cameraName: string
  source: StreamSource
  /** False while the disk is nearly full: then the camera is watched without being recorded. */
  mayRecord(): boolean
  /** What nobody shall see, in fractions of the picture: for what is recorded. */
  hidden(): readonly Box[]
  /** Absolute; made anew before each run. */
  prepareSegmentFolder(): Promise<string>
  ffmpeg: string
  clock: Clock
  log: Log
  onFrame(frame: Frame): void
  /** Only when the state, the trouble or the stream's size changes. */
  onStatus(status: WatchStatus): void
}

/** One connection, from ffmpeg's start to its end. */
interface Run {
  ending: AbortController
  sawPictures: boolean
  stalled: Trouble | null
  /** Not recorded for want of disk space; ends, to begin again with recording, once there is room. */
  heldBack: boolean
}

/** One camera's stream, kept alive: one ffmpeg, watched for silence, started again with growing pauses. */
export class Watcher {
  readonly #deps: WatcherDeps
  readonly #loop: Loop
  #status: WatchStatus = { state: 'starting', trouble: null, info: null }
  #latest: Frame | null = null
  #lastSignAtMs = 0
  #sequence = 0

  constructor(deps: WatcherDeps) {
    this.#deps = deps
    const { cameraName, clock, log } = deps
    const runOnce = (stopping: AbortSignal): Promise<void> => this.#runOnce(stopping)
    this.#loop = supervise({ name: `camera ${cameraName}`, clock, log, runOnce, backoffMs: BACKOFF_MS })
  }

  start(): Promise<void> {
    return this.#loop.start()
  }

  stop(): Promise<void> {
    return this.#loop.stop()
  }

  status(): WatchStatus {
    return this.#status
  }

  /** Newest frame and its age, or null before the first. */
  latest(): { frame: Frame; ageMs: number } | null {
    const frame = this.#latest
    return frame && { frame, ageMs: this.#deps.clock.monotonic() - this.#lastSignAtMs }
  }

  async #runOnce(stopping: AbortSignal): Promise<void> {
    if (this.#status.trouble && TIME_DOES_NOT_CURE.has(this.#status.trouble.reason)) {
      await sleep(this.#deps.clock, SLOW_RETRY_MS, stopping)
      if (stopping.aborted) return
    }
    this.#lastSignAtMs = this.#deps.clock.monotonic()
    const run: Run = { ending: new AbortController(), sawPictures: false, stalled: null, heldBack: false }
    const endWatch = this.#watchForSilence(run)
    try {
      if (this.#deps.source.kind === 'file') await checkFile(this.#deps.source.path)
      const lastLines = await this.#stream(run, stopping)
      const isPlanned = stopping.aborted || (run.heldBack && run.ending.signal.aborted && !run.stalled)
      if (!isPlanned) throw this.#failure(run.stalled ?? readTrouble(lastLines, run.sawPictures), lastLines)
    } catch (error) {
      if (!isStreamFailure(error)) this.#setStatus({ state: 'failed', trouble: troubleOfError(error) })
      throw error
    } finally {
      endWatch()
    }
  }

  /** Until ffmpeg ends, whoever ended it. Returns its last lines. */
  async #stream(run: Run, stopping: AbortSignal): Promise<readonly string[]> {
    const { cameraName, ffmpeg, clock, log } = this.#deps
    const { lastLines } = await runStream({
      ...{ name: `ffmpeg ${cameraName}`, ffmpeg, args: await this.#args(run), clock, log },
      signal: AbortSignal.any([stopping, run.ending.signal]),
      onInfo: (info) => this.#setStatus({ info: sameInfo(info, this.#status.info) }),
      onPicture: (picture) => {
        run.sawPictures = true
        this.#onPicture(picture)
      },
    })
    return lastLines
  }

  async #args(run: Run): Promise<string[]> {
    const { source, mayRecord, prepareSegmentFolder, hidden } = this.#deps
    const { info } = this.#status
    const canRecord = info === null || canBeRecorded(info.codec)
    run.heldBack = canRecord && !mayRecord()
    const segmentFolder = canRecord && !run.heldBack ? await prepareSegmentFolder() : undefined
    const stream = { source, framesPerSecond: DETECTION_FPS, maxWidth: MAX_WIDTH, segmentFolder }
    return cameraStreamArgs({ ...stream, hidden: hidden() })
  }

  #onPicture(picture: Picture): void {
    const { cameraId, clock } = this.#deps
    this.#lastSignAtMs = clock.monotonic()
    this.#latest = { cameraId, ...picture, capturedAt: clock.now(), sequence: this.#sequence++ }
    this.#setStatus({ state: 'live', trouble: null })
    this.#deps.onFrame(this.#latest)
  }

  /** Looks each second whether pictures still come, and ends the run when they do not. Returns how to end the looking. */
  #watchForSilence(run: Run): () => void {
    const { cameraName, clock, log } = this.#deps
    let warned = false
    let cancel = (): void => undefined
    const look = (): void => {
      const silentMs = clock.monotonic() - this.#lastSignAtMs
      if (silentMs >= (run.sawPictures ? STALLED_AFTER_MS : FIRST_PICTURE_MS)) return this.#giveUp(run)
      if (run.heldBack && this.#deps.mayRecord()) return run.ending.abort()
      const isLong = silentMs >= WARN_AFTER_MS && run.sawPictures
      if (isLong && !warned) log.warn({ camera: cameraName, silentMs }, 'No picture for a while')
      warned = isLong
      cancel = clock.after(LOOK_EVERY_MS, look)
    }
    cancel = clock.after(LOOK_EVERY_MS, look)
    return () => cancel()
  }

  #giveUp(run: Run): void {
    run.stalled = trouble('no-frames')
    this.#setStatus({ state: 'stalled', trouble: run.stalled })
    run.ending.abort()
  }

  #failure(why: Trouble, lines: readonly string[]): LaresError {
    const isStalled = why.reason === 'no-frames'
    this.#setStatus({ state: isStalled ? 'stalled' : 'failed', trouble: why })
    this.#deps.log.debug(
      { camera: this.#deps.cameraName, reason: why.reason, lines: lines.slice(-5) },
      'The stream ended',
    )
    return new LaresError('unavailable', why.message, { code: STREAM_FAILED })
  }

  #setStatus(change: Partial<WatchStatus>): void {
    const [old, next] = [this.#status, { ...this.#status, ...change }]
    this.#status = next
    const isSame = next.state === old.state && next.trouble?.reason === old.trouble?.reason && next.info === old.info
    if (!isSame) this.#deps.onStatus(next)
  }
}

function isStreamFailure(error: unknown): boolean {
  return error instanceof LaresError && error.code === STREAM_FAILED
}

/** The same object while the stream is the same, so that a change can be told by identity. */
function sameInfo(next: StreamInfo, old: StreamInfo | null): StreamInfo {
  const isSame = old && next.codec === old.codec && next.width === old.width && next.height === old.height
  return isSame ? old : next
}
