import { CELL, type Background } from './background.ts'
import type { Region } from './cells.ts'
import { LEVEL } from './shrink.ts'

/**
 * Finds the line with date and time that many cameras burn into their pictures: a few cells that change once a second, all at once,
 * and rest in between. From then on what changes in that line alone is no motion, the minutes and the date included.
 */
export interface ClockLine {
  /** Looks at the newest differences, once a frame. */
  learn(regions: readonly Region[], at: number): void
  holds(region: Region): boolean
}

const TICK_MS = 1_000
const TOLERANCE_MS = 250
/** So many seconds in a row make a clock. */
const TICKS = 4
const MOST_TICKS = 30
/** Text is small. */
const TALLEST_CELLS = 7
const LONGEST_CELLS = 34
/** A digit's pixels change by more than that. */
const MIN_CHANGE = 10 * LEVEL

export function createClockLine(background: Background): ClockLine {
  const { columns, rows, difference } = background
  const before = new Int32Array(difference.length)
  const tickedAt = new Float64Array(columns * rows)
  const ticks = new Int8Array(columns * rows)
  let line: Pick<Region, 'left' | 'right' | 'top' | 'bottom'> | null = null

  function tick(cell: number, at: number): void {
    const seconds = (at - (tickedAt[cell] as number)) / TICK_MS
    const isRegular = seconds < 2.5 && Math.abs(seconds - Math.max(1, Math.round(seconds))) <= TOLERANCE_MS / TICK_MS
    const step = isRegular ? 1 : seconds < 1 ? -2 : 0
    ticks[cell] = Math.max(0, Math.min(MOST_TICKS, (ticks[cell] as number) + step))
    tickedAt[cell] = at
  }

  function findLine(): void {
    let [left, right, top, bottom] = [columns, -1, rows, -1]
    for (let cell = 0; cell < ticks.length; cell++) {
      if ((ticks[cell] as number) < TICKS) continue
      const column = cell % columns
      const row = (cell - column) / columns
      left = Math.min(left, column)
      right = Math.max(right, column)
      top = Math.min(top, row)
      bottom = Math.max(bottom, row)
    }
    const isLine = right >= 0 && bottom - top < TALLEST_CELLS
    line = isLine
      ? { left: left - LONGEST_CELLS, right: right + LONGEST_CELLS, top: top - 1, bottom: bottom + 1 }
      : null
  }

  return {
    learn(regions, at) {
      let hasTicked = false
      for (const region of regions) {
        const isText = region.bottom - region.top < TALLEST_CELLS && region.right - region.left < LONGEST_CELLS
        if (!isText) continue
        for (let row = region.top; row <= region.bottom; row++)
          for (let column = region.left; column <= region.right; column++)
            if (hasJustChanged(background, before, column, row)) {
              tick(row * columns + column, at)
              hasTicked = true
            }
      }
      before.set(difference)
      if (hasTicked) findLine()
    },
    holds: ({ left, right, top, bottom }) =>
      line !== null && top >= line.top && bottom <= line.bottom && left >= line.left && right <= line.right,
  }
}

function hasJustChanged(
  { width, height, difference }: Background,
  before: Int32Array,
  column: number,
  row: number,
): boolean {
  for (let y = row * CELL; y < Math.min(height, (row + 1) * CELL); y++) {
    for (let x = column * CELL; x < Math.min(width, (column + 1) * CELL); x++) {
      const i = y * width + x
      if (Math.abs((difference[i] as number) - (before[i] as number)) >= MIN_CHANGE) return true
    }
  }
  return false
}
