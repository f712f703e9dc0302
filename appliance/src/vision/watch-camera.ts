import type { Box } from '../api/common.ts'
import { NO_ZONES, type CameraZones } from '../api/zones.ts'
import type { Frame } from '../media/index.ts'
import { createAttention } from './attention.ts'
import { isVehicle } from './coco.ts'
import { WEIGHTS } from './look-queue.ts'
import { createMotionWatcher } from './motion/index.ts'
import { createPace } from './pace.ts'
import { pictureQuality } from './picture-quality.ts'
import { toFrame, type Region } from './regions/crop.ts'
import { joinSeen, type JoinedSeen } from './regions/join-seen.ts'
import type { SizeGrid } from './regions/size-grid.ts'
import { wantedBoxes } from './regions/wanted.ts'
import { isFollowed, isOver, isStill, updateTracks, type Track } from './tracking/tracker.ts'
import type { Detection, Observation } from './types.ts'
import { createZoneFollower } from './zones/follow.ts'
import { siftDetections, siftMotion } from './zones/sift.ts'

/** What one region of a frame showed, in fractions of the region. */
export interface SeenRegion {
  region: Region
  detections: readonly Detection[]
}

export interface Decision {
  shouldLook: boolean
  motion: readonly Box[]
  /** Something moves or is followed: this very picture matters. Otherwise any picture of the next seconds would do. */
  isUrgent: boolean
  /** The camera's share of the detector, see `WEIGHTS`. */
  weight: number
}

/** Everything that vision remembers about one camera. */
export interface CameraWatch {
  /** Motion, and whether the detector should look at this frame. */
  decide(frame: Frame): Decision
  /** Where to look in a frame that was decided on: one to `most` regions. Asked when the detector is free. */
  plan(frame: Frame, motion: readonly Box[], most: number, inputSide: number): readonly Region[]
  /** What the detector saw; null when there is nothing to tell. */
  conclude(frame: Frame, motion: readonly Box[], seen: readonly SeenRegion[]): Observation | null
  /** The look that was decided on came to nothing: the next frame is looked at. */
  lookFailed(): void
  /** Somebody else noticed something, a camera's own motion sensor for example: the next frames are looked at. */
  hint(): void
  /** 1: every picture with motion is looked at. 3: every third, because so much there comes to nothing. */
  everyNth(): number
}

export interface CameraWatchDeps {
  newId(): string
  /** How large things are in which part of this camera's picture: learnt here, kept by the caller. */
  sizes: SizeGrid
  /** What is drawn on the picture, now; nothing when left out. */
  zones?: () => CameraZones
}

/** A camera that was silent for longer may show another scene: nobody is followed across the gap. */
const LONGEST_GAP_MS = 15_000

// eslint-disable-next-line max-lines-per-function -- the memory of one camera; each of its functions is short
export function createCameraWatch({ newId, sizes, zones = () => NO_ZONES }: CameraWatchDeps): CameraWatch {
  const follower = createZoneFollower()
  const watcher = createMotionWatcher()
  const pace = createPace()
  const attention = createAttention()
  let tracks: readonly Track[] = []
  /** Things of which the last look showed only a part. */
  let cut: readonly Detection[] = []
  let lastFrameAt = Infinity
  let isAfterGap = false

  /** What the look at a frame means for the next ones. */
  function learn(frame: Frame, motion: readonly Box[], looked: readonly Box[], hasNew: boolean): void {
    const at = frame.capturedAt
    const inSight = tracks.filter((track) => track.lastSeenAt === at)
    const living = inSight.filter((track) => isFollowed(track, at) || !isVehicle(track.name))
    if (motion.length > 0) pace.learn(motion, living.map(boxOf))
    attention.onConcluded(at, looked, motion.length === 0 && !hasNew && living.length === 0)
    for (const { box } of living) if (!touchesEdge(box)) sizes.learn(box, frame.width / frame.height, at)
  }

  /** The same picture a little closer moves nothing; it only says whether what was found is really there. */
  function lookAgain(at: number): Decision {
    const shouldLook = tracks.some((track) => !isStill(track, at))
    return { shouldLook, isUrgent: true, motion: [], weight: WEIGHTS.usual }
  }

  return {
    decide(frame) {
      const at = frame.capturedAt
      isAfterGap ||= at - lastFrameAt > LONGEST_GAP_MS
      lastFrameAt = at
      if (frame.still === 'second') return lookAgain(at)
      const moving = tracks.filter((track) => track.isConfirmed && !isStill(track, at))
      const motion = watcher.watch(frame, moving.map(boxOf))
      if (motion.isSceneChange) attention.onSceneChange(at)
      const boxes = siftMotion(zones(), motion.boxes)
      const follows = tracks.some((track) => isFollowed(track, at))
      const isWanted = attention.isDue(at) || follows || cut.length > 0 || tracks.some((track) => isOver(track, at))
      const isMoving = boxes.length > 0 && !pace.skips(boxes, at)
      const weight = follows ? WEIGHTS.follows : isWanted || pace.everyNth() === 1 ? WEIGHTS.usual : WEIGHTS.restless
      return {
        shouldLook: frame.still !== undefined || isWanted || isMoving,
        isUrgent: follows || isMoving,
        motion: boxes,
        weight,
      }
    },
    plan(frame, motion, most, inputSide) {
      const at = frame.capturedAt
      // A still of its own is looked at whole: where it differs from the one before says little.
      const wanted = frame.still === undefined ? wantedBoxes({ tracks, motion, cut, at }) : []
      return attention.plan(frame, wanted, most, { inputSide, sizeAt: (box) => sizes.sizeAt(box, at) })
    },
    conclude(frame, motion, seen) {
      const at = frame.capturedAt
      const { looked, detections, cut: parts } = inFrame(seen, frame)
      cut = parts
      const kept = siftDetections(zones(), detections)
      const result = updateTracks(tracks, { detections: kept, at, motion, looked, isAfterGap, newId })
      tracks = result.tracks
      isAfterGap = false
      learn(frame, motion, looked, result.hasNew)
      const { ended } = result
      const visible = result.visible.map((each) => ({ ...each, pictureQuality: pictureQuality(frame, each) }))
      if (visible.length === 0 && ended.length === 0) return null
      return { cameraId: frame.cameraId, at, frame, ended, ...follower.look(zones(), { visible, ended }, at) }
    },
    lookFailed: () => attention.onFailure(),
    hint: () => attention.hint(),
    everyNth: () => pace.everyNth(),
  }
}

/** What the regions of a frame showed, in fractions of the frame, and which areas of it they were. */
function inFrame(seen: readonly SeenRegion[], frame: Frame): JoinedSeen & { looked: Box[] } {
  const found = seen.flatMap(({ region, detections }) => detections.map((each) => toFrame(each, region, frame)))
  return { looked: seen.map(({ region }) => areaOf(region, frame)), ...joinSeen(found) }
}

function touchesEdge({ x, y, width, height }: Box): boolean {
  return x <= 0.005 || y <= 0.005 || x + width >= 0.995 || y + height >= 0.995
}

function areaOf(region: Region, frame: Frame): Box {
  const { left, top, width, height } = region
  return { x: left / frame.width, y: top / frame.height, width: width / frame.width, height: height / frame.height }
}

const boxOf = ({ box }: Track): Box => box
