import type { Clock } from '../../core/clock.ts'
import { pacedGapMs } from '../pace.ts'
import { troubleError } from '../problems.ts'
import { PictureRunner } from '../picture-runner.ts'
import { DETECTION_FPS } from '../stream-args.ts'
import { createCameraCaller, type CameraAddress } from './http/camera-call.ts'
import { boundaryOf, createPartReader } from './http/multipart.ts'
import { parseWeb, showWeb, tryWeb, webAddress } from './http/web-source.ts'
import type { Parsed, SourceKind, TryDeps } from './types.ts'

/** A little less than what lies between two pictures, which come a little sooner or later. */
const GAP_MS = 900 / DETECTION_FPS
const ANSWER_MS = 10_000
const STALLED_AFTER_MS = 8_000
const WHY = 'The camera sends pictures over HTTP, in one size.'

/** A camera that sends JPEG after JPEG in one endless HTTP answer. Read here, not by ffmpeg, which would follow it anywhere. */
export const mjpeg: SourceKind<'mjpeg'> = {
  parse(typed, stored) {
    const { source, credentials } = parseWeb(typed, stored)
    return { source: { kind: 'mjpeg', ...source }, credentials }
  },
  show: (parsed) => ({ kind: 'mjpeg', ...showWeb(parsed) }),
  run: (parsed, deps) => {
    const read = reader(parsed, deps, () => pacedGapMs(GAP_MS, deps.pace.step()))
    return new PictureRunner({ ...deps, codec: 'mjpeg', why: WHY, stalledAfterMs: STALLED_AFTER_MS, read })
  },
  tryOut: (parsed, deps, signal) => tryWeb(reader(parsed, deps), deps, signal),
}

type Read = (onJpeg: (jpeg: Buffer) => Promise<void>, signal: AbortSignal) => Promise<void>

function reader(parsed: Parsed<'mjpeg'>, deps: TryDeps, gapMs = () => GAP_MS): Read {
  const address: CameraAddress = webAddress(parsed)
  return async (onJpeg, signal) => {
    const reply = await createCameraCaller(address, deps).get({}, ANSWER_MS, signal)
    const boundary = boundaryOf(reply.headers['content-type'] ?? '')
    if (boundary === null) {
      reply.destroy()
      throw troubleError('not-video')
    }
    const pick = paced(deps.clock, gapMs, onJpeg)
    const parts = createPartReader(boundary, pick.take)
    try {
      for await (const chunk of reply as AsyncIterable<Buffer>) {
        parts.push(chunk)
        pick.throwIfFailed()
      }
    } finally {
      reply.destroy()
    }
  }
}

/** At most as many pictures a second as are looked at; the others are never decoded. */
function paced(clock: Clock, gapMs: () => number, onJpeg: (jpeg: Buffer) => Promise<void>) {
  let lastAtMs = Number.NEGATIVE_INFINITY
  let failure: unknown = null
  return {
    take(jpeg: Buffer): void {
      const nowMs = clock.monotonic()
      if (nowMs - lastAtMs < gapMs()) return
      lastAtMs = nowMs
      onJpeg(jpeg).catch((error: unknown) => (failure ??= error))
    },
    throwIfFailed(): void {
      if (failure !== null) throw failure as Error
    },
  }
}
