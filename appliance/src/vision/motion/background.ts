/** Memory of what each pixel of a camera normally looks like and how much it flickers. */
export interface Background {
  readonly width: number
  readonly height: number
  /** Every `step`-th pixel of the frame, both ways. */
  readonly step: number
  /** Mean brightness × 256. */
  readonly mean: Int32Array
  /** Mean distance from the mean × 256. */
  readonly noise: Int32Array
  /** 1 where the newest picture differs from the background. */
  readonly mask: Uint8Array
}

export const MAX_WIDTH = 320
export const MAX_HEIGHT = 180
const FIRST_NOISE = 3 << 8

export function createBackground(frameWidth: number, frameHeight: number): Background {
  const step = Math.max(1, Math.ceil(frameWidth / MAX_WIDTH), Math.ceil(frameHeight / MAX_HEIGHT))
  const width = Math.floor(frameWidth / step)
  const height = Math.floor(frameHeight / step)
  const pixels = width * height
  return {
    width,
    height,
    step,
    mean: new Int32Array(pixels),
    noise: new Int32Array(pixels).fill(FIRST_NOISE),
    mask: new Uint8Array(pixels),
  }
}

/** Takes a picture as the background, as on the first frame and after the lights were switched. */
export function relearn(
  { width, height, step, mean, noise, mask }: Background,
  luma: Uint8Array,
  frameWidth: number,
): void {
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0, from = y * step * frameWidth; x < width; x++, i++, from += step)
      mean[i] = (luma[from] as number) << 8
  }
  noise.fill(FIRST_NOISE)
  mask.fill(0)
}

export interface LearnOptions {
  /** Differences (0–255) up to this are never motion. */
  floor: number
  /** Each further shift halves the speed at which unchanged pixels are followed. */
  shift: number
  /** The same for pixels that differ: slower, so that what moves slowly does not melt into the background. */
  changedShift: number
  /** Added to every background pixel (× 256): the whole picture became lighter or darker. */
  drift: number
}

/** A pixel has changed when it differs this many times more than it usually does. */
const NOISE_FACTOR = 3
/** Calm comes back slowly: leaves that rest between gusts stay known. */
const CALMER_SHIFT = 7
/**
 * A changed pixel teaches its noise a fixed quarter of a gray level a frame: leaves that flicker are learnt within a
 * quarter of a minute, somebody who passes teaches next to nothing, however bright.
 */
const CHANGED_NOISE_STEP = 64
const LARGEST_NOISE = 40 << 8

/** Compares a picture with the background into `mask` and learns from it, except where `frozen` (one byte a pixel) is set. */
export function compareAndLearn(
  { width, height, step, mean, noise, mask }: Background,
  luma: Uint8Array,
  frameWidth: number,
  frozen: Uint8Array | null,
  { floor, shift, changedShift, drift }: LearnOptions,
): void {
  const floorScaled = floor << 8
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0, from = y * step * frameWidth; x < width; x++, i++, from += step) {
      const value = (luma[from] as number) << 8
      const expected = (mean[i] as number) + drift
      const difference = value - expected
      const distance = difference < 0 ? -difference : difference
      const usual = noise[i] as number
      const allowed = usual * NOISE_FACTOR
      const isChanged = distance > floorScaled && distance > allowed
      mask[i] = isChanged ? 1 : 0
      if (frozen !== null && frozen[i] === 1) {
        mean[i] = expected
        continue
      }
      mean[i] = expected + (difference >> (isChanged ? changedShift : shift))
      const learnt = isChanged
        ? usual + CHANGED_NOISE_STEP
        : usual + ((distance - usual) >> (distance > usual ? shift : CALMER_SHIFT))
      noise[i] = learnt > LARGEST_NOISE ? LARGEST_NOISE : learnt
    }
  }
}

/** Median difference of a sparse grid of pixels from the background, × 256: how the light as a whole has shifted. */
export function lightDrift({ width, height, step, mean }: Background, luma: Uint8Array, frameWidth: number): number {
  const differences: number[] = []
  for (let y = GRID >> 1; y < height; y += GRID) {
    for (let x = GRID >> 1; x < width; x += GRID) {
      differences.push(((luma[y * step * frameWidth + x * step] as number) << 8) - (mean[y * width + x] as number))
    }
  }
  const sorted = Int32Array.from(differences).sort()
  return sorted[sorted.length >> 1] ?? 0
}

const GRID = 12
