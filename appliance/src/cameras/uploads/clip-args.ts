// Arguments for ffmpeg when a clip that was sent is read. Nothing of the file's name reaches it: it reads our own copy.
import type { Box } from '../../api/common.ts'
import { fileInputArgs, framesArgs, maskFilter } from '../../media/index.ts'

/** What a camera records of one event; what is longer is looked at this far. */
export const LONGEST_CLIP_S = 300
const MOST_PIXELS = 40_000_000
/** Of processor time, counted by ffmpeg itself: 5 minutes of 4K H.265 take about so long on a small box. */
const CPU_S = 240

const LIMITS = ['-timelimit', String(CPU_S), '-max_alloc', String(512 * 1024 * 1024)]
const QUIET = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info', ...LIMITS]

function input(path: string): string[] {
  return ['-t', String(LONGEST_CLIP_S), '-max_pixels', String(MOST_PIXELS), ...fileInputArgs(path)]
}

/** Into one transport stream that clips are cut from; `null`: only measured. Progress on standard output tells its length. */
export function keepArgs(
  path: string,
  output: string | null,
  how: 'copy' | 'encode',
  hidden: readonly Box[] = [],
): string[] {
  const codec = how === 'copy' ? ['-c', 'copy'] : ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p']
  const masked = hidden.length > 0 ? ['-vf', maskFilter(hidden)] : []
  const target = output === null ? ['-f', 'null', '-'] : ['-f', 'mpegts', '-y', `file:${output}`]
  const threads = how === 'copy' ? [] : ['-threads', '1']
  return [
    ...QUIET,
    ...input(path),
    '-map',
    '0:v:0',
    '-an',
    '-sn',
    ...masked,
    ...codec,
    ...threads,
    '-progress',
    'pipe:2',
    ...target,
  ]
}

/** Small pictures, five for each second of the clip. */
export function lookArgs(path: string, framesPerSecond: number, maxWidth: number): string[] {
  return [...QUIET, '-filter_threads', '1', ...input(path), ...framesArgs(framesPerSecond, maxWidth)]
}
