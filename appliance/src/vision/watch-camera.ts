import type { Box } from '../api/common.ts'
import type { Frame } from '../media/index.ts'
import { createMotionWatcher } from './motion/index.ts'
import { isStill, updateTracks, type Track } from './tracker.ts'
import type { Detection, Observation } from './types.ts'

/** Everything that vision remembers about one camera. */
export interface CameraWatch {
  /** Motion, and whether the detector should look at this frame. */
  decide(frame: Frame): { shouldLook: boolean; motion: readonly Box[] }
  /** What the detector saw; null when there is nothing to tell. */
  conclude(frame: Frame, motion: readonly Box[], detections: readonly Detection[]): Observation | null
  /** The look that was decided on came to nothing: the next frame is looked at. */
  lookFailed(): void
}

/** Without motion, a look this often finds who stands still. */
const LOOK_AT_LEAST_MS = 10_000
/** After the light changed as a whole, whoever switched it on may be in sight. */
const LOOK_AFTER_SCENE_CHANGE_MS = 1_000

export function createCameraWatch(newId: () => string): CameraWatch {
  const watcher = createMotionWatcher()
  let tracks: readonly Track[] = []
  let lastLookAt = -Infinity
  let lookUntil = -Infinity

  return {
    decide(frame) {
      const at = frame.capturedAt
      // The same picture a little closer moves nothing; it only says whether what was found is really there.
      if (frame.still === 'second') return { shouldLook: tracks.some((track) => !isStill(track, at)), motion: [] }
      const moving = tracks.filter((track) => track.isConfirmed && !isStill(track, at))
      const { boxes, isSceneChange } = watcher.watch(
        frame,
        moving.map(({ box }) => box),
      )
      if (isSceneChange) lookUntil = at + LOOK_AFTER_SCENE_CHANGE_MS
      const hasLiveTrack = tracks.some((track) => !isStill(track, at))
      // The clock may have been set back: then looking is the safe answer.
      const isDue = at - lastLookAt >= LOOK_AT_LEAST_MS || at < lastLookAt
      const shouldLook = frame.still !== undefined || boxes.length > 0 || hasLiveTrack || at < lookUntil || isDue
      if (shouldLook) lastLookAt = at
      return { shouldLook, motion: boxes }
    },
    conclude(frame, motion, detections) {
      const result = updateTracks(tracks, { detections, at: frame.capturedAt, motion, newId })
      tracks = result.tracks
      const { visible, ended } = result
      if (visible.length === 0 && ended.length === 0) return null
      return { cameraId: frame.cameraId, at: frame.capturedAt, frame, tracks: visible, ended }
    },
    lookFailed() {
      lastLookAt = -Infinity
    },
  }
}
