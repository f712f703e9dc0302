import type { Box } from '../../api/common.ts'
import type { CameraZones } from '../../api/zones.ts'
import type { Detection } from '../types.ts'
import { footOf, isInside, shareInside } from './geometry.ts'

type SiftRules = Pick<CameraZones, 'ignored' | 'limits'>

/** Drops what stands in an ignored area, is too small, too large, or too doubtful for its class. Before the tracker. */
export function siftDetections(rules: SiftRules, detections: readonly Detection[]): readonly Detection[] {
  if (rules.ignored.length === 0 && rules.limits.length === 0) return detections
  return detections.filter((detection) => fitsLimits(rules, detection) && !isIgnored(rules, detection))
}

function fitsLimits({ limits }: SiftRules, { class: name, score, box }: Detection): boolean {
  const limit = limits.find((each) => each.class === name)
  if (!limit) return true
  const { minHeight, maxHeight, minScore } = limit
  return box.height >= (minHeight ?? 0) && box.height <= (maxHeight ?? Infinity) && score >= (minScore ?? 0)
}

function isIgnored({ ignored }: SiftRules, { class: name, box }: Detection): boolean {
  const foot = footOf(box)
  return ignored.some(({ classes, shape }) => (classes.length === 0 || classes.includes(name)) && isInside(foot, shape))
}

/** Movement that lies so far within motion masks does not count. */
const MASKED_FROM = 0.6

/** Movement outside the motion masks. */
export function siftMotion({ motionMasks }: Pick<CameraZones, 'motionMasks'>, motion: readonly Box[]): readonly Box[] {
  if (motionMasks.length === 0) return motion
  const shapes = motionMasks.map(({ shape }) => shape)
  return motion.filter((box) => shareInside(box, shapes) < MASKED_FROM)
}
