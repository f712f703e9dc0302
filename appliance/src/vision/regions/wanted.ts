import type { Box } from '../../api/common.ts'
import { areaOf, intersectionOf } from '../boxes.ts'
import { expectedBox, isFollowed, type Track } from '../tracking/track.ts'
import type { Detection } from '../types.ts'
import type { Wanted } from './plan.ts'

export interface WantedInput {
  tracks: readonly Track[]
  motion: readonly Box[]
  /** Things of which the last look showed only a part. */
  cut: readonly Detection[]
  at: number
}

/** So much of a motion box inside a followed thing's box: it is that thing that moves. */
const EXPLAINED = 0.7

/** What the next look is for: whom we follow, whom motion touches, what was only half seen, and any other motion. */
export function wantedBoxes({ tracks, motion, cut, at }: WantedInput): Wanted[] {
  const isTouched = (box: Box): boolean => motion.some((each) => intersectionOf(each, box) > 0)
  const things = tracks
    .map((track) => ({ track, box: expectedBox(track, at) }))
    .filter(({ track, box }) => isFollowed(track, at) || isTouched(box))
    .map(({ box }) => box)
  const unexplained = motion.filter(
    (each) => !things.some((box) => intersectionOf(each, box) >= EXPLAINED * areaOf(each)),
  )
  return [
    ...things.map((box) => ({ box, isWholeThing: true })),
    ...[...unexplained, ...cut.map(({ box }) => box)].map((box) => ({ box, isWholeThing: false })),
  ]
}
