// Brings a clip with real people for `npm start -- --demo`: from --video FILE, or from Debian's opencv-doc package
// (vtest.avi, a real square seen from above), which is fetched without root and never becomes part of the repository.
import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { quietThenPeople } from './scene.ts'

const run = promisify(execFile)
const PACKAGE = 'opencv-doc'
const CLIP_IN_PACKAGE = './usr/share/doc/opencv-doc/examples/data/vtest.avi'
const LARGE_BYTES = 64 * 1024 * 1024

export interface DemoClipOptions {
  /** A video file of the owner's, instead of the fetched one. */
  video?: string | undefined
  /** Where made clips are kept between runs, for example `.cache/clips`. */
  cacheDir: string
  /** Told what takes time, in plain words. */
  say?: (line: string) => void
  ffmpeg?: string
}

/** A clip that cannot be had; the message says what to do. */
export class NoDemoClip extends Error {}

/**
 * The path of an H.264 MP4 without B-frames and with a key picture each second, ready to be served as a camera.
 * Rejects with NoDemoClip.
 */
export async function ensureDemoClip(options: DemoClipOptions): Promise<string> {
  const say = options.say ?? (() => undefined)
  await mkdir(options.cacheDir, { recursive: true })
  if (options.video !== undefined) {
    const video = resolve(options.video)
    if (!(await exists(video)))
      throw new NoDemoClip(`There is no file ${options.video}. Name a video that exists: --video FILE.`)
    const made = join(options.cacheDir, `own-${Buffer.from(video).toString('hex').slice(-40)}.mp4`)
    say('Preparing your video …')
    return transcode(video, made, options.ffmpeg)
  }
  const made = join(options.cacheDir, 'people-vtest.mp4')
  if (await exists(made)) return made
  const folder = await mkdtemp(join(options.cacheDir, 'fetch-'))
  try {
    const people = await fetchPeople(folder, say)
    say('Preparing the scene …')
    return await transcode(people, made, options.ffmpeg, ['-filter_complex', quietThenPeople()])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function fetchPeople(folder: string, say: (line: string) => void): Promise<string> {
  const installed = CLIP_IN_PACKAGE.slice(1)
  if (await exists(installed)) return installed
  say(`Fetching a clip with real people from Debian (package ${PACKAGE}, 96 MB, once) …`)
  try {
    await run('apt-get', ['download', '-q', PACKAGE], { cwd: folder, maxBuffer: LARGE_BYTES })
    const file = (await readdir(folder)).find((name) => name.endsWith('.deb'))
    if (file === undefined) throw new Error('apt-get brought nothing')
    say('Unpacking …')
    await run('dpkg-deb', ['-x', join(folder, file), join(folder, 'unpacked')], { maxBuffer: LARGE_BYTES })
    const clip = join(folder, 'unpacked', CLIP_IN_PACKAGE)
    if (!(await exists(clip))) throw new Error(`the package has no ${CLIP_IN_PACKAGE}`)
    return clip
  } catch (cause) {
    const why =
      cause instanceof Error
        ? (cause.message.split('\n').find((line) => line.startsWith('E:')) ?? cause.message.split('\n')[0])
        : ''
    throw new NoDemoClip(
      `The demo needs a clip with people and could not fetch one from Debian's archive (${why}). ` +
        'Give it any video with people instead: npm start -- --demo --video FILE. ' +
        'Or run `apt-get update` as root once and try again.',
      { cause },
    )
  }
}

const FIT = ['-vf', 'scale=trunc(min(1280\\,iw)/2)*2:-2']

/** H.264 baseline-like: no B-frames, a key picture each second, no sound, even sides. Written aside, then renamed. */
async function transcode(
  from: string,
  to: string,
  ffmpeg = 'ffmpeg',
  filter: readonly string[] = FIT,
): Promise<string> {
  const unfinished = `${to}.${process.pid}.part.mp4`
  const encoding = [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-crf',
    '23',
    '-bf',
    '0',
    '-g',
    '10',
    '-pix_fmt',
    'yuv420p',
  ]
  try {
    await run(
      ffmpeg,
      ['-nostdin', '-v', 'error', '-y', '-i', `file:${from}`, '-an', ...filter, ...encoding, unfinished],
      { maxBuffer: LARGE_BYTES },
    )
    await rename(unfinished, to)
    return to
  } catch (cause) {
    await rm(unfinished, { force: true })
    throw new NoDemoClip(`ffmpeg cannot read ${from} as a video. Name another one: --video FILE.`, { cause })
  }
}
