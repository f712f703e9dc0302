import type { Detection } from './types.ts'
import { clipToUnit, iou } from './boxes.ts'
import { homeClassOf, mayBeTheSame } from './coco.ts'
import type { RawBox } from './families/family.ts'
import type { Placement } from './picture-tensor.ts'

/** People stand close together: boxes of one class may overlap this much and still be two. */
const SAME_CLASS_IOU = 0.6
/** A dog that is also a cat: one thing, two boxes that hardly differ. */
const LOOKALIKE_IOU = 0.5

/** Greedy suppression: of boxes that are probably the same thing, the best scored stays. Order: best first. */
export function suppress(boxes: readonly Detection[]): Detection[] {
  const kept: Detection[] = []
  for (const box of [...boxes].sort((a, b) => b.score - a.score)) {
    if (!kept.some((better) => isSameThing(better, box))) kept.push(box)
  }
  return kept
}

function isSameThing(better: Detection, box: Detection): boolean {
  if (!mayBeTheSame(better.class, box.class)) return false
  return iou(better.box, box.box) >= (better.class === box.class ? SAME_CLASS_IOU : LOOKALIKE_IOU)
}

/** Model boxes → detections of home classes in fractions of the frame. */
export function toDetections(boxes: readonly RawBox[], placement: Placement): Detection[] {
  const detections: Detection[] = []
  for (const { cocoClass, score, left, top, right, bottom } of boxes) {
    const name = homeClassOf(cocoClass)
    const box = clipToUnit({
      x: (left - placement.left) / placement.width,
      y: (top - placement.top) / placement.height,
      width: (right - left) / placement.width,
      height: (bottom - top) / placement.height,
    })
    if (name && box) detections.push({ class: name, score: Math.min(score, 1), box })
  }
  return detections
}
