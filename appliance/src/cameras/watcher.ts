import { sleep } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import { supervise, type Loop } from '../core/supervise.ts'
import type { Frame, HardwareDecoder, Picture, StreamInfo, StreamSource } from '../media/index.ts'
import { PictureCount } from './picture-count.ts'
import { Patience, SilenceCount } from './patience.ts'
import { isDecodersFault, readTrouble, trouble, troubleOfError, type ProblemReason, type Trouble } from './problems.ts'
import type { RunDeps, Runner } from './sources/types.ts'
import { BY_PROCESSOR, isSameStatus, type WatchStatus } from './status.ts'
import { streamArgs, type StreamRole } from './stream-args.ts'
import { isWorking } from './starved.ts'
import { HUNG, runStream, type StreamEnd } from './stream-run.ts'
import { isToBlame, Suspects, type Suspect } from './suspect.ts'

const WARN_AFTER_MS = 5_000
/** The promise is 10 s; this leaves room for telling. */
const STALLED_AFTER_MS = 8_000
/** Key pictures alone may be far apart. */
const STALLED_BETWEEN_KEYS_MS = 25_000
/** A fresh connection may take its time: sign-in, first key picture. */
const FIRST_PICTURE_MS = 15_000
const LOOK_EVERY_MS = 200
/** So much longer an ffmpeg may be silent that is seen at work: it may also go round in circles. */
const WORKING_TIMES = 3
const GOOD_RUN_MS = 1_500
/** After a run of this length its end is nobody's worry until beginning anew fails as well. */
const STEADY_RUN_MS = 10_000
const BACKOFF_MS = [500, 1_000, 2_000, 5_000, 10_000] as const
/** Cameras of an overloaded box do not all begin again in the same moment. */
const STAGGER_MS = 400
const STAGGER_STEPS = 10

/** What only a person can put right is tried less often: cameras lock accounts after a few wrong passwords. */
const TIME_DOES_NOT_CURE: ReadonlySet<ProblemReason> = new Set([
  ...(['wrong-password', 'wrong-address', 'not-video', 'untrusted-certificate', 'address-refused'] as const),
])
const SLOW_RETRY_MS = 30_000
const STREAM_FAILED = 'STREAM_FAILED'

export interface WatcherDeps extends RunDeps {
  /** Asked before each run, since a camera may move. Throws like `check` of a source. */
  open(signal: AbortSignal): Promise<StreamSource>
  /** `both` when left out. */
  role?: StreamRole
  /** False for a stream that is small from the start: nothing may be saved on it that could be seen. */
  isMain?: boolean
}

/** One connection, from ffmpeg's start to its end. */
interface Run {
  ending: AbortController
  startedAtMs: number
  role: StreamRole
  decoder: HardwareDecoder | null
  /** Of ffmpeg; null before it runs. */
  pid: number | null
  /** Of the run before. */
  suspect: Suspect | null
  sawPictures: boolean
  stalled: Trouble | null
  /** Ended for a silence that was out of the ordinary: begun anew without a word. */
  hung: boolean
  /** Not recorded for want of disk space; ends, to begin again with recording, once there is room. */
  heldBack: boolean
  /** Ended by us, to begin again otherwise: no trouble. */
  isPlanned: boolean
}

/**
 * One stream of a camera, kept alive: one ffmpeg, watched for silence, started again with growing pauses. A stream that was
 * well is begun anew at once when its ffmpeg dies or hangs, whoever's fault it was, and nobody is alarmed unless that fails.
 */
export class Watcher implements Runner {
  readonly #deps: WatcherDeps
  readonly #loop: Loop
  readonly #count = new PictureCount()
  readonly #patience = new Patience()
  readonly #suspects = new Suspects()
  #status: WatchStatus = { state: 'starting', trouble: null, info: null, streams: null }
  #latest: Frame | null = null
  #lastSignAtMs = 0
  #lastPictureAtMs = 0
  /** Of this or an earlier run; a run's own beginning counts for `#lastSignAtMs` only. */
  #lastSeenAtMs = 0
  #pauseMs = 0
  #sequence = 0
  #role: StreamRole
  #run: Run | null = null
  #leavePace = (): void => undefined

