import { GAIN_ONE, takeLight, type Background } from './background.ts'
import { LEVEL, type SmallGray } from './shrink.ts'

const SAMPLE_EVERY = 4
/** Steps of a quarter of a gray level, up to 128 levels either way. */
const BIN = LEVEL / 4
/** Its binary logarithm: a shift takes half the time of a rounded division. */
const BIN_SHIFT = 5
const BINS = 1_024
const HALF = BINS / 2
/** With less between dark and bright, a gain cannot be told from an offset. */
const MIN_SPREAD = 10 * LEVEL
const [SMALLEST_GAIN, LARGEST_GAIN] = [0.5 * GAIN_ONE, 2 * GAIN_ONE]

/**
 * Fits one gain and one offset to the whole picture. The medians of how the darker and the brighter half of a sparse grid differ
 * from what was expected: whatever moves on less than half of each does not disturb them.
 * `from`: 1 when only the odd rows of the picture are new.
 */
export function createLightFit() {
  const dark = new Uint16Array(BINS)
  const bright = new Uint16Array(BINS)
  let middle = 0
  return (background: Background, { pixels }: SmallGray, from = 0): void => {
    const { width, height, mean, gain, offset } = background
    dark.fill(0)
    bright.fill(0)
    let [darkCount, brightCount, darkSum, brightSum] = [0, 0, 0, 0]
    for (let y = (SAMPLE_EVERY >> 1) + from; y < height; y += SAMPLE_EVERY) {
      for (let i = y * width + (y & 2), end = (y + 1) * width; i < end; i += SAMPLE_EVERY) {
        const usual = mean[i] as number
        const distance = (pixels[i] as number) - ((usual * gain) >> 12) - offset
        const bin = Math.max(0, Math.min(BINS - 1, ((distance + BIN / 2) >> BIN_SHIFT) + HALF))
        if (usual < middle) {
          dark[bin] = (dark[bin] as number) + 1
          darkCount++
          darkSum += usual
        } else {
          bright[bin] = (bright[bin] as number) + 1
          brightCount++
          brightSum += usual
        }
      }
    }
    middle = (darkSum + brightSum) / Math.max(1, darkCount + brightCount)
    if (darkCount === 0 || brightCount === 0) return
    const [low, high] = [darkSum / darkCount, brightSum / brightCount]
    const [lowOff, highOff] = [medianOf(dark, darkCount) * BIN, medianOf(bright, brightCount) * BIN]
    const slope = high - low < MIN_SPREAD ? 0 : (highOff - lowOff) / (high - low)
    background.gain = Math.round(Math.max(GAIN_ONE / 4, Math.min(3.9 * GAIN_ONE, gain + slope * GAIN_ONE)))
    const moved = (background.gain - gain) / GAIN_ONE
    background.offset = Math.round(offset + (lowOff + highOff - moved * (low + high)) / 2)
  }
}

/** In bins, between two of them as the counts say. */
function medianOf(bins: Uint16Array, count: number): number {
  let below = 0
  for (let bin = 0; bin < BINS; bin++) {
    const here = bins[bin] as number
    if (below + here >= count / 2) return bin - HALF - 0.5 + (count / 2 - below) / here
    below += here
  }
  return 0
}

/** Far from the light in which everything is remembered the fit would lose precision: then that of now is taken instead. */
export function keepLightNear(background: Background): void {
  if (background.gain < SMALLEST_GAIN || background.gain > LARGEST_GAIN) takeLight(background)
}
