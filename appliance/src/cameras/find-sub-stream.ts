import { messageOf } from '../core/errors.ts'
import { runToEnd } from '../core/subprocess.ts'
import { previewArgs, readStreamInfo, type StreamInfo, type StreamSource } from '../media/index.ts'
import type { RunDeps } from './sources/types.ts'

const TIMEOUT_MS = 10_000
const WIDTH = 640
/** A stream that is hardly smaller is not worth a second connection. */
const LARGEST_SHARE = 0.8

export interface FoundStream {
  open: Candidate['open']
  why: string
  brand: string
  /** Among the candidates, from 0. */
  nth: number
}

export function isSmaller(sub: StreamInfo, main: StreamInfo): boolean {
  return sub.width * sub.height <= main.width * main.height * LARGEST_SHARE
}

/** A place where the smaller stream was found before; null when it is not among the candidates. */
export function foundAt(candidates: readonly Candidate[], nth: number, brand: string): FoundStream | null {
  const candidate = candidates[nth]
  if (candidate?.brand !== brand) return null
  return { ...candidate, nth, why: `Lares found this smaller stream where cameras of ${brand} have it.` }
}

export interface Candidate {
  /** Whose cameras have their smaller stream there. */
  brand: string
  open(signal: AbortSignal): Promise<StreamSource>
}

/** Tries the candidates, one after another, until one gives a picture that is smaller than the main stream's. */
export async function findSubStream(
  {
    candidates,
    ...deps
  }: Pick<RunDeps, 'ffmpeg' | 'clock' | 'log' | 'cameraName'> & { candidates: readonly Candidate[] },
  main: StreamInfo,
  signal: AbortSignal,
): Promise<FoundStream | null> {
  for (const [nth, { brand, open }] of candidates.entries()) {
    const info = await firstPicture(deps, open, signal)
    if (signal.aborted) return null
    if (info && isSmaller(info, main)) return foundAt(candidates, nth, brand)
  }
  return null
}

async function firstPicture(
  { ffmpeg, clock, log, cameraName }: Pick<RunDeps, 'ffmpeg' | 'clock' | 'log' | 'cameraName'>,
  open: Candidate['open'],
  signal: AbortSignal,
): Promise<StreamInfo | null> {
  let info: StreamInfo | null = null
  try {
    const source = await open(signal)
    const { stdout } = await runToEnd({
      ...{ name: `ffmpeg ${cameraName} (small?)`, command: ffmpeg, args: previewArgs(source, WIDTH) },
      ...{ clock, log, timeoutMs: TIMEOUT_MS, signal, onLine: (line) => void (info ??= readStreamInfo(line)) },
    })
    return stdout.length > 0 ? info : null
  } catch (error) {
    log.debug({ camera: cameraName, err: messageOf(error) }, 'No smaller stream there')
    return null
  }
}
