import { CELL, type Background } from './background.ts'
import type { Region } from './cells.ts'
import type { SmallGray } from './shrink.ts'

/** How far leaves swing, in pixels of the small picture: 2.5 % of its height. */
const REACH = 2

/**
 * How many changed pixels of a region are no news even if everything around them moved a little: leaves, grass and a
 * shaking camera bring nothing that was not right beside before. `share` is what part of the region's changed pixels is
 * darker or brighter than everything within reach of it.
 */
function newPixels(
  region: Region,
  { width, height, mean, allowed, difference, gain, offset }: Background,
  { pixels }: SmallGray,
  strictness = 1,
): { changed: number; fresh: number } {
  const [left, top] = [region.left * CELL, region.top * CELL]
  const right = Math.min(width, (region.right + 1) * CELL)
  const bottom = Math.min(height, (region.bottom + 1) * CELL)
  let [changed, fresh] = [0, 0]
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const i = y * width + x
      const limit = (allowed[i] as number) * strictness
      if (Math.abs(difference[i] as number) <= limit) continue
      changed++
      const here = pixels[i] as number
      const [low, high] = [here - limit / 2, here + limit / 2]
      let [isBelow, isAbove] = [false, false]
      const [x0, x1] = [Math.max(0, x - REACH), Math.min(width - 1, x + REACH)]
      for (let r = Math.max(0, y - REACH), end = Math.min(height - 1, y + REACH); r <= end && !(isBelow && isAbove); r++)
        for (let n = r * width + x0, last = r * width + x1; n <= last; n++) {
          const expected = (((mean[n] as number) * gain) >> 12) + offset
          if (expected <= high) isBelow = true
          if (expected >= low) isAbove = true
        }
      if (!(isBelow && isAbove)) fresh++
    }
  }
  return { changed, fresh }
}

const MIN_FRESH = Number(process.env.MF ?? 2)
const MIN_SHARE = Number(process.env.MS ?? 0.4)
export function isSway(region: Region, background: Background, picture: SmallGray): boolean {
  const { changed, fresh } = newPixels(region, background, picture)
  return fresh < MIN_FRESH || fresh < MIN_SHARE * changed
}

/** The same for what is faint: the mean of the region. */
export function isFaintSway(region: Region, background: Background, picture: SmallGray, usual: (cell: number) => number): boolean {
  let most = 0
  for (let row = region.top; row <= region.bottom; row++) for (let c = region.left; c <= region.right; c++) most = Math.max(most, usual(row * background.columns + c))
  if (most > Number(process.env.HF ?? 0.5)) return true
  const { changed, fresh } = newPixels(region, background, picture, Number(process.env.TS ?? 0.5))
  return fresh < Number(process.env.TM ?? 0.4) * changed
}
