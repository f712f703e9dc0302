import type { Clock } from '../core/clock.ts'
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
import { readTrouble, trouble, troubleOfError, type Trouble } from './problems.ts'
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
  /** Absolute; made anew before each run. */
  prepareSegmentFolder(): Promise<string>
  ffmpeg: string
  clock: Clock
  log: Log
  onFrame(frame: Frame): void
  /** Only when the state, the trouble or the stream's size changes. */
  onStatus(status: WatchStatus): void
}

/** One camera's stream, kept alive: one ffmpeg, watched for silence, started again with growing pauses. */
export interface Watcher {
  start(): Promise<void>
  stop(): Promise<void>
  status(): WatchStatus
  /** Newest frame and its age, or null before the first. */
  latest(): { frame: Frame; ageMs: number } | null
}

export function createWatcher(deps: WatcherDeps): Watcher {
  const { cameraId, clock, log } = deps
  let status: WatchStatus = { state: 'starting', trouble: null, info: null }
  let latest: Frame | null = null
  let lastSignAtMs = 0
  let sequence = 0

  function setStatus(change: Partial<WatchStatus>): void {
    const next = { ...status, ...change }
    const same =
      next.state === status.state && next.trouble?.reason === status.trouble?.reason && next.info === status.info
    status = next
    if (!same) deps.onStatus(status)
  }

  function onPicture(picture: Picture): void {
    lastSignAtMs = clock.monotonic()
    latest = { cameraId, ...picture, capturedAt: clock.now(), sequence: sequence++ }
    setStatus({ state: 'live', trouble: null })
    deps.onFrame(latest)
  }

  /** Looks each second whether pictures still come; `giveUp` ends the run. Returns how to end the looking. */
  function watchForSilence(sawPictures: () => boolean, giveUp: (why: Trouble) => void): () => void {
    let warned = false
    let cancel = (): void => undefined
    const look = (): void => {
      const silentMs = clock.monotonic() - lastSignAtMs
      if (silentMs >= (sawPictures() ? STALLED_AFTER_MS : FIRST_PICTURE_MS)) return giveUp(trouble('no-frames'))
      if (silentMs >= WARN_AFTER_MS && sawPictures() && !warned)
        log.warn({ camera: deps.cameraName, silentMs }, 'No picture for a while')
      warned = silentMs >= WARN_AFTER_MS
      cancel = clock.after(LOOK_EVERY_MS, look)
    }
    cancel = clock.after(LOOK_EVERY_MS, look)
    return () => cancel()
  }

  async function runOnce(stopping: AbortSignal): Promise<void> {
    const ending = new AbortController()
    let sawPictures = false
    let stalled: Trouble | null = null
    lastSignAtMs = clock.monotonic()
    const endWatch = watchForSilence(
      () => sawPictures,
      (why) => {
        stalled = why
        setStatus({ state: 'stalled', trouble: why })
        ending.abort()
      },
    )
    try {
      if (deps.source.kind === 'file') await checkFile(deps.source.path)
      const args = await streamArgs()
      const { lastLines } = await runStream({
        ...{ name: `ffmpeg ${deps.cameraName}`, ffmpeg: deps.ffmpeg, args, clock, log },
        signal: AbortSignal.any([stopping, ending.signal]),
        onInfo: (info) => setStatus({ info: sameInfo(info, status.info) }),
        onPicture(picture) {
          sawPictures = true
          onPicture(picture)
        },
      })
      if (stopping.aborted || stalled) return settleAfter(stalled)
      fail(readTrouble(lastLines, sawPictures), lastLines)
    } catch (error) {
      if (!(error instanceof LaresError && error.code === 'STREAM_FAILED'))
        setStatus({ state: 'failed', trouble: troubleOfError(error) })
      throw error
    } finally {
      endWatch()
    }
  }

  async function streamArgs(): Promise<string[]> {
    const keep = status.info === null || canBeRecorded(status.info.codec)
    const segmentFolder = keep ? await deps.prepareSegmentFolder() : undefined
    return cameraStreamArgs({ source: deps.source, framesPerSecond: DETECTION_FPS, maxWidth: MAX_WIDTH, segmentFolder })
  }

  function settleAfter(stalled: Trouble | null): void {
    if (stalled) throw new LaresError('unavailable', stalled.message, { code: 'STREAM_FAILED' })
  }

  function fail(why: Trouble, lines: readonly string[]): never {
    setStatus({
      state: status.state === 'stalled' && why.reason === 'stream-ended' ? 'stalled' : 'failed',
      trouble: why,
    })
    log.debug({ camera: deps.cameraName, reason: why.reason, lines: lines.slice(-5) }, 'The stream ended')
    throw new LaresError('unavailable', why.message, { code: 'STREAM_FAILED' })
  }

  const loop: Loop = supervise({ name: `camera ${deps.cameraName}`, clock, log, runOnce, backoffMs: BACKOFF_MS })
  return {
    start: loop.start,
    stop: loop.stop,
    status: () => status,
    latest: () => latest && { frame: latest, ageMs: clock.now() - latest.capturedAt },
  }
}

function sameInfo(next: StreamInfo, old: StreamInfo | null): StreamInfo {
  const same = old && next.codec === old.codec && next.width === old.width && next.height === old.height
  return same ? old : next
}
