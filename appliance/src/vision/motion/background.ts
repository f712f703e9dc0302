import { LEVEL, type SmallGray } from './shrink.ts'

/** Pixels a side of a cell, the unit in which motion is told. */
export const CELL = 2

/**
 * Memory of what each pixel of a camera normally looks like and how much it flickers. The light of the whole picture is kept
 * apart as `gain` and `offset`, so that a cloud or another exposure does not touch a single pixel.
 */
export interface Background {
  readonly width: number
  readonly height: number
  readonly columns: number
  readonly rows: number
  /** Mean brightness in the light in which it was learnt. */
  readonly mean: Int32Array
  /** Usual distance from the mean. */
  readonly noise: Int32Array
  /** From this distance on a pixel has changed: follows from `noise`. */
  readonly allowed: Int32Array
  /** How far each pixel of the newest picture is from what was expected. */
  readonly difference: Int32Array
  /** Changed pixels of each cell in the newest picture; those that changed twice as much count twice. */
  readonly counts: Uint8Array
  /** Lessons in a row in which a pixel differed. */
  readonly changedFor: Uint8Array
  /** × `GAIN_ONE`. */
  gain: number
  offset: number
}

export const GAIN_ONE = 1 << 12
const FIRST_NOISE = 2.6 * LEVEL
/** Differences up to this are never motion. */
const FLOOR = 4 * LEVEL
/** A pixel has changed when it differs this many times more than it usually does: 3.6 standard deviations. */
const NOISE_FACTOR = Math.round(2.7 * 16)
/**
 * A changed pixel teaches its noise the same small step each time: leaves that flicker are learnt within a quarter of a
 * minute, somebody who passes teaches next to nothing, however bright.
 */
const CHANGED_NOISE_STEP = Math.round(0.3 * LEVEL)
/** A changed pixel moves its mean by so much at most: who passes leaves nothing behind, however bright. */
const CHANGED_STEP = LEVEL / 8
/** Lessons in a row (every second frame) after which what differs is the new ground there. */
const STAYS_LESSONS = 6
const ANY_STEP = 1 << 20
const LARGEST_NOISE = 40 * LEVEL

export function createBackground({ width, height }: SmallGray): Background {
  const [columns, rows] = [Math.ceil(width / CELL), Math.ceil(height / CELL)]
  const pixels = width * height
  return {
    ...{ width, height, columns, rows, gain: GAIN_ONE, offset: 0 },
    mean: new Int32Array(pixels),
    noise: new Int32Array(pixels).fill(FIRST_NOISE),
    allowed: new Int32Array(pixels).fill(FLOOR),
    difference: new Int32Array(pixels),
    counts: new Uint8Array(columns * rows),
    changedFor: new Uint8Array(pixels),
  }
}

/** Takes a picture as the background, as on the first frame and after the scene became another one. */
export function relearn(background: Background, { pixels }: SmallGray): void {
  background.mean.set(pixels)
  background.noise.fill(FIRST_NOISE)
  background.allowed.fill(FLOOR)
  background.counts.fill(0)
  background.gain = GAIN_ONE
  background.offset = 0
}

/** Takes the light of now as the one in which everything is remembered: far from it, the fit would lose precision. */
export function takeLight(background: Background): void {
  const { mean, gain, offset } = background
  for (let i = 0; i < mean.length; i++) mean[i] = (((mean[i] as number) * gain) >> 12) + offset
  background.gain = GAIN_ONE
  background.offset = 0
}

/** Counts the changed pixels of each cell in rows `from`, `from + step` …; gives how many there are in all. */
export function compare(background: Background, { pixels }: SmallGray, from: number, step: number): number {
  const { width, height, columns, mean, allowed, difference, counts, gain, offset } = background
  counts.fill(0)
  let total = 0
  for (let y = from; y < height; y += step) {
    let cell = (y >> 1) * columns
    const begin = y * width
    for (let i = begin, end = begin + width; i < end; i++) {
      const distance = (pixels[i] as number) - (((mean[i] as number) * gain) >> 12) - offset
      difference[i] = distance
      const sign = distance >> 31
      // Without a branch: whether a pixel is above or below its mean is a coin toss.
      const beyond = (allowed[i] as number) - ((distance ^ sign) - sign)
      const weight = (beyond >>> 31) + ((beyond + (allowed[i] as number)) >>> 31)
      counts[cell] = (counts[cell] as number) + weight
      total += weight
      cell += (i - begin) & 1
    }
  }
  return total
}

export interface LearningSpeed {
  /** Each further shift halves the speed at which unchanged pixels are followed. */
  shift: number
  /** The same for pixels that differ: slower, so that what moves slowly does not melt into the background. */
  changedShift: number
  /** The same for noise that becomes less: slowly, so that leaves which rest between gusts stay known. */
  calmerShift: number
  noisierShift: number
}

/** What a cell may learn: as always, nothing (somebody is followed there), or quickly (the light has changed there). */
export const LEARNS = { asAlways: 0, nothing: 1, quickly: 2 } as const

/** Every second row from `from` on: half the work, hardly slower. `lessons` has one of `LEARNS` a cell. */
export function learn(
  background: Background,
  lessons: Uint8Array,
  from: number,
  { shift, changedShift, calmerShift, noisierShift }: LearningSpeed,
): void {
  const { width, height, columns, mean, noise, allowed, difference, changedFor } = background
  for (let y = from; y < height; y += 2) {
    const cells = (y >> 1) * columns
    for (let i = y * width, x = 0; x < width; i++, x++) {
      const lesson = lessons[cells + (x >> 1)] as number
      if (lesson === LEARNS.nothing) continue
      const distance = difference[i] as number
      const sign = distance >> 31
      const far = (distance ^ sign) - sign
      const isChanged = far > (allowed[i] as number)
      const changes = changedFor[i] as number
      const hasStayed = isChanged && changes >= STAYS_LESSONS
      const isSlow = isChanged && !hasStayed && lesson !== LEARNS.quickly
      const most = isSlow ? CHANGED_STEP : ANY_STEP
      const step = distance >> (isSlow ? changedShift : hasStayed ? 0 : shift)
      mean[i] = (mean[i] as number) + (step > most ? most : step < -most ? -most : step)
      changedFor[i] = isChanged ? Math.min(255, changes + 1) : changes >> 1
      const usual = noise[i] as number
      const more = far - usual
      const calm = usual + (more >> (more < 0 ? calmerShift : noisierShift))
      // What stays, or is learnt quickly, is another ground and no flicker: it would make this place blind for a minute.
      const learnt = isSlow ? Math.min(usual + CHANGED_NOISE_STEP, LARGEST_NOISE) : isChanged ? usual : calm
      noise[i] = learnt
      const limit = (learnt * NOISE_FACTOR) >> 4
      allowed[i] = limit > FLOOR ? limit : FLOOR
    }
  }
}
