import { stat } from 'node:fs/promises'
import type { Clock } from '../core/clock.ts'
import { systemCodeOf } from '../core/errors.ts'
import { bufferFolder, type Media } from '../media/index.ts'
import { outdated, readSegments, type Segment, type SegmentFile } from './segments.ts'

/** A clip of three minutes, its quiet time before closing, and some air. */
export const KEEP_MS = 5 * 60_000
/** While the disk is nearly full. */
const KEEP_WHEN_LOW_MS = 30_000

/** The segments that the cameras' ffmpegs leave on disk. */
export interface SegmentBuffer {
  /** In order of time. */
  segmentsOf(cameraId: string): Promise<Segment[]>
  /** Removes everything of a camera. */
  empty(cameraId: string): Promise<void>
  /** Removes what is too old; and folders that are empty and nobody's. */
  prune(isCamera: (id: string) => boolean): Promise<void>
}

export function createSegmentBuffer({ media, clock }: { media: Media; clock: Clock }): SegmentBuffer {
  const { folder } = media

  async function segmentsOf(cameraId: string): Promise<Segment[]> {
    const name = bufferFolder(cameraId)
    const files = (await folder.list(name)).filter((file) => /\.(ts|jpg)$/.test(file))
    const times = await Promise.all(files.map((file) => readFileTimes(folder.path(`${name}/${file}`), file)))
    return readSegments(times.filter((file) => file !== null))
  }

  /** By the seconds in their names: looking at 150 files a camera every ten seconds would cost more than they are worth. */
  async function pruneCamera(cameraId: string): Promise<void> {
    const keepMs = media.isDiskLow() ? KEEP_WHEN_LOW_MS : KEEP_MS
    const names = await folder.list(bufferFolder(cameraId))
    const segments = readSegments(names.map((name) => ({ name, bornMs: 0, changedMs: 0 })))
    for (const file of outdated(segments, clock.now(), keepMs)) await folder.remove(`${bufferFolder(cameraId)}/${file}`)
  }

  return {
    segmentsOf,
    async empty(cameraId) {
      const names = await folder.list(bufferFolder(cameraId))
      for (const name of names) await folder.remove(`${bufferFolder(cameraId)}/${name}`)
    },
    async prune(isCamera) {
      for (const cameraId of await folder.list('buffer')) {
        await pruneCamera(cameraId)
        // Only empty ones: at start the cameras may not be loaded yet, and what they recorded before still makes clips.
        const isEmpty = (await folder.list(bufferFolder(cameraId))).length === 0
        if (isEmpty && !isCamera(cameraId)) await folder.remove(bufferFolder(cameraId))
      }
    },
  }
}

async function readFileTimes(path: string, name: string): Promise<SegmentFile | null> {
  try {
    const { birthtimeMs, mtimeMs } = await stat(path)
    return { name, bornMs: birthtimeMs, changedMs: mtimeMs }
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null
    throw error
  }
}
