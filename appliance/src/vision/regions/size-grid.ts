import type { Box } from '../../api/common.ts'
import { around, cellOf, CELLS } from './cells.ts'

/**
 * How large things usually are in each part of a camera's picture, learnt from what was followed there: far away a crop
 * may be tight, near the door it must not be. Sizes are the longer side in fractions of the picture's height.
 */
export interface SizeGrid {
  learn(box: Box, aspect: number, at: number): void
  /** What to reckon with around here: usual size and its spread; null where too little was seen. */
  sizeAt(box: Box, at: number): number | null
  /** For storage: `[weight, mean, variance, learntAt]` of each cell; an empty list for a cell that knows nothing. */
  state(): SizeGridState
}

export type SizeGridState = readonly (readonly number[])[]

interface Cell {
  weight: number
  mean: number
  variance: number
  learntAt: number
}

/** Newer sightings outweigh older ones from here on. */
const MOST_WEIGHT = 60
/** Sightings in a cell (counted twice) and around it before its size is believed: about two people who walked through. */
const LEAST_WEIGHT = 40
/** What is not confirmed by newer sightings is half forgotten after two weeks: cameras are turned, hedges grow. */
const HALF_LIFE_MS = 14 * 24 * 3_600_000

export function createSizeGrid(stored: SizeGridState = []): SizeGrid {
  const cells: (Cell | null)[] = Array.from({ length: CELLS }, (_, cell) => parseCell(stored[cell]))

  function weightOf({ weight, learntAt }: Cell, at: number): number {
    return weight * 2 ** (-Math.max(0, at - learntAt) / HALF_LIFE_MS)
  }

  return {
    learn(box, aspect, at) {
      const size = Math.max(box.height, box.width * aspect)
      const cell = cellOf(box)
      const known = cells[cell]
      if (!known) {
        cells[cell] = { weight: 1, mean: size, variance: 0, learntAt: at }
        return
      }
      const weight = Math.min(weightOf(known, at), MOST_WEIGHT) + 1
      const off = size - known.mean
      const mean = known.mean + off / weight
      const variance = known.variance + (off * (size - mean) - known.variance) / weight
      cells[cell] = { weight, mean, variance, learntAt: at }
    },
    sizeAt(box, at) {
      let [total, size] = [0, 0]
      const middle = cellOf(box)
      for (const cell of around(middle)) {
        const known = cells[cell]
        if (!known) continue
        const weight = weightOf(known, at) * (cell === middle ? 2 : 1)
        total += weight
        size += weight * (known.mean + Math.sqrt(known.variance))
      }
      return total >= LEAST_WEIGHT ? size / total : null
    },
    state: () => cells.map((cell) => (cell ? [cell.weight, cell.mean, cell.variance, cell.learntAt] : [])),
  }
}

/** Null for whatever is not a cell that we wrote: a grid is learnt again sooner than a broken one does harm. */
function parseCell(stored: readonly number[] | undefined): Cell | null {
  const [weight = NaN, mean = NaN, variance = NaN, learntAt = NaN] = stored ?? []
  const isSound = [weight, mean, variance, learntAt].every((each) => Number.isFinite(each) && each >= 0)
  return isSound ? { weight, mean, variance, learntAt } : null
}
