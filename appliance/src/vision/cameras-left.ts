import type { DetectorRoom } from '../api/system.ts'

export interface LoadFacts {
  cores: number
  /** Time for one picture. */
  inferenceMs: number
  atOnce: number
  /** The processor looks: then looking and decoding share the cores. */
  onProcessor: boolean
  /** Cameras that send pictures now. */
  cameras: number
  looksPerSecond: number
}

/** Share of what there is that may be used: the rest is for peaks, recording and people who watch. */
const USABLE_SHARE = 0.7
/** Decoding a sub-stream and watching it for motion. */
const CORES_PER_CAMERA = 0.02
/** Preparing a picture, tracking, snapshots: processor time beside the model's own. */
const CORE_MS_PER_LOOK = 8
const LOOKS_PER_SECOND_IN_MOTION = 5
/** What a home is taken for before anything was measured: motion in a third of the time. */
const ASSUMED_LOOKS_PER_SECOND = LOOKS_PER_SECOND_IN_MOTION / 3

/**
 * How many more cameras with as much motion as those of today fit: cores·0.7 ÷ (0.02 + looks per camera · ms), the
 * measured rule for one box (docs/design/backends.md). Where an accelerator looks it is bounded by that one, too.
 */
export function roomFor(facts: LoadFacts): DetectorRoom {
  const { cores, inferenceMs, atOnce, onProcessor, cameras, looksPerSecond } = facts
  const perCamera = cameras > 0 && looksPerSecond > 0 ? looksPerSecond / cameras : ASSUMED_LOOKS_PER_SECOND
  const coreMs = CORE_MS_PER_LOOK + (onProcessor ? inferenceMs : 0)
  const byCores = (cores * USABLE_SHARE) / (CORES_PER_CAMERA + (perCamera * coreMs) / 1_000)
  const mostLooksPerSecond = (Math.max(1, atOnce) * 1_000) / Math.max(inferenceMs, 0.1)
  const byLooks = (mostLooksPerSecond * USABLE_SHARE) / perCamera
  const camerasLeft = Math.max(0, Math.floor(Math.min(byCores, byLooks)) - cameras)
  const round = (value: number): number => Math.round(value * 10) / 10
  return {
    cameras,
    looksPerSecond: round(looksPerSecond),
    mostLooksPerSecond: round(mostLooksPerSecond),
    camerasLeft,
  }
}
