import { constants } from 'node:fs'
import { open, rm, stat, utimes, type FileHandle } from 'node:fs/promises'
import type { Box } from '../../api/common.ts'
import type { Clock } from '../../core/clock.ts'
import { sleep } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Log } from '../../core/log.ts'
import { runToEnd, startSubprocess } from '../../core/subprocess.ts'
import {
  bufferFolder,
  canBeRecorded,
  createPictureReader,
  readStreamInfo,
  sentSegmentName,
  type Media,
  type Picture,
  type StreamInfo,
} from '../../media/index.ts'
import { keepArgs, lookArgs } from './clip-args.ts'
import { UploadRefused } from './refusal.ts'

const FRAMES_PER_SECOND = 5
/** Twice as fast as it happened: what is under way is told soon, and other cameras' pictures still get their turn. */
const PICTURE_EVERY_MS = 100
const KEEP_TIMEOUT_MS = 120_000
const LOOK_TIMEOUT_MS = 600_000
const MOST_PIXELS = 40_000_000
const PIECE_BYTES = 1024 * 1024

export interface ClipDeps {
  media: Pick<Media, 'folder' | 'ffmpeg' | 'isDiskLow'>
  clock: Clock
  log: Log
}

/** A clip that a camera sent, copied to where nobody can exchange it. */
export interface Clip {
  info: StreamInfo
  lengthMs: number
  /** Makes it the recording of its moment, so that incidents get their clips from it. */
  keepAs(cameraId: string, takenAt: number, arrivedAt: number): Promise<void>
  /** Each picture in turn, at a pace that leaves room for live cameras. Throws UploadRefused when it cannot be read to its end. */
  look(onPicture: (picture: Picture, offsetMs: number) => void, maxWidth: number, signal: AbortSignal): Promise<void>
  /** Removes the copy. */
  close(): Promise<void>
}

/** Throws UploadRefused for what cannot be read. Of what is `hidden` nothing is kept but black. */
export async function openClip(deps: ClipDeps, file: FileHandle, bytes: number, hidden: readonly Box[]): Promise<Clip> {
  const { folder } = deps.media
  const names = [`tmp/${newId(deps.clock.now())}.upload`, `tmp/${newId(deps.clock.now())}.ts`] as const
  const [source, segment] = [folder.path(names[0]), folder.path(names[1])]
  const close = async (): Promise<void> => {
    for (const name of names) await folder.remove(name)
  }
  try {
    await folder.makeParent(names[0])
    await copyTo(file, bytes, source)
    const mayKeep = !deps.media.isDiskLow()
    const { info, lengthMs } = await keep(deps, source, mayKeep ? segment : null, hidden)
    return {
      ...{ info, lengthMs, close },
      keepAs: async (cameraId, takenAt, arrivedAt) => {
        if (!mayKeep) return
        // Its time of change tells where the recording ends.
        await utimes(segment, new Date(takenAt + lengthMs), new Date(takenAt + lengthMs))
        const target = `${bufferFolder(cameraId)}/${sentSegmentName(takenAt, arrivedAt, hidden.length > 0)}`
        await folder.makeParent(target)
        await folder.move(names[1], target)
      },
      look: (onPicture, maxWidth, signal) => look(deps, { source, lengthMs, maxWidth, signal }, onPicture),
    }
  } catch (error) {
    await close()
    throw asRefusal(error)
  }
}

async function copyTo(file: FileHandle, bytes: number, path: string): Promise<void> {
  const copy = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  try {
    const piece = Buffer.alloc(Math.min(PIECE_BYTES, bytes))
    for (let at = 0; at < bytes;) {
      const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, bytes - at), at)
      if (bytesRead === 0) break
      await copy.write(piece.subarray(0, bytesRead))
      at += bytesRead
    }
  } finally {
    await copy.close()
  }
}

/** Reads all packets once: what it is, how long it is; and keeps them when there is a target. */
async function keep(deps: ClipDeps, source: string, target: string | null, hidden: readonly Box[]) {
  const mustEncode = hidden.length > 0
  const first = await pass(deps, keepArgs(source, mustEncode ? null : target, 'copy'))
  const { info } = first
  if (!info) throw new UploadRefused('damaged')
  if (info.width * info.height > MOST_PIXELS) throw new UploadRefused('too-many-pixels')
  if (first.lengthMs <= 0) throw new UploadRefused('damaged')
  if (target !== null && (mustEncode || !canBeRecorded(info.codec))) {
    await rm(target, { force: true })
    await pass(deps, keepArgs(source, target, 'encode', hidden))
  }
  if (target !== null && (await stat(target)).size === 0) throw new UploadRefused('damaged')
  return { info, lengthMs: first.lengthMs }
}

async function pass({ media, clock, log }: ClipDeps, args: readonly string[]) {
  let info: StreamInfo | null = null
  let lengthMs = 0
  await runToEnd({
    ...{ name: 'ffmpeg upload', command: media.ffmpeg, args, clock, log, timeoutMs: KEEP_TIMEOUT_MS },
    onLine(line) {
      info ??= readStreamInfo(line)
      const time = /^out_time_us=(\d+)$/.exec(line)
      if (time) lengthMs = Math.round(Number(time[1]) / 1_000)
    },
  })
  return { info: info as StreamInfo | null, lengthMs }
}

interface LookOptions {
  source: string
  lengthMs: number
  maxWidth: number
  signal: AbortSignal
}

async function look(
  { media, clock, log }: ClipDeps,
  { source, lengthMs, maxWidth, signal }: LookOptions,
  onPicture: (picture: Picture, offsetMs: number) => void,
): Promise<void> {
  const args = lookArgs(source, FRAMES_PER_SECOND, maxWidth)
  const child = await startSubprocess({ name: 'ffmpeg upload look', command: media.ffmpeg, args, clock, log })
  const stop = (): void => void child.stop(500)
  const cancel = clock.after(LOOK_TIMEOUT_MS, stop)
  signal.addEventListener('abort', stop, { once: true })
  let count = 0
  try {
    const fresh: Picture[] = []
    const reader = createPictureReader((picture) => void fresh.push(picture))
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      reader.push(chunk)
      for (const picture of fresh.splice(0)) {
        // While we wait, the pipe fills and ffmpeg rests.
        await sleep(clock, PICTURE_EVERY_MS, signal)
        if (signal.aborted) return
        onPicture(picture, Math.round((count++ * 1_000) / FRAMES_PER_SECOND))
      }
    }
    const { code } = await child.exited
    if (count === 0 || code !== 0) throw new UploadRefused(code === null ? 'too-long' : 'damaged')
    if (isCutOff(child.lastLines()) || (count * 1_000) / FRAMES_PER_SECOND < lengthMs / 2 - 1_000)
      throw new UploadRefused('damaged')
  } finally {
    cancel()
    signal.removeEventListener('abort', stop)
    await child.stop(500)
  }
}

const isCutOff = (lines: readonly string[]): boolean =>
  lines.some((line) => /partial file|File ended prematurely|moov atom not found|Truncat/i.test(line))

function asRefusal(error: unknown): unknown {
  if (error instanceof UploadRefused) return error
  if (error instanceof LaresError && error.code === 'PROGRAM_MISSING') return new UploadRefused('no-program', error)
  if (error instanceof LaresError && error.kind === 'timeout') return new UploadRefused('too-long', error)
  return error
}
