import { stat } from 'node:fs/promises'
import type { Cameras } from '../cameras/index.ts'
import type { Bus } from '../core/bus.ts'
import { sleep, type Clock } from '../core/clock.ts'
import { LaresError, systemCodeOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { supervise } from '../core/supervise.ts'
import type { Events } from '../events.ts'
import { bufferFolder, SEGMENT_S, type Media } from '../media/index.ts'
import { cutClip } from './cut-clip.ts'
import { outdated, readSegments, segmentsBetween, type Segment, type SegmentFile } from './segments.ts'
import type { ClipRequest, Recording } from './types.ts'

export type { Clip, ClipRequest, Recording } from './types.ts'

/** A clip of three minutes, its quiet time before closing, and some air. */
const KEEP_MS = 5 * 60_000
/** While the disk is nearly full. */
const KEEP_WHEN_LOW_MS = 30_000
const PRUNE_EVERY_MS = 10_000
/** How long a clip may wait for the segment that is still being written. */
const WAIT_FOR_END_MS = 8_000

export interface RecordingDeps {
  media: Media
  cameras: Pick<Cameras, 'peek'>
  bus: Bus<Events>
  clock: Clock
  log: Log
}

export function createRecording(deps: RecordingDeps): Recording {
  const { media, cameras, bus, clock, log } = deps
  let stopListening = (): void => undefined

  async function segmentsOf(cameraId: string): Promise<Segment[]> {
    const folder = bufferFolder(cameraId)
    const names = (await media.folder.list(folder)).filter((name) => name.endsWith('.ts'))
    const files = await Promise.all(names.map((name) => readFileTimes(media.folder.path(`${folder}/${name}`), name)))
    return readSegments(files.filter((file) => file !== null))
  }

  async function pruneCamera(cameraId: string): Promise<void> {
    const keepMs = media.isDiskLow() ? KEEP_WHEN_LOW_MS : KEEP_MS
    for (const name of outdated(await segmentsOf(cameraId), clock.now(), keepMs)) {
      await media.folder.remove(`${bufferFolder(cameraId)}/${name}`)
    }
  }

  async function prune(): Promise<void> {
    for (const cameraId of await media.folder.list('buffer')) {
      await pruneCamera(cameraId)
      // Only empty ones: at start the cameras may not be loaded yet, and what they recorded before still makes clips.
      const isEmpty = (await media.folder.list(bufferFolder(cameraId))).length === 0
      if (isEmpty && !cameras.peek(cameraId)) await media.folder.remove(bufferFolder(cameraId))
    }
  }

  /** Waits, when the end is only just over, until the segment that holds it is closed. */
  async function whenRecorded(request: ClipRequest): Promise<Segment[]> {
    const deadlineMs = clock.monotonic() + WAIT_FOR_END_MS
    for (;;) {
      const segments = await segmentsOf(request.cameraId)
      const closed = (segments.at(-1)?.startMs ?? 0) >= request.toMs
      const mayStillCome = clock.now() - request.toMs < WAIT_FOR_END_MS && clock.monotonic() < deadlineMs
      if (closed || !mayStillCome || cameras.peek(request.cameraId)?.state !== 'live') {
        return segmentsBetween(segments, request.fromMs, request.toMs)
      }
      await sleep(clock, (SEGMENT_S * 1_000) / 2)
    }
  }

  const loop = supervise({ name: 'recording', clock, log, pauseMs: PRUNE_EVERY_MS, runOnce: prune })
  return {
    name: 'recording',
    async start() {
      stopListening = bus.on('camera.removed', 'recording', ({ id }) => media.folder.remove(bufferFolder(id)))
      await media.folder.remove('tmp')
      await loop.start()
    },
    async stop() {
      stopListening()
      await loop.stop()
    },
    async cutClip(request) {
      if (media.isDiskLow()) throw new LaresError('unavailable', 'The disk was nearly full, so no clip was kept.')
      const segments = await whenRecorded(request)
      if (segments.length === 0) throw new LaresError('unavailable', whyNothing(request))
      return cutClip({ media, clock, log }, request, segments)
    },
  }

  function whyNothing({ cameraId, toMs }: ClipRequest): string {
    if (toMs < clock.now() - KEEP_MS) return 'Lares was not running, and what was recorded is no longer there.'
    const codec = cameras.peek(cameraId)?.picture?.codec
    if (codec === 'mjpeg') return 'This camera sends single pictures (MJPEG), which cannot be kept as a clip.'
    return 'Nothing was recorded at that time.'
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
