import { CELL, type Background } from './background.ts'
import type { Region } from './cells.ts'
import { LEVEL, type SmallGray } from './shrink.ts'

/** Below this many times the usual noise, edges cannot be told from noise: then it counts as a thing. */
const MIN_CONTRAST_TO_NOISE = 10
/** Noise bends too. */
const MIN_BEND_TO_NOISE = 6
/** Too faint to see its edges, but larger than people are: light. */
const LARGEST_FAINT_PIXELS = 500
/** Of the contrast: from here on an edge is sharp. */
const SHARP = 0.4
/** Keeps the factor within bounds in the dark. */
const DARKEST = 8 * LEVEL
/** A thing has at least so many sharp pixels for each pixel of its outline. */
const MIN_SHARP_SHARE = 0.15

/**
 * Whether a region fades in and out at its edges, as pools of light and insects close to the lens do. What light does to
 * a picture is a smooth factor, so the factor is looked at too: a wall's pattern in a headlight has edges, the light has none.
 */
export function isSoft(region: Region, background: Background, { pixels }: SmallGray): boolean {
  const { width, height, difference, noise } = background
  const [left, top] = [Math.max(1, region.left * CELL - 1), Math.max(1, region.top * CELL - 1)]
  const right = Math.min(width - 2, (region.right + 1) * CELL)
  const bottom = Math.min(height - 2, (region.bottom + 1) * CELL)
  let most = 0
  let calm = 0
  let count = 0
  for (let y = top; y <= bottom; y++)
    for (let i = y * width + left, end = y * width + right; i <= end; i++) {
      most = Math.max(most, Math.abs(difference[i] as number))
      calm += noise[i] as number
      count++
    }
  if (count === 0) return false
  if (most < (calm / count) * MIN_CONTRAST_TO_NOISE) return region.pixels > LARGEST_FAINT_PIXELS
  const limit = Math.max(SHARP * most, (calm / count) * MIN_BEND_TO_NOISE)
  const outline = 2 * (right - left + bottom - top)
  let sharp = 0
  let sharpFactor = 0
  const expectedAt = (i: number): number => (pixels[i] as number) - (difference[i] as number) + DARKEST
  for (let y = top; y <= bottom; y++) {
    for (let i = y * width + left, end = y * width + right; i <= end; i++) {
      const here = difference[i] as number
      const west = difference[i - 1] as number
      const east = difference[i + 1] as number
      const north = difference[i - width] as number
      const south = difference[i + width] as number
      // Where the difference itself is smooth, the factor needs no look: both must be sharp.
      if (Math.max(Math.abs(west + east - 2 * here), Math.abs(north + south - 2 * here)) <= limit) continue
      sharp++
      const expected = (pixels[i] as number) - here + DARKEST
      const twice = (2 * here) / expected
      const across = west / expectedAt(i - 1) + east / expectedAt(i + 1) - twice
      const down = north / expectedAt(i - width) + south / expectedAt(i + width) - twice
      if (Math.max(Math.abs(across), Math.abs(down)) * expected > limit) sharpFactor++
    }
  }
  return Math.min(sharp, sharpFactor) < MIN_SHARP_SHARE * outline
}
