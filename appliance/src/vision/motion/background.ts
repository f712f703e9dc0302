/** Pixels a side of a cell, the unit in which motion is judged. */
export const CELL = 8

/**
 * Memory of what each pixel of a camera normally looks like and how much it flickers. Brightnesses are × 128. The light of
 * the whole picture is kept apart in `light`, so that a cloud does not touch a single pixel.
 */
export interface Background {
  readonly width: number
  readonly height: number
  /** Every `step`-th pixel of the frame, both ways. */
  readonly step: number
  readonly frameWidth: number
  readonly columns: number
  readonly rows: number
  /** Mean brightness, less `light`. */
  readonly mean: Int32Array
  /** Usual distance from the mean. */
  readonly noise: Int32Array
  /** From this distance on a pixel has changed: follows from `noise`. */
  readonly allowed: Int32Array
  /** Changed pixels of each cell in the newest picture. */
  readonly counts: Uint8Array
  light: number
  /** Pictures so far: rows learn in turns. */
  turn: number
}

const MAX_WIDTH = 320
const MAX_HEIGHT = 180
const SCALE = 7
const FIRST_NOISE = 3 << SCALE
/** Differences up to this many gray levels are never motion. */
const FLOOR = 14 << SCALE
/** A pixel has changed when it differs this many times more than it usually does. */
const NOISE_FACTOR = 3
/** Calm comes back slowly: leaves that rest between gusts stay known. */
const CALMER_SHIFT = 5
/**
 * A changed pixel teaches its noise a fixed gray level each time: leaves that flicker are learnt within a quarter of a
 * minute, somebody who passes teaches next to nothing, however bright.
 */
const CHANGED_NOISE_STEP = 128
const LARGEST_NOISE = 40 << SCALE

export function createBackground(frameWidth: number, frameHeight: number): Background {
  const step = Math.max(1, Math.ceil(frameWidth / MAX_WIDTH), Math.ceil(frameHeight / MAX_HEIGHT))
  const width = Math.floor(frameWidth / step)
  const height = Math.floor(frameHeight / step)
  const columns = Math.ceil(width / CELL)
  const rows = Math.ceil(height / CELL)
  return {
    ...{ width, height, step, frameWidth, columns, rows, light: 0, turn: 0 },
    mean: new Int32Array(width * height),
    noise: new Int32Array(width * height).fill(FIRST_NOISE),
    allowed: new Int32Array(width * height).fill(FLOOR),
    counts: new Uint8Array(columns * rows),
  }
}

/** Takes a picture as the background, as on the first frame and after the lights were switched. */
export function relearn(background: Background, luma: Uint8Array): void {
  const { width, height, step, frameWidth, mean, noise, allowed, counts } = background
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0, from = y * step * frameWidth; x < width; x++, i++, from += step) {
      mean[i] = (luma[from] as number) << SCALE
    }
  }
  background.light = 0
  noise.fill(FIRST_NOISE)
  allowed.fill(FLOOR)
  counts.fill(0)
}

export interface LearningSpeed {
  /** A row learns from every second or fourth picture: far less work, hardly slower to learn. */
  every: 2 | 4
  /** Each further shift halves the speed at which unchanged pixels are followed. */
  shift: number
  /** The same for pixels that differ: slower, so that what moves slowly does not melt into the background. */
  changedShift: number
}

/** Counts the changed pixels of each cell and learns, except in cells that are frozen (one byte a cell). */
export function compareAndLearn(
  background: Background,
  luma: Uint8Array,
  frozen: Uint8Array,
  { every, shift, changedShift }: LearningSpeed,
): void {
  const { height, step, frameWidth, counts } = background
  background.light += lightDrift(background, luma)
  counts.fill(0)
  for (let y = 0; y < height; y++) {
    const from = y * step * frameWidth
    if (((y + background.turn) & (every - 1)) === 0) learnRow(background, luma, y, from, frozen, shift, changedShift)
    else compareRow(background, luma, y, from)
  }
  background.turn++
}

/** Without a branch in the innermost loop: whether a pixel is above or below its mean is a coin toss. */
function compareRow(
  { width, step, columns, mean, allowed, counts, light }: Background,
  luma: Uint8Array,
  y: number,
  from: number,
): void {
  let cell = (y >> 3) * columns
  let i = y * width
  const end = i + width
  while (i < end) {
    const cellEnd = Math.min(i + CELL, end)
    let changed = 0
    for (; i < cellEnd; i++, from += step) {
      const difference = ((luma[from] as number) << SCALE) - light - (mean[i] as number)
      const sign = difference >> 31
      changed += ((allowed[i] as number) - ((difference ^ sign) - sign)) >>> 31
    }
    counts[cell] = (counts[cell] as number) + changed
    cell++
  }
}

function learnRow(
  { width, step, columns, mean, noise, allowed, counts, light }: Background,
  luma: Uint8Array,
  y: number,
  from: number,
  frozen: Uint8Array,
  shift: number,
  changedShift: number,
): void {
  let cell = (y >> 3) * columns
  let i = y * width
  const end = i + width
  while (i < end) {
    const cellEnd = Math.min(i + CELL, end)
    const learns = frozen[cell] === 0
    let changed = 0
    for (; i < cellEnd; i++, from += step) {
      const expected = mean[i] as number
      const difference = ((luma[from] as number) << SCALE) - light - expected
      const sign = difference >> 31
      const distance = (difference ^ sign) - sign
      const isChanged = ((allowed[i] as number) - distance) >>> 31
      changed += isChanged
      if (!learns) continue
      mean[i] = expected + (difference >> (isChanged === 0 ? shift : changedShift))
      const usual = noise[i] as number
      const more = distance - usual
      const calm = usual + (more >> (shift + ((more >> 31) & (CALMER_SHIFT - shift))))
      const learnt = isChanged === 0 ? calm : Math.min(usual + CHANGED_NOISE_STEP, LARGEST_NOISE)
      noise[i] = learnt
      allowed[i] = Math.max(learnt * NOISE_FACTOR, FLOOR)
    }
    counts[cell] = (counts[cell] as number) + changed
    cell++
  }
}

const SAMPLE_EVERY = 12

/** Median difference of a sparse grid of pixels from the background: how the light as a whole has shifted since. */
function lightDrift({ width, height, step, frameWidth, mean, light }: Background, luma: Uint8Array): number {
  const columns = Math.ceil(width / SAMPLE_EVERY)
  const rows = Math.ceil(height / SAMPLE_EVERY)
  const differences = new Int32Array(columns * rows)
  let i = 0
  for (let y = 0; y < height; y += SAMPLE_EVERY) {
    for (let x = 0; x < width; x += SAMPLE_EVERY) {
      const value = (luma[y * step * frameWidth + x * step] as number) << SCALE
      differences[i++] = value - light - (mean[y * width + x] as number)
    }
  }
  return differences.sort()[i >> 1] ?? 0
}
