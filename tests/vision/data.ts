import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Frame } from '../../appliance/src/media/frame.ts'

const DATA = new URL('../../../shared/data/', import.meta.url)

export const NO_DATA = 'skipped: no ../shared/data'

/** Path of a file of ../shared/data, or null when this machine has none. */
export function dataFile(path: string): string | null {
  const file = fileURLToPath(new URL(path, DATA))
  return existsSync(file) ? file : null
}

/** Every frame of a clip as a camera of ours would deliver it, `framesPerSecond` a second, from `startAt` on. */
export function decodeClip(
  file: string,
  width: number,
  height: number,
  framesPerSecond = 5,
  startAt = 1_000_000,
): Frame[] {
  const filter = `fps=${framesPerSecond},scale=${width}:${height}:flags=fast_bilinear`
  const args = [
    '-nostdin',
    '-v',
    'error',
    '-i',
    file,
    '-an',
    '-vf',
    filter,
    '-pix_fmt',
    'yuv420p',
    '-f',
    'rawvideo',
    'pipe:1',
  ]
  const bytes = execFileSync('ffmpeg', args, { maxBuffer: 1_000_000_000 })
  const frameBytes = (width * height * 3) / 2
  return Array.from({ length: Math.floor(bytes.length / frameBytes) }, (_, sequence) => ({
    cameraId: 'camera',
    width,
    height,
    data: new Uint8Array(bytes.subarray(sequence * frameBytes, (sequence + 1) * frameBytes)),
    capturedAt: startAt + Math.round((sequence * 1_000) / framesPerSecond),
    sequence,
  }))
}
