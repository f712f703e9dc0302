import type { Box } from '../../api/common.ts'

/** Pixels a side; the unit in which motion is judged. */
export const CELL = 8

export interface CellGrid {
  readonly columns: number
  readonly rows: number
  /** Changed pixels of each cell. */
  readonly counts: Uint8Array
  readonly labels: Int32Array
}

export function createCellGrid(width: number, height: number): CellGrid {
  const columns = Math.ceil(width / CELL)
  const rows = Math.ceil(height / CELL)
  return { columns, rows, counts: new Uint8Array(columns * rows), labels: new Int32Array(columns * rows) }
}

export function countCells({ columns, counts }: CellGrid, mask: Uint8Array, width: number, height: number): void {
  counts.fill(0)
  for (let y = 0, i = 0; y < height; y++) {
    const row = (y >> 3) * columns
    for (let x = 0; x < width; x++, i++) {
      if (mask[i] === 1) counts[row + (x >> 3)] = (counts[row + (x >> 3)] as number) + 1
    }
  }
}

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
}

/** Joins cells with at least `minPixels` changed pixels that touch, corners included. */
export function findRegions({ columns, rows, counts, labels }: CellGrid, minPixels: number): Region[] {
  labels.fill(0)
  const regions: Region[] = []
  const stack: number[] = []
  for (let start = 0; start < counts.length; start++) {
    if ((counts[start] as number) < minPixels || labels[start] !== 0) continue
    const label = regions.length + 1
    const region: Region = { left: columns, top: rows, right: 0, bottom: 0, cells: 0, pixels: 0 }
    labels[start] = label
    stack.push(start)
    for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
      const column = cell % columns
      const row = (cell - column) / columns
      grow(region, column, row, counts[cell] as number)
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
