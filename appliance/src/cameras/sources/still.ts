import type { IncomingMessage } from 'node:http'
import { sleep } from '../../core/clock.ts'
import { pacedGapMs } from '../pace.ts'
import { troubleError } from '../problems.ts'
import { PictureRunner } from '../picture-runner.ts'
import { createCameraCaller } from './http/camera-call.ts'
import { LARGEST_JPEG_BYTES } from './http/multipart.ts'
import { parseWeb, showWeb, tryWeb, webAddress } from './http/web-source.ts'
import type { Parsed, SourceKind, TryDeps } from './types.ts'

const ANSWER_MS = 10_000
const STALLED_AFTER_MS = 8_000
const WHY = 'The camera is asked for one picture at a time.'

/** A camera that gives one JPEG each time it is asked. */
export const still: SourceKind<'still'> = {
  parse(typed, stored) {
    const { source, credentials } = parseWeb(typed, stored)
    return { source: { kind: 'still', ...source, intervalS: typed.intervalS }, credentials }
  },
  show: (parsed) => ({ kind: 'still', ...showWeb(parsed), intervalS: parsed.source.intervalS }),
  run: (parsed, deps) => {
    const intervalMs = parsed.source.intervalS * 1_000
    const read = reader(parsed, deps, () => pacedGapMs(intervalMs, deps.pace.step()))
    const stalledAfterMs = STALLED_AFTER_MS + pacedGapMs(intervalMs, 'key')
    return new PictureRunner({ ...deps, codec: 'jpeg', why: WHY, read, stalledAfterMs })
  },
  tryOut: (parsed, deps, signal) => tryWeb(reader(parsed, deps), deps, signal),
}

type Read = (onJpeg: (jpeg: Buffer) => Promise<void>, signal: AbortSignal) => Promise<void>

function reader(parsed: Parsed<'still'>, deps: TryDeps, intervalMs = () => parsed.source.intervalS * 1_000): Read {
  const { clock } = deps
  return async (onJpeg, signal) => {
    const caller = createCameraCaller(webAddress(parsed), deps)
    let known: Record<string, string> = {}
    let last: Buffer | null = null
    while (!signal.aborted) {
      const askedAtMs = clock.monotonic()
      const reply = await caller.get(known, ANSWER_MS, signal)
      if (reply.statusCode === 304) reply.resume()
      else {
        last = await readWhole(reply, deps, signal)
        known = conditions(reply)
      }
      // Unchanged is a sign of life too, and the same picture again is what still stands before the camera.
      if (last) await onJpeg(last)
      await sleep(clock, Math.max(0, intervalMs() - (clock.monotonic() - askedAtMs)), signal)
    }
  }
}

function conditions({ headers }: IncomingMessage): Record<string, string> {
  return {
    ...(headers.etag === undefined ? {} : { 'if-none-match': headers.etag }),
    ...(headers['last-modified'] === undefined ? {} : { 'if-modified-since': headers['last-modified'] }),
  }
}

async function readWhole(reply: IncomingMessage, { clock }: TryDeps, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  const cancel = clock.after(ANSWER_MS, () => reply.destroy())
  try {
    for await (const chunk of reply as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > LARGEST_JPEG_BYTES) throw troubleError('not-video')
      chunks.push(chunk)
    }
  } finally {
    cancel()
    reply.destroy()
  }
  if (!reply.complete && !signal.aborted) throw troubleError('unreachable')
  return Buffer.concat(chunks)
}