  constructor(deps: WatcherDeps) {
    this.#deps = deps
    this.#role = deps.role ?? 'both'
    const { cameraName, clock, log } = deps
    const runOnce = (stopping: AbortSignal): Promise<void> => this.#runOnce(stopping)
    this.#loop = supervise({
      name: `camera ${cameraName}`,
      clock,
      log,
      runOnce,
      pauseMs: () => this.#pauseMs,
      backoffMs: BACKOFF_MS,
    })
  }

  start(): Promise<void> {
    this.#leavePace = this.#deps.pace.join({
      takeShare: () => (this.#role === 'recording' ? null : this.#takeShare()),
      onPace: () => this.#onPace(),
    })
    return this.#loop.start()
  }

  stop(): Promise<void> {
    this.#leavePace()
    return this.#loop.stop()
  }

  status(): WatchStatus {
    return this.#status
  }

  latest(): { frame: Frame; ageMs: number } | null {
    const frame = this.#latest
    return frame && { frame, ageMs: this.#deps.clock.monotonic() - this.#lastPictureAtMs }
  }

  /** How long nothing was seen, and how long that is usual for this stream. Infinity before the first picture. */
  unseen(): { forMs: number; usualMs: number } {
    const nowMs = this.#deps.clock.monotonic()
    const usualMs = this.#deps.pace.step() === 'full' ? this.#patience.limitMs(nowMs) : this.#stalledAfterMs()
    return { forMs: this.#latest ? nowMs - this.#lastSeenAtMs : Infinity, usualMs }
  }

  /** Begins again at once when the stream is wanted for something else from now on. */
  setRole(role: StreamRole): void {
    if (role === this.#role) return
    this.#role = role
    this.#again()
  }

  #again(): void {
    if (!this.#run) return
    this.#run.isPlanned = true
    this.#run.ending.abort()
  }

  async #runOnce(stopping: AbortSignal): Promise<void> {
    if (this.#needsPerson()) {
      await sleep(this.#deps.clock, SLOW_RETRY_MS, stopping)
      if (stopping.aborted) return
    }
    this.#lastSignAtMs = this.#deps.clock.monotonic()
    const run = this.#newRun()
    this.#run = run
    const endWatch = this.#watchForSilence(run)
    try {
      const source = await this.#deps.open(stopping)
      const { lastLines, hasCrashed } = await this.#stream(run, source, stopping)
      if (stopping.aborted || (run.isPlanned && !run.stalled)) return
      if (run.hung || this.#leaveDecoder(run, lastLines, hasCrashed) || this.#wasWell(run, hasCrashed)) return
      const failure = this.#failure(run.stalled ?? readTrouble(lastLines, run.sawPictures), lastLines)
      if (!this.#cameAndWent(run)) throw failure
    } catch (error) {
      if (!isStreamFailure(error)) this.#setStatus({ state: 'failed', trouble: troubleOfError(error) })
      throw error
    } finally {
      endWatch()
      this.#run = null
    }
  }

  /** Cameras that worked before answer nonsense while they start; only passwords do not change by themselves. */
  #needsPerson(): boolean {
    const reason = this.#status.trouble?.reason
    if (reason === undefined || !TIME_DOES_NOT_CURE.has(reason)) return false
    return this.#latest === null || reason === 'wrong-password'
  }

  /** A crash of ffmpeg says nothing about the camera; an end that came from there may come again. */
  #wasWell(run: Run, hasCrashed: boolean): boolean {
    const lastedMs = this.#deps.clock.monotonic() - run.startedAtMs
    return run.sawPictures && !run.stalled && lastedMs >= (hasCrashed ? GOOD_RUN_MS : STEADY_RUN_MS)
  }

  /** A camera that comes and goes is there again at once; only what never works is tried less and less often. */
  #cameAndWent(run: Run): boolean {
    const isWorthIt = run.sawPictures && !run.stalled && this.#deps.clock.monotonic() - run.startedAtMs >= GOOD_RUN_MS
    this.#pauseMs = isWorthIt ? BACKOFF_MS[0] : 0
    return isWorthIt
  }

  #newRun(): Run {
    const { info } = this.#status
    this.#pauseMs = 0
    const suspect = this.#suspects.take()
    const mayUse = info !== null && this.#role !== 'recording' && suspect === null
    const decoder = mayUse ? this.#deps.decoding.chosen(info.codec) : null
    this.#patience.beginAnew()
    return {
      ...{
        ending: new AbortController(),
        startedAtMs: this.#lastSignAtMs,
        role: this.#role,
        ...{ decoder, suspect, pid: null },
        sawPictures: false,
      },
      ...{ stalled: null, hung: false, heldBack: false, isPlanned: false },
    }
  }

  /** Until ffmpeg ends, whoever ended it. */
  async #stream(run: Run, source: StreamSource, stopping: AbortSignal): Promise<StreamEnd> {
    const { cameraName, ffmpeg, clock, log, pace, isMain } = this.#deps
    const plan = { source, role: run.role, info: this.#status.info, isMain: isMain ?? true, pace: pace.step() }
    const { args, heldBack } = await streamArgs({ ...plan, decoder: run.decoder }, this.#deps)
    run.heldBack = heldBack
    this.#setStatus({
      streams: {
        ...{ detection: isMain === false ? 'sub' : 'main', why: '', pace: pace.step() },
        decodedBy: run.decoder?.name ?? BY_PROCESSOR,
      },
    })
    const sign = (): void => {
      run.sawPictures = true
      this.#lastSignAtMs = this.#lastSeenAtMs = clock.monotonic()
    }
    return runStream({
      ...{ name: `ffmpeg ${cameraName}`, ffmpeg, args, clock, log },
      signal: AbortSignal.any([stopping, run.ending.signal]),
      onStarted: (pid) => void (run.pid = pid),
      onInfo: (info) => this.#onInfo(run, info, source, stopping),
      onPicture:
        run.role === 'recording'
          ? undefined
          : (picture) => {
              if (!run.sawPictures) this.#onFirstPicture(run, source, stopping)
              sign()
              this.#onPicture(picture)
            },
      onProgress: () => (sign(), this.#setStatus({ state: 'live', trouble: null })),
    })
  }

  #onInfo(run: Run, seen: StreamInfo, source: StreamSource, stopping: AbortSignal): void {
    const info = sameInfo(seen, this.#status.info)
    this.#setStatus({ info })
    if (run.suspect === null) this.#proveDecoder(run, info, source, stopping)
  }

  /** Whether the machine can decode this stream; if so, the run begins anew with that. */
  #proveDecoder(run: Run, info: StreamInfo, source: StreamSource, stopping: AbortSignal): void {
    if (run.role === 'recording' || run.decoder || source.kind === 'file') return
    const ended = AbortSignal.any([stopping, run.ending.signal])
    void this.#deps.decoding.prove(info.codec, source, ended).then((proven) => {
      const isBetter = proven || this.#deps.decoding.chosen(info.codec) !== null
      if (isBetter && this.#run === run) this.#again()
    })
  }

  /** Who was to blame for the silence before this run: the decoder when the camera sends to the processor at once. */
  #onFirstPicture(run: Run, source: StreamSource, stopping: AbortSignal): void {
    const { clock, decoding } = this.#deps
    const { info } = this.#status
    const { suspect } = run
    if (!suspect || !info) return
    run.suspect = null
    if (isToBlame(suspect, clock.monotonic() - run.startedAtMs)) decoding.failed(suspect.decoder, info.codec)
    this.#proveDecoder(run, info, source, stopping)
  }

  /** Whether the run ended for its decoder: then the processor takes over at once. */
  #leaveDecoder(run: Run, lastLines: readonly string[], hasCrashed: boolean): boolean {
    const { info } = this.#status
    if (!run.decoder || !info) return false
    if (!run.stalled && !hasCrashed && !isDecodersFault(lastLines, run.sawPictures)) return false
    this.#deps.decoding.failed(run.decoder, info.codec)
    return true
  }

  #onPicture(picture: Picture): void {
    const { cameraId, clock, pace } = this.#deps
    const nth = this.#count.add()
    this.#lastPictureAtMs = clock.monotonic()
    this.#patience.saw(this.#lastPictureAtMs)
    this.#latest = { cameraId, ...picture, capturedAt: clock.now(), sequence: this.#sequence }
    this.#setStatus({ state: 'live', trouble: null })
    if (pace.step() === 'half' && nth % 2 === 1) return
    this.#sequence++
    this.#deps.onFrame(this.#latest)
  }

  #takeShare(): number | null {
    const { clock, pace } = this.#deps
    const share = this.#count.takeShare(clock.monotonic(), this.#status.info)
    return this.#status.state === 'live' && pace.step() !== 'key' ? share : null
  }

  #onPace(): void {
    const { cameraId, clock, pace } = this.#deps
    const { streams } = this.#status
    const isOther = streams !== null && (streams.pace === 'key') !== (pace.step() === 'key')
    if (streams) this.#setStatus({ streams: { ...streams, pace: pace.step() } })
    if (!isOther || this.#role === 'recording') return
    clock.after((Number.parseInt(cameraId.slice(-4), 16) % STAGGER_STEPS) * STAGGER_MS, () => this.#again())
  }

  /** Looks again and again whether pictures still come, and ends the run when they do not. Returns how to end the looking. */
  #watchForSilence(run: Run): () => void {
    const { cameraName, clock, log } = this.#deps
    const silence = new SilenceCount(clock.monotonic(), LOOK_EVERY_MS)
    let warned = false
    let cancel = (): void => undefined
    const look = (): void => {
      const silentMs = clock.monotonic() - this.#lastSignAtMs
      if (this.#isHung(run, silence.look(clock.monotonic(), this.#lastSignAtMs))) return this.#beginAnew(run)
      if (silentMs >= this.#longestMs(run)) return this.#giveUp(run)
      if (run.heldBack && this.#deps.mayRecord()) return this.#again()
      this.#tellOfStall(run)
      const isLong = silentMs >= WARN_AFTER_MS && run.sawPictures
      if (isLong && !warned) log.warn({ camera: cameraName, silentMs }, 'No picture for a while')
      warned = isLong
      cancel = clock.after(LOOK_EVERY_MS, look)
    }
    cancel = clock.after(LOOK_EVERY_MS, look)
    return () => cancel()
  }

  #stalledAfterMs(): number {
    return this.#deps.pace.step() === 'key' ? STALLED_BETWEEN_KEYS_MS : STALLED_AFTER_MS
  }

  #longestMs({ sawPictures }: Run): number {
    return sawPictures ? this.#stalledAfterMs() : Math.max(this.#stalledAfterMs(), FIRST_PICTURE_MS)
  }

  /** Silence that is out of the ordinary. An overloaded box is slow by itself: there only long silence counts. */
  #isHung(run: Run, silentMs: number): boolean {
    const { clock, decoding, pace } = this.#deps
    if (run.role === 'recording' || pace.step() !== 'full') return false
    if (!run.sawPictures && run.decoder === null) return false
    const limitMs =
      run.sawPictures || !run.decoder ? this.#patience.limitMs(clock.monotonic()) : decoding.mayTakeMs(run.decoder)
    if (silentMs < limitMs) return false
    // One that works is begun anew no sooner than this: it waits for the processor, and would wait again.
    return silentMs >= limitMs * WORKING_TIMES || run.pid === null || !isWorking(run.pid)
  }

  #beginAnew(run: Run): void {
    const { cameraName, clock, log } = this.#deps
    log.info({ camera: cameraName, decoder: run.decoder?.id }, 'No picture for longer than usual; beginning anew')
    const nowMs = clock.monotonic()
    if (run.sawPictures) this.#patience.spent()
    this.#suspects.onSilence(run.decoder, run.sawPictures, nowMs)
    run.hung = true
    run.ending.abort(HUNG)
  }

  /** Beginning anew did not help: the owner is told when nothing was seen for long. */
  #tellOfStall(run: Run): void {
    const unseenMs = this.#deps.clock.monotonic() - this.#lastSeenAtMs
    const isUnseen = run.role !== 'recording' && !run.sawPictures && unseenMs >= this.#stalledAfterMs()
    if (isUnseen && this.#status.state === 'live') this.#setStatus({ state: 'stalled', trouble: trouble('no-frames') })
  }

  #giveUp(run: Run): void {
    run.stalled = trouble('no-frames')
    // A decoder that hangs looks the same from here; the processor shows within seconds which of them it was.
    if (!run.decoder) this.#setStatus({ state: 'stalled', trouble: run.stalled })
    run.ending.abort(HUNG)
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
    if (!isSameStatus(next, old)) this.#deps.onStatus(next)
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
