import { LaresError } from '../../core/errors.ts'
import { sleep, type Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import { readStill, type Media } from '../../media/index.ts'
import { kindOf } from './names.ts'
import { openUpload } from './open-upload.ts'
import { openClip } from './read-clip.ts'
import { UploadRefused } from './refusal.ts'
import type { CameraClock } from './taken-at.ts'
import type { UploadReceiver } from './types.ts'
import type { Outcome } from './upload-store.ts'

const MAX_WIDTH = 640
/** Between the two looks at a still, and before the next one. */
const LOOK_STEP_MS = 200
/** A slow box may take so long over one look; then the next picture comes all the same. */
const LONGEST_LOOK_MS = 3_000

export interface ProcessDeps {
  media: Pick<Media, 'folder' | 'ffmpeg' | 'isDiskLow'>
  clock: Clock
  log: Log
  /** Whether a picture of this camera still waits to be looked at. */
  isLooking(cameraId: string): boolean
  isDuplicate(folder: string, sha256: string): boolean
}

export interface FileToProcess {
  root: string
  name: string
  folder: string
  mostBytes: number
  stampMs: number | null
  arrivedMs: number
}

/** Reads one file and hands its pictures on. Answers what became of it; throws UploadRefused, which is an answer too. */
export async function processFile(
  deps: ProcessDeps,
  receiver: UploadReceiver,
  file: FileToProcess,
  cameraClock: CameraClock,
  signal: AbortSignal,
): Promise<{ outcome: Outcome; takenAt: number | null }> {
  const { file: handle, bytes, sha256 } = await openUpload(file.root, file.name, file.mostBytes)
  try {
    if (deps.isDuplicate(file.folder, sha256)) return { outcome: 'duplicate', takenAt: null }
    const take = { deps, receiver, file, cameraClock, signal }
    const content = Buffer.alloc(kindOf(file.name) === 'still' ? bytes : 0)
    if (content.length === 0) return { outcome: 'taken', takenAt: await takeClip(take, handle, bytes) }
    await handle.read(content, 0, bytes, 0)
    return { outcome: 'taken', takenAt: await takeStill(take, content) }
  } finally {
    await handle.close()
  }
}

interface Take {
  deps: ProcessDeps
  receiver: UploadReceiver
  file: FileToProcess
  cameraClock: CameraClock
  signal: AbortSignal
}

/**
 * One picture tells less than a stream: there is no second moment to confirm the first. So it is looked at twice, whole
 * and a little closer; who is found both times counts, as after two looks at a stream.
 */
async function takeStill({ deps, receiver, file, cameraClock, signal }: Take, content: Buffer): Promise<number> {
  const still = await readStill(content, MAX_WIDTH).catch((error: unknown) => {
    throw refusalOf(error)
  })
  const takenAt = cameraClock.takenAt({ ...file, lengthMs: 0 })
  const { width, height, codec } = still
  receiver.onTaken(takenAt, { width, height, codec, framesPerSecond: 0 })
  for (const [index, view] of still.views.entries()) {
    const look = index === 0 ? ('first' as const) : ('second' as const)
    receiver.onFrame({ ...view, capturedAt: takenAt + index * LOOK_STEP_MS, still: look })
    await untilLookedAt(deps, receiver.cameraId, signal)
  }
  return takenAt
}

async function untilLookedAt({ clock, isLooking }: ProcessDeps, cameraId: string, signal: AbortSignal): Promise<void> {
  const endAt = clock.monotonic() + LONGEST_LOOK_MS
  do await sleep(clock, LOOK_STEP_MS / 4, signal)
  while (isLooking(cameraId) && clock.monotonic() < endAt && !signal.aborted)
}

async function takeClip(
  { deps, receiver, file, cameraClock, signal }: Take,
  handle: Parameters<typeof openClip>[1],
  bytes: number,
): Promise<number> {
  const clip = await openClip(deps, handle, bytes, receiver.hidden())
  try {
    const { info, lengthMs } = clip
    const arrival = { ...file, lengthMs }
    cameraClock.note(arrival)
    const takenAt = cameraClock.takenAt(arrival)
    await clip.keepAs(receiver.cameraId, takenAt, deps.clock.now())
    receiver.onTaken(takenAt + lengthMs, info)
    await clip.look(
      (picture, offsetMs) => receiver.onFrame({ ...picture, capturedAt: takenAt + offsetMs }),
      MAX_WIDTH,
      signal,
    )
    return takenAt + lengthMs
  } finally {
    await clip.close()
  }
}

function refusalOf(error: unknown): unknown {
  if (!(error instanceof LaresError)) return error
  if (error.code === 'PICTURE_TOO_LARGE') return new UploadRefused('too-many-pixels', error)
  return error.code === 'PICTURE_DAMAGED' ? new UploadRefused('damaged', error) : error
}
