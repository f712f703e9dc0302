import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { runToEnd } from '../core/subprocess.ts'
import {
  createPictureReader,
  hardwareDecoders,
  proofArgs,
  type DecodingFacts,
  type HardwareDecoder,
  type StreamSource,
} from '../media/index.ts'

/** What failed is not tried again for so long: a driver that hangs costs up to two seconds of sight each time. */
const FORGIVE_AFTER_MS = 30 * 60_000
const PROOF_TIMEOUT_MS = 15_000
/** Two seconds at five pictures a second, less what a decoder may swallow at its start. */
const PICTURES_WANTED = 5
const MAX_WIDTH = 640
/** What `proofArgs` decodes, and how much longer than in its proof a decoder may take for its first picture. */
const PROOF_MS = 2_000
const START_ROOM_MS = 800
const MAX_BYTES = 32 * 1024 * 1024

/** The machine's own video decoders: used only once proven on a real stream, left at once when one fails. */
export interface Decoding {
  /** A proven decoder of the codec, or null: then the processor decodes. */
  chosen(codec: string): HardwareDecoder | null
  /** How long a run with it may take for its first picture: measured by its proof. */
  mayTakeMs(decoder: HardwareDecoder): number
  /** Tries the machine's decoders on a stream, one attempt at a time. Resolves with whether one is proven now that was not before. */
  prove(codec: string, source: StreamSource, signal: AbortSignal): Promise<boolean>
  failed(decoder: HardwareDecoder, codec: string): void
}

export interface DecodingDeps {
  ffmpeg: string
  clock: Clock
  log: Log
  /** Asked once, when the first stream is known. */
  facts(): Promise<DecodingFacts>
}

export function createDecoding(deps: DecodingDeps): Decoding {
  const { clock, log } = deps
  const chosen = new Map<string, HardwareDecoder>()
  const failedAtMs = new Map<string, number>()
  const startMs = new Map<string, number>()
  const key = (decoder: HardwareDecoder, codec: string): string => `${decoder.id} ${codec}`
  let facts: Promise<DecodingFacts> | null = null
  let turn: Promise<unknown> = Promise.resolve()

  const isOut = (decoder: HardwareDecoder, codec: string): boolean => {
    const atMs = failedAtMs.get(key(decoder, codec))
    return atMs !== undefined && clock.monotonic() - atMs < FORGIVE_AFTER_MS
  }

  function failed(decoder: HardwareDecoder, codec: string): void {
    failedAtMs.set(key(decoder, codec), clock.monotonic())
    if (chosen.get(codec)?.id === decoder.id) chosen.delete(codec)
    log.warn({ decoder: decoder.id, codec }, 'A hardware decoder failed; the processor decodes instead')
  }

  async function proveNow(codec: string, source: StreamSource, signal: AbortSignal): Promise<boolean> {
    if (chosen.has(codec) || signal.aborted) return false
    facts ??= deps.facts()
    for (const decoder of hardwareDecoders(codec, await facts)) {
      if (isOut(decoder, codec)) continue
      const beganAtMs = clock.monotonic()
      if (await works(deps, source, decoder, signal)) {
        startMs.set(decoder.id, Math.max(0, clock.monotonic() - beganAtMs - PROOF_MS))
        chosen.set(codec, decoder)
        log.info({ decoder: decoder.id, codec }, 'A hardware decoder is proven')
        return true
      }
      if (signal.aborted) return false
      failed(decoder, codec)
    }
    return false
  }

  return {
    chosen: (codec) => chosen.get(codec) ?? null,
    mayTakeMs: ({ id }) => (startMs.get(id) ?? 0) + START_ROOM_MS,
    failed,
    prove(codec, source, signal) {
      const mine = turn.then(() => proveNow(codec, source, signal))
      turn = mine.catch((error: unknown) => log.warn({ err: messageOf(error) }, 'Hardware decoders cannot be tried'))
      return mine.catch(() => false)
    },
  }
}

async function works(
  { ffmpeg, clock, log }: DecodingDeps,
  source: StreamSource,
  decoder: HardwareDecoder,
  signal: AbortSignal,
): Promise<boolean> {
  let pictures = 0
  const reader = createPictureReader(() => pictures++)
  try {
    const { stdout, code } = await runToEnd({
      ...{ name: `ffmpeg proof ${decoder.id}`, command: ffmpeg, args: proofArgs(source, decoder, MAX_WIDTH) },
      ...{ clock, log, timeoutMs: PROOF_TIMEOUT_MS, maxBytes: MAX_BYTES, signal },
    })
    reader.push(stdout)
    return code === 0 && pictures >= PICTURES_WANTED
  } catch {
    return false
  }
}
