import type { Box } from '../../api/common.ts'
import { CELL, type Background } from './background.ts'

/** A group of touching cells that changed. */
export interface Region {
  left: number
  top: number
  /** Last column and row, inclusive. */
  right: number
  bottom: number
  cells: number
  /** Changed pixels in it. */
  pixels: number
  /** Cells that change all the time. */
  habitual: number
}

/** Joins cells with at least `minPixels` changed pixels that touch, corners included. */
export function findRegions(
  { columns, rows, counts }: Background,
  minPixels: number,
  isHabit: (cell: number) => boolean,
): Region[] {
  const labels = new Uint16Array(counts.length)
  const regions: Region[] = []
  const stack: number[] = []
  for (let start = 0; start < counts.length; start++) {
    if ((counts[start] as number) < minPixels || labels[start] !== 0) continue
    const label = regions.length + 1
    const region: Region = { left: columns, top: rows, right: 0, bottom: 0, cells: 0, pixels: 0, habitual: 0 }
    labels[start] = label
    stack.push(start)
    for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
      const column = cell % columns
      const row = (cell - column) / columns
      grow(region, column, row, counts[cell] as number)
      if (isHabit(cell)) region.habitual++
      for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
        for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) {
          const next = r * columns + c
          if ((counts[next] as number) < minPixels || labels[next] !== 0) continue
          labels[next] = label
          stack.push(next)
        }
      }
    }
    regions.push(region)
  }
  return regions
}

function grow(region: Region, column: number, row: number, pixels: number): void {
  region.left = Math.min(region.left, column)
  region.right = Math.max(region.right, column)
  region.top = Math.min(region.top, row)
  region.bottom = Math.max(region.bottom, row)
  region.cells++
  region.pixels += pixels
}

/** A region in fractions of a picture of this size in pixels. */
export function toBox({ left, top, right, bottom }: Region, width: number, height: number): Box {
  const x = (left * CELL) / width
  const y = (top * CELL) / height
  return {
    x,
    y,
    width: Math.min(1, ((right + 1) * CELL) / width) - x,
    height: Math.min(1, ((bottom + 1) * CELL) / height) - y,
  }
}
