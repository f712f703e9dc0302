import type { Background } from './background.ts'
import type { Region } from './cells.ts'

/**
 * Finds what is too small or too faint for one picture, by adding up over several: in each cell how much brighter (and, apart from
 * that, how much darker) it is than usual goes on top of what its best neighbour had a moment ago, less what chance alone brings.
 * Noise adds up to nothing; somebody who walks takes their sum along. No single picture convinces.
 */
export interface Evidence {
  /** Takes the newest differences, once a frame. */
  update(background: Background): void
  /** 1 in cells where something has been for a few frames and still is. */
  readonly holds: Uint8Array
  /** Whether something has stood there for so long that it is no motion. */
  stood(cell: number): boolean
  /** Large things need no sum, and leave none behind. */
  clear(region: Region): void
  forget(): void
}

/** What one pixel counts at most, in steps of what is allowed to it. */
const MOST_OF_PIXEL = 6
/** Taken off in each frame: of eight pixels' noise, two standard deviations. In rain it is more, on the side on which rain lies. */
const LEAST_DRIFT = 2
/** Of the cells of a usual part of the picture, exceed it. */
const BEYOND_DRIFT = 0.01
const DRIFT_PACE = 20
const [FASTEST_FALL, FASTEST_RISE] = [-0.1, 0.5]
/** From this sum on there is something; it takes three frames, or five where the drift is that of bad weather. */
const ENOUGH = 4
const MOST = 5
const MOST_GAIN = 2
const MOST_GAIN_IN_WEATHER = 0.9
const WEATHER_DRIFT = 2.5
const MOST_LOSS = 2
/** Frames at one place. */
const STOOD = 8
/** The picture in parts, each way: what is usual is what their median says, whatever walks through two or three. */
const TILES = 4

interface Side {
  sign: 1 | -1
  drift: number
  trail: Float32Array
  next: Float32Array
}

const openSide = (sign: 1 | -1, cells: number): Side => ({
  ...{ sign, drift: LEAST_DRIFT },
  ...{ trail: new Float32Array(cells), next: new Float32Array(cells) },
})

export function createEvidence({ width, height, columns, rows }: Background): Evidence {
  const cells = columns * rows
  const sums = new Float32Array(cells + columns)
  const sides = [openSide(1, cells), openSide(-1, cells)]
  const holds = new Uint8Array(cells)
  const stands = new Uint8Array(cells)
  const crowd = new Uint16Array(TILES * TILES)
  const tileOf = tilesOf(columns, rows)

  /** One way to `cell`, from a neighbour whose sum was `from`; the best one counts. */
  function reach({ next, sign, drift }: Side, cell: number, from: number): void {
    const gain = sign * (sums[cell] as number) - drift
    const mostGain = drift < WEATHER_DRIFT ? MOST_GAIN : MOST_GAIN_IN_WEATHER
    const sum = from + (gain > mostGain ? mostGain : gain < -MOST_LOSS ? -MOST_LOSS : gain)
    if (sum <= (next[cell] as number)) return
    next[cell] = sum > MOST ? MOST : sum
    if (sum <= ENOUGH || gain <= 0) return
    holds[cell] = 1
    if (cell + columns < cells) holds[cell + columns] = 1
  }

  /** Nearly all cells have nothing to add and nothing to pass on: only the others take time. */
  function follow(side: Side): void {
    const { sign, drift, trail, next } = side
    next.fill(0)
    crowd.fill(0)
    for (let cell = 0; cell < cells; cell++) {
      if (sign * (sums[cell] as number) > drift) {
        crowd[tileOf[cell] as number] = (crowd[tileOf[cell] as number] as number) + 1
        reach(side, cell, 0)
      }
      const from = trail[cell] as number
      if (from === 0) continue
      const column = cell % columns
      const [left, right] = [column === 0 ? 0 : -1, column === columns - 1 ? 0 : 1]
      for (let row = cell < columns ? cell : cell - columns; row <= cell + columns && row < cells; row += columns)
        for (let near = row + left; near <= row + right; near++) reach(side, near, from)
    }
    side.trail = next
    side.next = trail
    side.drift = moveDrift(drift, ((crowd.sort()[(TILES * TILES) / 2] as number) * TILES * TILES) / cells)
  }

  return {
    holds,
    stood: (cell) => (stands[cell] as number) >= STOOD,
    update(background) {
      sumCells(background, sums, { width, height })
      holds.fill(0)
      for (const side of sides) follow(side)
      countStanding(holds, stands)
    },
    clear: (region) => clearIn(sides, region, { columns, rows }),
    forget() {
      for (const { trail } of sides) trail.fill(0)
      stands.fill(0)
    },
  }
}

function clearIn(
  sides: readonly Side[],
  { left, right, top, bottom }: Region,
  size: { columns: number; rows: number },
) {
  const { columns, rows } = size
  for (let row = Math.max(0, top - 1); row <= Math.min(rows - 1, bottom + 1); row++)
    for (const { trail } of sides)
      trail.fill(0, row * columns + Math.max(0, left - 1), row * columns + Math.min(columns, right + 2))
}

/** Towards what only a small share of the cells exceeds. */
function moveDrift(drift: number, share: number): number {
  const move = (share - BEYOND_DRIFT) * DRIFT_PACE
  return Math.max(LEAST_DRIFT, drift + Math.max(FASTEST_FALL, Math.min(FASTEST_RISE, move)))
}

/** For each cell the part of the picture in which it is. */
function tilesOf(columns: number, rows: number): Uint8Array {
  const tileOf = new Uint8Array(columns * rows)
  for (let cell = 0; cell < tileOf.length; cell++) {
    const column = cell % columns
    const row = (cell - column) / columns
    tileOf[cell] = Math.floor((row * TILES) / rows) * TILES + Math.floor((column * TILES) / columns)
  }
  return tileOf
}

function countStanding(holds: Uint8Array, stands: Uint8Array): void {
  for (let cell = 0; cell < holds.length; cell++) {
    const before = stands[cell] as number
    if (holds[cell] === 1) stands[cell] = Math.min(2 * STOOD, before + 1)
    else if (before > 0) stands[cell] = before - 1
  }
}

/** Fills `sums` with how far each cell and the one below it are from what was expected, in steps of what is allowed. */
function sumCells(
  { columns, rows, difference, allowed }: Background,
  sums: Float32Array,
  { width, height }: { width: number; height: number },
): void {
  const full = width >> 1
  for (let row = 0; row < rows; row++) {
    let i = 2 * row * width
    // A last odd row counts twice.
    const down = 2 * row + 1 < height ? width : 0
    for (let cell = row * columns, end = cell + full; cell < end; cell++, i += 2) {
      sums[cell] =
        clip((difference[i] as number) / (allowed[i] as number)) +
        clip((difference[i + 1] as number) / (allowed[i + 1] as number)) +
        clip((difference[i + down] as number) / (allowed[i + down] as number)) +
        clip((difference[i + down + 1] as number) / (allowed[i + down + 1] as number))
    }
  }
  const cells = columns * rows
  for (let cell = 0; cell < cells; cell++) sums[cell] = (sums[cell] as number) + (sums[cell + columns] as number)
}

const clip = (z: number): number => (z > MOST_OF_PIXEL ? MOST_OF_PIXEL : z < -MOST_OF_PIXEL ? -MOST_OF_PIXEL : z)
