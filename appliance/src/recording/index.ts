import type { Camera } from '../api/cameras.ts'
import type { Cameras } from '../cameras/index.ts'
import type { Bus } from '../core/bus.ts'
import { sleep, type Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { supervise } from '../core/supervise.ts'
import type { Events } from '../events.ts'
import { bufferFolder, SEGMENT_S, type Media } from '../media/index.ts'
import { cutClip } from './cut-clip.ts'
import { createSegmentBuffer, KEEP_MS } from './segment-buffer.ts'
import { ofOneKind, segmentsBetween, type Segment } from './segments.ts'
import type { ClipRequest, Recording } from './types.ts'

export type { Clip, ClipRequest, Recording } from './types.ts'

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
  const buffer = createSegmentBuffer({ media, clock })
  let stopListening = (): void => undefined

  /** Waits, when the end is only just over, until the segment that holds it is closed. */
  async function whenRecorded(request: ClipRequest): Promise<Segment[]> {
    const deadlineMs = clock.monotonic() + WAIT_FOR_END_MS
    for (;;) {
      const segments = await buffer.segmentsOf(request.cameraId)
      const closed = (segments.at(-1)?.startMs ?? 0) >= request.toMs
      const mayStillCome = clock.now() - request.toMs < WAIT_FOR_END_MS && clock.monotonic() < deadlineMs
      if (closed || !mayStillCome || cameras.peek(request.cameraId)?.state !== 'live') {
        return ofOneKind(segmentsBetween(segments, request.fromMs, request.toMs))
      }
      await sleep(clock, (SEGMENT_S * 1_000) / 2)
    }
  }

  const prune = (): Promise<void> => buffer.prune((id) => cameras.peek(id) !== null)
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
    forget: (cameraId) => buffer.empty(cameraId),
    async cutClip(request) {
      if (media.isDiskLow()) throw new LaresError('unavailable', 'The disk was nearly full, so no clip was kept.')
      const segments = await whenRecorded(request)
      if (segments.length > 0) return cutClip({ media, clock, log }, request, segments)
      throw new LaresError('unavailable', whyNothing(request, clock.now(), cameras.peek(request.cameraId)))
    },
  }
}

function whyNothing({ toMs }: ClipRequest, nowMs: number, camera: Camera | null): string {
  if (toMs < nowMs - KEEP_MS) return 'Lares was not running, and what was recorded is no longer there.'
  if (camera?.source.kind === 'usb' && camera.picture?.codec === 'mjpeg')
    return 'This USB camera sends single pictures (MJPEG), which cannot be kept as a clip.'
  return 'Nothing was recorded at that time.'
}
