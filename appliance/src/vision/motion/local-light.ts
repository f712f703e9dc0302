import { CELL, type Background } from './background.ts'
import type { Region } from './cells.ts'
import { LEVEL, type SmallGray } from './shrink.ts'

/**
 * Takes a pool of light off the newest differences, so that who stands in it is seen like anywhere else. What light does to a picture
 * is a smooth factor: the median factor of each block of pixels, blended between the blocks, is the light; what is left is not.
 */
export interface LocalLight {
  /** Whether nearly all of a region was light; then its differences and counts are what is left without it. */
  takeOff(background: Background, picture: SmallGray, region: Region): boolean
}

/** Pixels a side of a block: more than twice as many as somebody small covers, fewer than a pool of light bends in. */
const BLOCK = 4
/** Keeps the factor within bounds in the dark. */
const DARKEST = 2 * LEVEL
/** By so much of the light around it a block may differ, as in the middle of a pool; more is somebody. */
const BEND = 1 / 6
/** Of the light, by which the blend may be wrong. */
const TOLERANCE = 1 / 8
/** Of the changed pixels, that are left where it was light. */
const MOST_LEFT = 0.1

/** From first to last, inclusive. */
interface Range {
  left: number
  right: number
  top: number
  bottom: number
}

export function createLocalLight({ width, height }: Background): LocalLight {
  const [columns, rows] = [Math.floor(width / BLOCK), Math.floor(height / BLOCK)]
  const factors = new Float32Array(columns * rows)
  const smooth = new Float32Array(columns * rows)
  const left = new Int32Array(width * height)
  const blend = createBlend(smooth, columns, rows)

  /** What is left of the differences; gives how many pixels have changed before and after. */
  function subtract({ difference, allowed }: Background, { pixels }: SmallGray, box: Range): [number, number] {
    let [before, after] = [0, 0]
    for (let y = box.top; y <= box.bottom; y++)
      for (let x = box.left; x <= box.right; x++) {
        const i = y * width + x
        const distance = difference[i] as number
        const light = blend(x, y) * ((pixels[i] as number) - distance + DARKEST)
        const rest = distance - light
        const unsure = Math.abs(light) * TOLERANCE
        left[i] = Math.abs(rest) <= unsure ? 0 : Math.round(rest - Math.sign(rest) * unsure)
        if (Math.abs(distance) > (allowed[i] as number)) before++
        if (Math.abs(left[i] as number) > (allowed[i] as number)) after++
      }
    return [before, after]
  }

  return {
    takeOff(background, picture, region) {
      const box = pixelsOf(region, width, height)
      const inner = blocksAround(box, 1, { columns, rows })
      fillFactors(factors, columns, { background, picture, range: blocksAround(box, 2, { columns, rows }) })
      for (let row = inner.top; row <= inner.bottom; row++)
        for (let column = inner.left; column <= inner.right; column++)
          smooth[row * columns + column] = smoothFactor(factors, { columns, rows }, column, row)
      const [before, after] = subtract(background, picture, box)
      if (after > MOST_LEFT * before) return false
      recount(background, left, box)
      return true
    },
  }
}

function pixelsOf(region: Region, width: number, height: number): Range {
  return {
    ...{ left: region.left * CELL, right: Math.min(width, (region.right + 1) * CELL) - 1 },
    ...{ top: region.top * CELL, bottom: Math.min(height, (region.bottom + 1) * CELL) - 1 },
  }
}

interface Size {
  columns: number
  rows: number
}

/** The blocks of a box in pixels, and so many more on each side. */
function blocksAround({ left, right, top, bottom }: Range, margin: number, { columns, rows }: Size): Range {
  const within = (at: number, count: number): number => Math.max(0, Math.min(count - 1, at))
  return {
    left: within(Math.floor(left / BLOCK) - margin, columns),
    right: within(Math.floor(right / BLOCK) + margin, columns),
    top: within(Math.floor(top / BLOCK) - margin, rows),
    bottom: within(Math.floor(bottom / BLOCK) + margin, rows),
  }
}

const values = new Float32Array(BLOCK * BLOCK)

/** By what the light of each block was multiplied, less one: the median of its pixels. */
function fillFactors(
  factors: Float32Array,
  columns: number,
  { background, picture, range }: { background: Background; picture: SmallGray; range: Range },
): void {
  const { difference, width } = background
  for (let row = range.top; row <= range.bottom; row++)
    for (let column = range.left; column <= range.right; column++) {
      for (let n = 0; n < BLOCK * BLOCK; n++) {
        const i = (row * BLOCK + (n >> 2)) * width + column * BLOCK + (n & 3)
        const distance = difference[i] as number
        values[n] = distance / ((picture.pixels[i] as number) - distance + DARKEST)
      }
      factors[row * columns + column] = values.sort()[values.length >> 1] as number
    }
}

/** A block's own factor, as far as those around it allow; at the edge only those along it, or its slope would bend. */
function smoothFactor(factors: Float32Array, { columns, rows }: Size, column: number, row: number): number {
  let count = 0
  const across = column === 0 || column === columns - 1 ? 0 : 1
  const down = row === 0 || row === rows - 1 ? 0 : 1
  for (let r = row - down; r <= row + down; r++)
    for (let c = column - across; c <= column + across; c++) values[count++] = factors[r * columns + c] as number
  const around = values.subarray(0, count).sort()[count >> 1] as number
  const bend = Math.abs(around) * BEND
  return Math.max(around - bend, Math.min(around + bend, factors[row * columns + column] as number))
}

/** The factor at a pixel, between the middles of four blocks; beyond the outermost it goes on as between them. */
function createBlend(smooth: Float32Array, columns: number, rows: number): (x: number, y: number) => number {
  return (x, y) => {
    const [across, down] = [(x + 0.5) / BLOCK - 0.5, (y + 0.5) / BLOCK - 0.5]
    const column = Math.max(0, Math.min(columns - 2, Math.floor(across)))
    const row = Math.max(0, Math.min(rows - 2, Math.floor(down)))
    const [u, v] = [across - column, down - row]
    const at = row * columns + column
    const top = (smooth[at] as number) * (1 - u) + (smooth[at + 1] as number) * u
    const low = (smooth[at + columns] as number) * (1 - u) + (smooth[at + columns + 1] as number) * u
    return top * (1 - v) + low * v
  }
}

/** Takes what is left as the differences of a box, and counts what has changed there, like `compare`. */
function recount({ width, columns, difference, allowed, counts }: Background, left: Int32Array, box: Range): void {
  for (let row = box.top >> 1; row <= box.bottom >> 1; row++)
    counts.fill(0, row * columns + (box.left >> 1), row * columns + (box.right >> 1) + 1)
  for (let y = box.top; y <= box.bottom; y++)
    for (let x = box.left; x <= box.right; x++) {
      const i = y * width + x
      difference[i] = left[i] as number
      const far = Math.abs(left[i] as number)
      const limit = allowed[i] as number
      if (far <= limit) continue
      const cell = (y >> 1) * columns + (x >> 1)
      counts[cell] = (counts[cell] as number) + (far > 2 * limit ? 2 : 1)
    }
}
