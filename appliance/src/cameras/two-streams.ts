import { supervise, type Loop } from '../core/supervise.ts'
import type { Frame, StreamSource } from '../media/index.ts'
import { trouble } from './problems.ts'
import type { RunDeps, Runner } from './sources/types.ts'
import { isSameStatus, type WatchStatus } from './status.ts'
import { findSubStream, foundAt, isSmaller, type Candidate } from './find-sub-stream.ts'
import { Watcher } from './watcher.ts'

const LOOK_EVERY_MS = 200
/** The main stream takes over after a silence that is unusual for the smaller one, and after this one in any case. */
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
  /** Of the main stream, as shown. */
  address: string
  /** The smaller stream, when the owner named it. */
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
  /** The smaller stream is where it was found once; whether it still is shows while it is used already. */
  #isUnproven = false
  #mainLiveSinceMs: number | null = null

  constructor(deps: TwoStreamsDeps) {
    this.#deps = deps
    const { clock, log, cameraName } = deps
    const known = deps.sub ?? this.#recall()
    this.#mainRole = known ? 'recording' : 'both'
    this.#main = new Watcher({
      ...{ ...deps, role: this.#mainRole, onStatus: () => this.#tell() },
      onFrame: (frame) => this.#isSubFeeding() || this.#hand(frame),
    })
    if (known) this.#useSub(known)
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
    if (this.#sub?.status().state !== 'live') return false
    const { forMs, usualMs } = this.#sub.unseen()
    const isFullPace = this.#deps.pace.step() === 'full'
    return forMs < (isFullPace ? Math.min(usualMs, SUB_SILENT_MS) : usualMs)
  }

  /** What ended is known at once, what is silent after a while. */
  #onSubStatus(): void {
    if (this.#sub) this.#setMainRole(this.#roleOfMain(this.#deps.clock.monotonic()))
    this.#tell()
  }

  #hand(frame: Frame): void {
    this.#deps.onFrame({ ...frame, sequence: this.#sequence++ })
  }

  #useSub({ open, why }: { open: Open; why: string }): Watcher {
    this.#subWhy = why
    this.#sub = new Watcher({
      ...{ ...this.#deps, cameraName: `${this.#deps.cameraName} (small)`, open, role: 'pictures', isMain: false },
      ...{ onFrame: (frame: Frame) => this.#hand(frame), onStatus: () => this.#onSubStatus() },
    })
    return this.#sub
  }

  #whyMain(): string {
    return this.#sub ? 'The smaller stream does not answer, so the main one is looked at until it does.' : this.#why
  }

  /** Again and again: what the main stream is wanted for. */
  #decide(stopping: AbortSignal): void {
    const nowMs = this.#deps.clock.monotonic()
    this.#mainLiveSinceMs = this.#main.status().state === 'live' ? (this.#mainLiveSinceMs ?? nowMs) : null
    if (this.#isUnproven) this.#prove(nowMs)
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

  /** The smaller stream that an earlier start found, as long as the main one is where it was. */
  #recall() {
    const { cameraId, address, candidates, foundStreams } = this.#deps
    const place = foundStreams.recall(cameraId)
    const found = place?.mainAddress === address ? foundAt(candidates, place.nth, place.brand) : null
    if (place && !found) foundStreams.forget(cameraId)
    this.#isUnproven = found !== null
    if (found) this.#search = 'done'
    return found
  }

  /** What was found once may have been switched off or changed since: then it is forgotten, and searched anew. */
  #prove(nowMs: number): void {
    const [main, sub] = [this.#main.status(), this.#sub?.status()]
    if (main.state !== 'live' || !main.info || !sub) return
    if (sub.state === 'live' && sub.info) {
      this.#isUnproven = false
      if (!isSmaller(sub.info, main.info)) this.#dropSub()
    } else if (nowMs - (this.#mainLiveSinceMs ?? nowMs) >= GRACE_MS) this.#dropSub()
  }

  #dropSub(): void {
    const { cameraId, cameraName, foundStreams, log } = this.#deps
    log.info({ camera: cameraName }, 'The smaller stream is no longer where it was found')
    foundStreams.forget(cameraId)
    this.#isUnproven = false
    void this.#sub?.stop()
    this.#sub = null
    this.#search = 'not yet'
    this.#setMainRole('both')
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
      if (found) {
        const { cameraId, address, foundStreams } = this.#deps
        foundStreams.remember(cameraId, { mainAddress: address, brand: found.brand, nth: found.nth })
        await this.#useSub(found).start()
      } else if (this.#deps.candidates.length > 0)
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
