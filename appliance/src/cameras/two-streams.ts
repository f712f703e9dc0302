import { supervise, type Loop } from '../core/supervise.ts'
import type { Frame, StreamSource } from '../media/index.ts'
import { trouble } from './problems.ts'
import type { RunDeps, Runner } from './sources/types.ts'
import { isSameStatus, type WatchStatus } from './status.ts'
import { findSubStream, type Candidate } from './find-sub-stream.ts'
import { Watcher } from './watcher.ts'

const LOOK_EVERY_MS = 1_000
/** Silence after which the main stream takes over. */
const SUB_SILENT_MS = 3_000
/** A smaller stream has to prove itself before the main one's pictures are given up: longer once it has failed. */
const TRUST_FIRST_MS = 5_000
const TRUST_AGAIN_MS = 60_000
/** A smaller stream named by the owner is expected to come at once; until then the main one is only recorded. */
const GRACE_MS = 10_000
const STALLED_AFTER_MS = 8_000
/** A main stream of at most this width is as good as a smaller one. */
const SMALL_WIDTH = 720

type Open = (signal: AbortSignal) => Promise<StreamSource>

export interface TwoStreamsDeps extends RunDeps {
  open: Open
  /** The smaller stream, when it is known. */
  sub: { open: Open; why: string } | null
  /** Where else one may be. */
  candidates: readonly Candidate[]
}

/**
 * A camera with a main stream, which is recorded, and perhaps a smaller one, which is looked at: hardly any decoding. One
 * process a stream, so that neither falls with the other (together they cost the same as one process with two inputs).
 * When the smaller one fails, the main one is looked at until the smaller one has been well for a minute.
 */
export class TwoStreams implements Runner {
  readonly #deps: TwoStreamsDeps
  readonly #main: Watcher
  readonly #loop: Loop
  #sub: Watcher | null = null
  #why = ''
  #subWhy = ''
  #told: WatchStatus | null = null
  #sequence = 0
  #startedAtMs = 0
  #subLiveSinceMs: number | null = null
  #subHasFailed = false
  #search: 'not yet' | 'running' | 'done' = 'not yet'
  #mainRole: 'both' | 'recording'

  constructor(deps: TwoStreamsDeps) {
    this.#deps = deps
    const { clock, log, cameraName } = deps
    this.#mainRole = deps.sub ? 'recording' : 'both'
    this.#main = new Watcher({
      ...{ ...deps, role: this.#mainRole, onStatus: () => this.#tell() },
      onFrame: (frame) => this.#isSubFeeding() || this.#hand(frame),
    })
    if (deps.sub) this.#useSub(deps.sub)
    const runOnce = async (stopping: AbortSignal): Promise<void> => this.#decide(stopping)
    this.#loop = supervise({ name: `streams of ${cameraName}`, clock, log, pauseMs: LOOK_EVERY_MS, runOnce })
  }

  async start(): Promise<void> {
    this.#startedAtMs = this.#deps.clock.monotonic()
    await this.#main.start()
    await this.#sub?.start()
    await this.#loop.start()
  }

  async stop(): Promise<void> {
    await this.#loop.stop()
    await Promise.all([this.#main.stop(), this.#sub?.stop()])
  }

  latest(): { frame: Frame; ageMs: number } | null {
    const [main, sub] = [this.#main.latest(), this.#sub?.latest() ?? null]
    if (!main || !sub) return main ?? sub
    return main.frame.capturedAt > sub.frame.capturedAt ? main : sub
  }

  status(): WatchStatus {
    const main = this.#main.status()
    const sub = this.#sub?.status()
    if (sub?.streams && this.#isSubFeeding()) {
      const lost = main.trouble ? ` The main stream is not there, so nothing is recorded: ${main.trouble.message}` : ''
      const streams = { ...sub.streams, why: this.#subWhy + lost }
      return { state: 'live', trouble: null, info: main.info ?? sub.info, streams }
    }
    const status = { ...main, streams: main.streams && { ...main.streams, why: this.#whyMain() } }
    if (main.state !== 'live') return status
    // The main stream comes, but just now nobody sees it: it was only recorded, and takes over.
    const silentMs = this.latest()?.ageMs ?? this.#deps.clock.monotonic() - this.#startedAtMs
    if (silentMs >= STALLED_AFTER_MS) return { ...status, state: 'stalled', trouble: trouble('no-frames') }
    return this.latest() ? status : { ...status, state: 'starting' }
  }

  #isSubFeeding(): boolean {
    return this.#sub !== null && this.#sub.status().state === 'live' && this.#sub.silentMs() < SUB_SILENT_MS
  }

  #hand(frame: Frame): void {
    this.#deps.onFrame({ ...frame, sequence: this.#sequence++ })
  }

  #useSub({ open, why }: { open: Open; why: string }): Watcher {
    this.#subWhy = why
    this.#sub = new Watcher({
      ...{ ...this.#deps, cameraName: `${this.#deps.cameraName} (small)`, open, role: 'pictures', isMain: false },
      ...{ onFrame: (frame: Frame) => this.#hand(frame), onStatus: () => this.#tell() },
    })
    return this.#sub
  }

  #whyMain(): string {
    return this.#sub ? 'The smaller stream does not answer, so the main one is looked at until it does.' : this.#why
  }

  /** Each second: what the main stream is wanted for. */
  #decide(stopping: AbortSignal): void {
    const nowMs = this.#deps.clock.monotonic()
    if (this.#sub) this.#setMainRole(this.#roleOfMain(nowMs))
    else this.#searchOnce(stopping)
    this.#tell()
  }

  #roleOfMain(nowMs: number): 'both' | 'recording' {
    if (!this.#isSubFeeding()) {
      const isInGrace = this.#sub?.latest() === null && nowMs - this.#startedAtMs < GRACE_MS
      this.#subHasFailed ||= !isInGrace
      this.#subLiveSinceMs = null
      return isInGrace ? this.#mainRole : 'both'
    }
    this.#subLiveSinceMs ??= nowMs
    const trustMs = this.#subHasFailed ? TRUST_AGAIN_MS : TRUST_FIRST_MS
    return nowMs - this.#subLiveSinceMs >= trustMs ? 'recording' : this.#mainRole
  }

  #setMainRole(role: 'both' | 'recording'): void {
    if (role === this.#mainRole) return
    this.#mainRole = role
    this.#deps.log.info({ camera: this.#deps.cameraName, role }, 'The main stream is wanted for something else now')
    this.#main.setRole(role)
  }

  /** Once the main stream is known: whether a smaller one is where such cameras have it. */
  #searchOnce(stopping: AbortSignal): void {
    const { state, info } = this.#main.status()
    if (this.#search !== 'not yet' || state !== 'live' || !info) return
    this.#search = 'running'
    if (info.width <= SMALL_WIDTH) this.#why = 'The stream is small enough as it is.'
    else if (this.#deps.candidates.length === 0) this.#why = 'Lares knows no smaller stream for this address.'
    else this.#why = 'Lares is looking for a smaller stream.'
    if (info.width <= SMALL_WIDTH) return
    void findSubStream(this.#deps, info, stopping).then(async (found) => {
      this.#search = 'done'
      if (stopping.aborted) return
      if (found) await this.#useSub(found).start()
      else if (this.#deps.candidates.length > 0)
        this.#why = `The camera has no smaller stream where cameras of ${this.#deps.candidates[0]?.brand ?? 'its kind'} have it.`
      this.#tell()
    })
  }

  #tell(): void {
    const status = this.status()
    if (this.#told && isSameStatus(this.#told, status)) return
    this.#told = status
    this.#deps.onStatus(status)
  }
}
