import { clipToUnit } from '../boxes.ts'
import { suppress } from '../suppress.ts'
import type { Detection } from '../types.ts'
import { classOfName } from './class-names.ts'

/** A box as somebody outside says it: fractions of the picture, corners. */
export interface ForeignBox {
  name: string
  score: number
  left: number
  top: number
  right: number
  bottom: number
}

/** A box may reach into the margin beside the picture, which is wide for narrow crops; farther out it is nonsense. */
const SLACK = 4

/**
 * What others say they saw, as far as it can be believed: numbers that are numbers, boxes that touch the picture, scores
 * from 0 to 1, classes of a home. Null when one of them makes no sense, because then none of them does.
 */
export function readForeignBoxes(boxes: readonly ForeignBox[], minScore: number): Detection[] | null {
  const detections: Detection[] = []
  for (const { name, score, left, top, right, bottom } of boxes) {
    const corners = [left, top, right, bottom]
    const isSound = corners.every((each) => Number.isFinite(each) && each >= -SLACK && each <= 1 + SLACK)
    if (!isSound || !(score >= 0 && score <= 1.001) || right < left || bottom < top) return null
    const home = classOfName(name)
    const box = clipToUnit({ x: left, y: top, width: right - left, height: bottom - top })
    if (home && box && score >= minScore) detections.push({ class: home, score: Math.min(score, 1), box })
  }
  return suppress(detections)
}
