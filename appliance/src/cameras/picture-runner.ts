import { LaresError } from '../core/errors.ts'
import { supervise, type Loop } from '../core/supervise.ts'
import { pictureOfJpeg, type Frame, type StreamInfo } from '../media/index.ts'
import { PictureKeeper } from './picture-keeper.ts'
import { trouble, troubleError, troubleOfError } from './problems.ts'
import type { RunDeps, Runner } from './sources/types.ts'
import { BY_PROCESSOR, isSameStatus, type WatchStatus } from './status.ts'
import { MAX_WIDTH } from './stream-args.ts'

const FIRST_PICTURE_MS = 15_000
const LOOK_EVERY_MS = 1_000
const BACKOFF_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000] as const

export interface PictureRunnerDeps extends RunDeps {
  codec: string
  why: string
  /** Silence that is a stall. */
  stalledAfterMs: number
  /** Hands in JPEGs until the signal; resolves when there are no more, rejects with what is wrong. */
  read(onJpeg: (jpeg: Buffer) => Promise<void>, signal: AbortSignal): Promise<void>
}

/** A camera whose pictures come one by one as JPEG: decoded here, at most one at a time, newest wins. */
export class PictureRunner implements Runner {
  readonly #deps: PictureRunnerDeps
  readonly #loop: Loop
  #status: WatchStatus = { state: 'starting', trouble: null, info: null, streams: null }
  #latest: Frame | null = null
  #lastSignAtMs = 0
  #sawPictures = false
  #sequence = 0
  /** Since the box last asked: pictures that came to be decoded, and that were. */
  #count = { come: 0, decoded: 0 }
  #leavePace = (): void => undefined
  readonly #keeper: PictureKeeper
  #isDecoding = false

  constructor(deps: PictureRunnerDeps) {
    this.#deps = deps
    this.#keeper = new PictureKeeper(deps)
    const runOnce = (stopping: AbortSignal): Promise<void> => this.#runOnce(stopping)
    this.#loop = supervise({
      ...{ name: `camera ${deps.cameraName}`, clock: deps.clock, log: deps.log, runOnce, backoffMs: BACKOFF_MS },
    })
  }

  start(): Promise<void> {
    this.#leavePace = this.#deps.pace.join({
      takeShare: () => this.#takeShare(),
      onPace: (step) => this.#status.streams && this.#setStatus({ streams: { ...this.#status.streams, pace: step } }),
    })
    return this.#loop.start()
  }

  async stop(): Promise<void> {
    this.#leavePace()
    await this.#loop.stop()
    await this.#keeper.settled()
  }

  status(): WatchStatus {
    return this.#status
  }

  latest(): { frame: Frame; ageMs: number } | null {
    const frame = this.#latest
    return frame && { frame, ageMs: this.#deps.clock.monotonic() - this.#lastSignAtMs }
  }

  async #runOnce(stopping: AbortSignal): Promise<void> {
    const ending = new AbortController()
    this.#sawPictures = false
    this.#lastSignAtMs = this.#deps.clock.monotonic()
    const endWatch = this.#watchForSilence(ending)
    try {
      await this.#deps.read((jpeg) => this.#onJpeg(jpeg), AbortSignal.any([stopping, ending.signal]))
      if (!stopping.aborted) throw troubleError(ending.signal.aborted ? 'no-frames' : 'stream-ended')
    } catch (error) {
      if (stopping.aborted) return
      const why = ending.signal.aborted ? trouble('no-frames') : this.#whyEnded(error)
      this.#setStatus({ state: why.reason === 'no-frames' ? 'stalled' : 'failed', trouble: why })
      throw new LaresError('unavailable', why.message)
    } finally {
      endWatch()
    }
  }

  #whyEnded(error: unknown) {
    const isNonsense = error instanceof LaresError && (error.code === 'NOT_MJPEG' || error.code === 'PICTURE_INVALID')
    return isNonsense ? trouble('not-video') : troubleOfError(error)
  }

  async #onJpeg(jpeg: Buffer): Promise<void> {
    this.#count.come++
    if (this.#isDecoding) return
    this.#isDecoding = true
    try {
      const decoded = await this.#decode(jpeg)
      if (decoded === null) return
      this.#count.decoded++
      const { picture, width, height } = decoded
      this.#onPicture(jpeg, picture, { codec: this.#deps.codec, width, height, framesPerSecond: 0 })
    } finally {
      this.#isDecoding = false
    }
  }

  /** Null for a torn picture: one is the network's; nothing but torn ones is a wrong address, and throws. */
  async #decode(jpeg: Buffer): Promise<Awaited<ReturnType<typeof pictureOfJpeg>> | null> {
    try {
      return await pictureOfJpeg(jpeg, MAX_WIDTH)
    } catch (error) {
      if (!this.#sawPictures) throw error
      return null
    }
  }

  #onPicture(jpeg: Buffer, picture: Pick<Frame, 'width' | 'height' | 'data'>, seen: StreamInfo): void {
    const { cameraId, clock, onFrame, pace, why } = this.#deps
    const old = this.#status.info
    const info = old?.width === seen.width && old.height === seen.height ? old : seen
    this.#sawPictures = true
    this.#lastSignAtMs = clock.monotonic()
    this.#latest = { cameraId, ...picture, capturedAt: clock.now(), sequence: this.#sequence++ }
    const streams = { detection: 'main' as const, why, decodedBy: BY_PROCESSOR, pace: pace.step() }
    this.#setStatus({ state: 'live', trouble: null, info, streams })
    this.#keeper.keep(jpeg, this.#latest)
    onFrame(this.#latest)
  }

  /** A camera that sends few pictures does not lag: only what came and found the last one still being decoded does. */
  #takeShare(): number | null {
    const { come, decoded } = this.#count
    this.#count = { come: 0, decoded: 0 }
    return this.#status.state === 'live' && come > 0 ? decoded / come : null
  }

  #watchForSilence(ending: AbortController): () => void {
    const { clock, stalledAfterMs } = this.#deps
    let cancel = (): void => undefined
    const look = (): void => {
      const limit = this.#sawPictures ? stalledAfterMs : Math.max(FIRST_PICTURE_MS, stalledAfterMs)
      if (clock.monotonic() - this.#lastSignAtMs >= limit) return ending.abort()
      cancel = clock.after(LOOK_EVERY_MS, look)
    }
    cancel = clock.after(LOOK_EVERY_MS, look)
    return () => cancel()
  }

  #setStatus(change: Partial<WatchStatus>): void {
    const [old, next] = [this.#status, { ...this.#status, ...change }]
    this.#status = next
    if (!isSameStatus(next, old)) this.#deps.onStatus(next)
  }
}
