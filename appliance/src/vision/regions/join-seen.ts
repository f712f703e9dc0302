import { areaOf, intersectionOf } from '../boxes.ts'
import { mayBeTheSame } from '../coco.ts'
import { suppress } from '../suppress.ts'
import type { Detection } from '../types.ts'
import type { RegionDetection } from './crop.ts'

/** A part of a thing says less than the thing; below the score at which something new begins, it only prolongs. */
const CUT_SCORE = 0.6
/** So much of a cut box inside another one: it is a part of the same thing. */
const INSIDE = 0.7

export interface JoinedSeen {
  /** Each thing once, best first. */
  detections: Detection[]
  /** Things of which a region showed only a part: worth another look with more around it. */
  cut: Detection[]
}

/** What several crops of one frame show, as if it had been one look. */
export function joinSeen(seen: readonly RegionDetection[]): JoinedSeen {
  const plain = ({ class: name, score, box }: RegionDetection, factor = 1): Detection => ({
    class: name,
    score: score * factor,
    box,
  })
  const uncut = suppress(seen.filter(({ isCut }) => !isCut).map((each) => plain(each)))
  const parts = seen.filter(({ isCut }) => isCut)
  const unexplained = suppress(parts.map((each) => plain(each))).filter(
    (part) => !uncut.some((whole) => isPart(part, whole)),
  )
  const lowered = unexplained.map((each) => ({ ...each, score: each.score * CUT_SCORE }))
  return { detections: [...uncut, ...lowered].sort((a, b) => b.score - a.score), cut: unexplained }
}

function isPart(part: Detection, whole: Detection): boolean {
  if (!mayBeTheSame(part.class, whole.class)) return false
  return intersectionOf(part.box, whole.box) >= INSIDE * areaOf(part.box)
}
