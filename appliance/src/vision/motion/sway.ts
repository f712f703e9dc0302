import { CELL, type Background } from './background.ts'
import type { Region } from './cells.ts'
import type { SmallGray } from './shrink.ts'

/** How far leaves swing, in pixels of the small picture: 2 % of its height. */
const REACH = 2
/** Of a region's changed pixels, and how many: leaves hardly ever show more that is new, who walks hardly ever less. */
const MIN_NEW_SHARE = 0.4
const MIN_NEW = 2
/** For what is too faint for single pixels to change: half of what is allowed counts. */
const FAINT = 0.5
/** What a cell of a restless place is used to: there, what is small and faint tells nothing. */
const RESTLESS = 0.5

/**
 * Whether a region shows nothing that was not right beside before: leaves, grass and a camera that shakes only move what is
 * known. New is what is darker or brighter than everything that is usual within reach of it.
 */
export function isSway(region: Region, background: Background, picture: SmallGray): boolean {
  const { changed, fresh } = countNew(region, background, picture, 1)
  return fresh < MIN_NEW || fresh < MIN_NEW_SHARE * changed
}

/** The same for what is small or faint. `usual`: changed pixels to which a cell is used. */
export function isFaintSway(
  region: Region,
  background: Background,
  picture: SmallGray,
  usual: (cell: number) => number,
): boolean {
  for (let row = region.top; row <= region.bottom; row++)
    for (let column = region.left; column <= region.right; column++)
      if (usual(row * background.columns + column) > RESTLESS) return true
  const { changed, fresh } = countNew(region, background, picture, FAINT)
  return fresh < MIN_NEW_SHARE * changed
}

function countNew(region: Region, background: Background, { pixels }: SmallGray, share: number) {
  const { width, height, allowed, difference } = background
  const right = Math.min(width, (region.right + 1) * CELL)
  const bottom = Math.min(height, (region.bottom + 1) * CELL)
  let [changed, fresh] = [0, 0]
  for (let y = region.top * CELL; y < bottom; y++) {
    for (let x = region.left * CELL; x < right; x++) {
      const i = y * width + x
      const limit = (allowed[i] as number) * share
      if (Math.abs(difference[i] as number) <= limit) continue
      changed++
      if (isNewAt(background, { x, y, brightness: pixels[i] as number, tolerance: limit / 2 })) fresh++
    }
  }
  return { changed, fresh }
}

interface Spot {
  x: number
  y: number
  brightness: number
  tolerance: number
}

function isNewAt({ width, height, mean, gain, offset }: Background, { x, y, brightness, tolerance }: Spot): boolean {
  const [low, high] = [brightness - tolerance, brightness + tolerance]
  const [left, right] = [Math.max(0, x - REACH), Math.min(width - 1, x + REACH)]
  let [isDarkerNear, isBrighterNear] = [false, false]
  for (let row = Math.max(0, y - REACH), end = Math.min(height - 1, y + REACH); row <= end; row++) {
    for (let n = row * width + left, last = row * width + right; n <= last; n++) {
      const expected = (((mean[n] as number) * gain) >> 12) + offset
      if (expected <= high) isDarkerNear = true
      if (expected >= low) isBrighterNear = true
    }
    if (isDarkerNear && isBrighterNear) return false
  }
  return true
}
