import type { RawBox } from './family.ts'

/** left, top, right, bottom, score, class. */
export const FINISHED_VALUES = 6

/** Rows that are boxes already; unused ones have score 0. */
export function decodeFinished(values: Float32Array, minScore: number): RawBox[] {
  const boxes: RawBox[] = []
  for (let at = 0; at + FINISHED_VALUES <= values.length; at += FINISHED_VALUES) {
    const [left = 0, top = 0, right = 0, bottom = 0, score = 0, name = 0] = values.subarray(at, at + FINISHED_VALUES)
    if (score >= minScore && score > 0) boxes.push({ cocoClass: Math.round(name), score, left, top, right, bottom })
  }
  return boxes
}
