import {
  cameraStreamArgs,
  canBeRecorded,
  type HardwareDecoder,
  type StreamInfo,
  type StreamSource,
} from '../media/index.ts'
import type { PaceStep } from './pace.ts'
import type { RunDeps } from './sources/types.ts'

/** Pictures a second that detection gets. */
export const DETECTION_FPS = 5
export const MAX_WIDTH = 640
/** From this width on pictures are scaled down to a half or less. */
const LARGE_WIDTH = 1_280

/** What a stream is wanted for. */
export type StreamRole = 'both' | 'pictures' | 'recording'

export interface StreamPlan {
  source: StreamSource
  role: StreamRole
  /** What is known of the stream from before. */
  info: StreamInfo | null
  isMain: boolean
  pace: PaceStep
  decoder: HardwareDecoder | null
}

/** ffmpeg's arguments for one run, and whether the stream is not recorded only because the disk is full. */
export async function streamArgs(
  { source, role, info, isMain, pace, decoder }: StreamPlan,
  { mayRecord, prepareSegmentFolder, hidden }: Pick<RunDeps, 'mayRecord' | 'prepareSegmentFolder' | 'hidden'>,
): Promise<{ args: string[]; heldBack: boolean }> {
  const canRecord = role !== 'pictures' && (info === null ? source.kind !== 'usb' : canBeRecorded(info.codec))
  const heldBack = canRecord && !mayRecord()
  const segmentFolder = canRecord && !heldBack ? await prepareSegmentFolder() : undefined
  const isLarge = info === null ? isMain : info.width >= LARGE_WIDTH
  // Where something is hidden the recording is drawn anew: from pictures in memory, all of them, as they are.
  const covers = segmentFolder === undefined ? [] : hidden()
  const isCovered = covers.length > 0
  const args = cameraStreamArgs({
    ...{ source, framesPerSecond: DETECTION_FPS, maxWidth: MAX_WIDTH, segmentFolder },
    // Nothing to record and no pictures: there would be no output at all.
    withPictures: role !== 'recording' || segmentFolder === undefined,
    effort: isCovered ? 'all' : pace === 'key' ? 'key' : isLarge ? 'large' : 'all',
    decoder: isCovered ? undefined : (decoder ?? undefined),
    hidden: covers,
  })
  return { args, heldBack }
}
