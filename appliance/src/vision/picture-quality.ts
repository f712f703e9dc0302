import type { Box } from '../api/common.ts'
import type { YuvPicture } from './picture-tensor.ts'
import type { VisibleTrack } from './types.ts'

/** Every so many pixels in both directions: enough to judge, and a whole picture costs 0.1 ms. */
const STEP = 2
/** In a sharp picture the steps between neighbours (root mean square) are this share of all its contrast. */
const SHARP = 0.5
/** A blurred picture is worth this much of a sharp one: rather a large blurred face than none. */
const WORTH_BLURRED = 0.5
const WORTH_CUT = 0.6
const EDGE = 0.01
/** So that a flat gray box, all noise, is not taken for a sharp one. */
const NOISE = 8

/**
 * How good a picture of this thing the frame would make: its size, times how sure the detector is, less when it is blurred
 * or cut by the picture's edge. Made to compare frames of one camera with each other.
 */
export function pictureQuality(frame: YuvPicture, { box, score }: Pick<VisibleTrack, 'box' | 'score'>): number {
  const sharp = WORTH_BLURRED + (1 - WORTH_BLURRED) * sharpnessOf(frame, box)
  const whole = isAtEdge(box) ? WORTH_CUT : 1
  return Math.sqrt(box.width * box.height) * score * sharp * whole
}

function isAtEdge({ x, y, width, height }: Box): boolean {
  return x < EDGE || y < EDGE || x + width > 1 - EDGE || y + height > 1 - EDGE
}

/** Steps between neighbours ÷ spread of all luma in the box, 0–1. Squared, because blur only spreads a step over more pixels. */
export function sharpnessOf({ width, height, data }: YuvPicture, box: Box): number {
  const left = Math.max(0, Math.floor(box.x * width))
  const top = Math.max(0, Math.floor(box.y * height))
  const right = Math.min(width - 1, Math.ceil((box.x + box.width) * width))
  const bottom = Math.min(height - 1, Math.ceil((box.y + box.height) * height))
  let [count, sum, squares, steps] = [0, 0, 0, 0]
  for (let y = top; y < bottom; y += STEP) {
    // Every other row begins one pixel later: a fine pattern must not fall between the samples.
    for (let x = left + ((y >> 1) & 1); x < right; x += STEP) {
      const at = y * width + x
      const luma = data[at] as number
      count++
      sum += luma
      squares += luma * luma
      const [across, down] = [luma - (data[at + 1] as number), luma - (data[at + width] as number)]
      steps += across * across + down * down
    }
  }
  if (count === 0) return 0
  const spread = Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2))
  return Math.min(1, Math.sqrt(steps / (2 * count)) / (spread + NOISE) / SHARP)
}
