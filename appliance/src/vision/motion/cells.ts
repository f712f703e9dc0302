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
  /** Changed pixels beyond what its cells are used to. */
  unusual: number
}

/** Of a cell and its eight neighbours. */
const MIN_NEAR_PIXELS = 3
/** The same where every second row was left out. */
const MIN_SUSPICIOUS_PIXELS = 2

/** Joins cells with changed pixels that touch, corners included; `usual` is what a cell is used to. What is alone is taken out of `counts`. */
export function findRegions(background: Background, usual: (cell: number) => number): Region[] {
  const { counts } = background
  const isTaken = new Uint8Array(counts.length)
  const regions: Region[] = []
  for (let start = 0; start < counts.length; start++) {
    if (counts[start] === 0 || isTaken[start] === 1 || nearPixels(background, start) < MIN_NEAR_PIXELS) continue
    regions.push(joinCells(background, start, { isTaken, among: counts, usual }))
  }
  // What is alone is noise: nothing to get used to.
  for (let cell = 0; cell < counts.length; cell++) counts[cell] = (counts[cell] as number) * (isTaken[cell] as number)
  return regions
}

/** Joins marked cells that touch. */
export function findMarked(background: Background, marked: Uint8Array, usual: (cell: number) => number): Region[] {
  const isTaken = new Uint8Array(marked.length)
  const regions: Region[] = []
  for (let start = marked.indexOf(1); start >= 0; start = marked.indexOf(1, start + 1)) {
    if (isTaken[start] === 0) regions.push(joinCells(background, start, { isTaken, among: marked, usual }))
  }
  return regions
}

interface Joining {
  isTaken: Uint8Array
  /** Cells that are not 0 here belong together. */
  among: Uint8Array
  usual: (cell: number) => number
}

function joinCells({ columns, rows, counts }: Background, start: number, { isTaken, among, usual }: Joining): Region {
  const region: Region = { left: columns, top: rows, right: 0, bottom: 0, cells: 0, pixels: 0, unusual: 0 }
  const stack = [start]
  isTaken[start] = 1
  for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
    const column = cell % columns
    const row = (cell - column) / columns
    const pixels = counts[cell] as number
    grow(region, column, row, pixels)
    region.unusual += Math.max(0, pixels - usual(cell))
    for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
      for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) {
        const next = r * columns + c
        if (among[next] === 0 || isTaken[next] === 1) continue
        isTaken[next] = 1
        stack.push(next)
      }
    }
  }
  return region
}

function nearPixels({ columns, rows, counts }: Background, cell: number): number {
  const column = cell % columns
  const row = (cell - column) / columns
  let sum = 0
  for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++)
    for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++)
      sum += counts[r * columns + c] as number
  return sum
}

function grow(region: Region, column: number, row: number, pixels: number): void {
  region.left = Math.min(region.left, column)
  region.right = Math.max(region.right, column)
  region.top = Math.min(region.top, row)
  region.bottom = Math.max(region.bottom, row)
  region.cells++
  region.pixels += pixels
}

/** Whether a look at every second row found anything that a look at all rows should judge. */
export function isSuspicious(background: Background): boolean {
  const { counts } = background
  for (let cell = 0; cell < counts.length; cell++) {
    if (counts[cell] !== 0 && nearPixels(background, cell) >= MIN_SUSPICIOUS_PIXELS) return true
  }
  return false
}

/** A region in fractions of a picture of this size in pixels. */
export function toBox({ left, top, right, bottom }: Region, width: number, height: number): Box {
  const x = (left * CELL) / width
  const y = (top * CELL) / height
  return {
    ...{ x, y },
    width: Math.min(1, ((right + 1) * CELL) / width) - x,
    height: Math.min(1, ((bottom + 1) * CELL) / height) - y,
  }
}

/** Marks the cells under boxes. */
export function markCells(cells: Uint8Array, background: Background, boxes: readonly Box[], mark: number): void {
  const { width, height, columns, rows } = background
  for (const box of boxes) {
    const left = Math.max(0, Math.floor((box.x * width) / CELL))
    const right = Math.min(columns, Math.ceil(((box.x + box.width) * width) / CELL))
    const bottom = Math.min(rows, Math.ceil(((box.y + box.height) * height) / CELL))
    for (let row = Math.max(0, Math.floor((box.y * height) / CELL)); row < bottom; row++) {
      cells.fill(mark, row * columns + left, row * columns + right)
    }
  }
}
