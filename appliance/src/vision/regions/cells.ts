import type { Box } from '../../api/common.ts'

/** A picture in coarse cells: what a camera's place remembers is remembered by cell. */
export const COLUMNS = 8
export const ROWS = 8
export const CELLS = COLUMNS * ROWS

const columnOf = (x: number): number => Math.min(COLUMNS - 1, Math.max(0, Math.floor(x * COLUMNS)))
const rowOf = (y: number): number => Math.min(ROWS - 1, Math.max(0, Math.floor(y * ROWS)))

/** The cell in which the middle of a box lies. */
export function cellOf({ x, y, width, height }: Box): number {
  return rowOf(y + height / 2) * COLUMNS + columnOf(x + width / 2)
}

/** Every cell that a box touches. */
export function cellsUnder({ x, y, width, height }: Box): number[] {
  const cells: number[] = []
  // A box that ends exactly on a cell's border does not touch the next one.
  const right = Math.max(columnOf(x), columnOf(x + width - 1e-9))
  const bottom = Math.max(rowOf(y), rowOf(y + height - 1e-9))
  for (let row = rowOf(y); row <= bottom; row++) {
    for (let column = columnOf(x); column <= right; column++) cells.push(row * COLUMNS + column)
  }
  return cells
}

/** The cell and those around it. */
export function around(cell: number): number[] {
  const [column, row] = [cell % COLUMNS, Math.floor(cell / COLUMNS)]
  const cells: number[] = []
  for (let r = Math.max(0, row - 1); r <= Math.min(ROWS - 1, row + 1); r++) {
    for (let c = Math.max(0, column - 1); c <= Math.min(COLUMNS - 1, column + 1); c++) cells.push(r * COLUMNS + c)
  }
  return cells
}
