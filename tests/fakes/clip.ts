// Clips for tests: drawn ones, real ones of ../shared/data, and one with real people. Made once, kept in .cache/clips.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ensureDemoClip } from '../../scripts/demo/clip.ts'

const run = promisify(execFile)
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const cacheDir = join(root, '.cache', 'clips')
const dataDir = join(root, '..', 'shared', 'data', 'video')

/** Why a test that needs ../shared/data cannot run, or false: for `{ skip: noSharedData() }`. */
export function noSharedData(): string | false {
  return existsSync(dataDir) ? false : 'skipped: no ../shared/data'
}

const STREAMABLE = ['-an', '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0', '-pix_fmt', 'yuv420p']

async function make(name: string, args: readonly string[]): Promise<string> {
  const file = join(cacheDir, name)
  if (existsSync(file)) return file
  mkdirSync(cacheDir, { recursive: true })
  const unfinished = `${file}.${process.pid}.part.${name.split('.').at(-1) ?? 'mp4'}`
  await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args, unfinished], { maxBuffer: 64 * 1024 * 1024 })
  renameSync(unfinished, file)
  return file
}

/** A clip of ../shared/data/video as H.264 without B-frames, key picture each second. `name` with extension. */
export async function clipFromData(name: string): Promise<string> {
  const from = join(dataDir, name)
  const version = Math.floor(statSync(from).mtimeMs).toString(36)
  return make(`data-${version}-${name}`, ['-i', from, ...STREAMABLE, '-g', '15'])
}

export interface DrawnClip {
  width?: number
  height?: number
  framesPerSecond?: number
  seconds?: number
  /** `pattern`: moving test picture; `still`: nothing but sensor noise; `boxes`: a box crosses a gray yard. */
  what?: 'pattern' | 'still' | 'boxes'
  codec?: 'h264' | 'hevc' | 'mjpeg'
  /** Adds AAC sound. */
  sound?: boolean
  bitrateKbit?: number
}

/** A drawn clip. */
export async function drawnClip(options: DrawnClip = {}): Promise<string> {
  const {
    width = 640,
    height = 360,
    framesPerSecond = 15,
    seconds = 10,
    what = 'pattern',
    codec = 'h264',
    sound = false,
  } = options
  const size = `${width}x${height}`
  const sources = {
    pattern: `testsrc2=size=${size}:rate=${framesPerSecond}:duration=${seconds}`,
    still: `color=0x607060:size=${size}:rate=${framesPerSecond}:duration=${seconds},drawgrid=w=97:h=71:t=3:c=0x405040,noise=alls=6:allf=t`,
    boxes: `color=0x607060:size=${size}:rate=${framesPerSecond}:duration=${seconds}`,
  }
  const filters = what === 'boxes' ? ['-f', 'lavfi', '-i', `color=0xd0b090:size=${width >> 3}x${height >> 1}`] : []
  const overlay =
    what === 'boxes'
      ? ['-filter_complex', `[0][1]overlay=x='mod(t*${width >> 2},${width})':y=${height >> 2}:shortest=1`]
      : []
  const audio = sound ? ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`] : []
  const encoders = {
    h264: ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0'],
    hevc: ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error'],
    mjpeg: ['-c:v', 'mjpeg', '-q:v', '6'],
  }
  const rate =
    options.bitrateKbit === undefined
      ? []
      : [
          '-b:v',
          `${options.bitrateKbit}k`,
          '-maxrate',
          `${options.bitrateKbit}k`,
          '-bufsize',
          `${options.bitrateKbit}k`,
        ]
  const name = `drawn-${what}-${size}-${framesPerSecond}fps-${seconds}s-${codec}${sound ? '-sound' : ''}${options.bitrateKbit ?? ''}`
  return make(`${name}.${codec === 'mjpeg' ? 'mkv' : 'mp4'}`, [
    ...['-f', 'lavfi', '-i', sources[what]],
    ...filters,
    ...audio,
    ...overlay,
    ...encoders[codec],
    ...rate,
    ...['-g', String(framesPerSecond), '-pix_fmt', codec === 'mjpeg' ? 'yuvj420p' : 'yuv420p'],
    ...(sound ? ['-c:a', 'aac'] : ['-an']),
  ])
}

/** Real people on a real square (Debian's opencv-doc), as H.264. Needs the Debian archive once. */
export function personClip(): Promise<string> {
  return ensureDemoClip({ cacheDir })
}

/** Seconds into `walkInClip` at which its first picture with a person is shown. */
export const WALK_IN_S = 5

/**
 * An empty scene, then from one picture to the next a person in full view: the exact moment is known. People are real:
 * of ../shared/data when it is there, of Debian's opencv-doc otherwise.
 */
export async function walkInClip(): Promise<string> {
  const room = join(dataDir, 'intel-one-by-one-person-detection.mp4')
  const source = existsSync(room)
    ? { file: room, name: 'room', emptyFromS: 0, personFromS: 8 }
    : { file: await personClip(), name: 'square', emptyFromS: 0, personFromS: 18 }
  const part = (fromS: number, seconds: number): string =>
    `trim=start=${fromS}:duration=${seconds},setpts=PTS-STARTPTS,fps=15,scale=640:-2`
  return make(`walk-in-${source.name}.mp4`, [
    ...['-i', source.file, '-filter_complex'],
    `[0:v]split[a][b];[a]${part(source.emptyFromS, WALK_IN_S)}[empty];[b]${part(source.personFromS, 7)}[person];[empty][person]concat=n=2:v=1`,
    ...STREAMABLE,
    ...['-g', '15'],
  ])
}
