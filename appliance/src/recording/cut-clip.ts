import { writeFile } from 'node:fs/promises'
import { moveDurably } from '../core/disk.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import { runToEnd } from '../core/subprocess.ts'
import {
  bufferFolder,
  concatList,
  cutArgs,
  readStreamInfo,
  type CutOptions,
  type Media,
  type StreamInfo,
} from '../media/index.ts'
import { lengthsInClip, type Segment } from './segments.ts'
import type { Clip, ClipRequest } from './types.ts'

const CUT_TIMEOUT_MS = 120_000
/** The only one that every browser plays. */
const PLAYABLE_CODEC = 'h264'

export interface CutDeps {
  media: Media
  clock: Clock
  log: Log
}

/** Joins the segments into one MP4 at its final place, or throws and leaves nothing behind. */
export async function cutClip(deps: CutDeps, request: ClipRequest, segments: readonly Segment[]): Promise<Clip> {
  const { folder } = deps.media
  const [first, last] = [segments[0], segments.at(-1)]
  if (!first || !last) throw new LaresError('unavailable', 'Nothing was recorded at that time.')
  const id = newId(deps.clock.now())
  const [listName, partName] = [`tmp/${id}.txt`, `tmp/${id}.mp4`]
  const lengths = lengthsInClip(segments)
  const durationMs = Math.max(1, Math.min(request.toMs, last.endMs) - first.startMs)
  const pathOf = ({ file }: Segment): string => folder.path(`${bufferFolder(request.cameraId)}/${file}`)
  const shown = segments.map((segment, n) => ({ path: pathOf(segment), durationMs: lengths[n] ?? 1 }))
  const isOfPictures = first.isPicture === true
  // ffmpeg takes a picture's length from where the next one begins: the last one once more.
  const entries = isOfPictures ? [...shown, { path: pathOf(last), durationMs: 1 }] : shown
  try {
    await folder.makeParent(listName)
    await writeFile(folder.path(listName), concatList(entries), { mode: 0o600 })
    const files = { listFile: folder.path(listName), outputFile: folder.path(partName) }
    const encoded = await encode(deps, { ...files, durationMs, isOfPictures })
    await folder.makeParent(request.file)
    await moveDurably(folder.path(partName), folder.path(request.file))
    return { file: request.file, startsAt: first.startMs, durationMs: encoded }
  } finally {
    await folder.remove(listName)
    await folder.remove(partName)
  }
}

/** Copies; encodes again only what browsers cannot play. Returns the length in milliseconds. */
async function encode(deps: CutDeps, cut: Omit<CutOptions, 'copy'>): Promise<number> {
  const run = async (copy: boolean): Promise<{ info: StreamInfo | null; lengthMs: number }> => {
    let info: StreamInfo | null = null
    const { code, stdout, lastLines } = await runToEnd({
      ...{ name: 'ffmpeg clip', command: deps.media.ffmpeg, clock: deps.clock, log: deps.log },
      ...{ args: cutArgs({ ...cut, copy }), timeoutMs: CUT_TIMEOUT_MS },
      onLine: (line) => void (info ??= readStreamInfo(line)),
    })
    const lengthMs = readLengthMs(stdout.toString('utf8'))
    if (code === 0 && lengthMs > 0) return { info, lengthMs }
    deps.log.warn({ lines: lastLines.slice(-5) }, 'A clip could not be made')
    throw new LaresError('unavailable', 'What was recorded cannot be read.')
  }
  if (cut.isOfPictures) {
    await run(false)
    // Where progress ends is where the last picture begins; it stands to the end.
    return cut.durationMs
  }
  const copied = await run(true)
  if (copied.info?.codec === PLAYABLE_CODEC) return copied.lengthMs
  return (await run(false)).lengthMs
}

/** ffmpeg's progress report names the time reached, in microseconds, again and again; the last one counts. */
function readLengthMs(progress: string): number {
  const times = [...progress.matchAll(/^out_time_us=(\d+)$/gm)]
  return Math.round(Number(times.at(-1)?.[1] ?? 0) / 1_000)
}
