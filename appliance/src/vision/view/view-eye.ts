import type { Frame } from '../../media/index.ts'
import { createShrinker } from '../motion/shrink.ts'
import { createAverager } from './likeness.ts'
import { createViewWatch, type Reference, type Tint, type ViewWatch } from './view-watch.ts'

const LOOK_EVERY_MS = 1_000
/** Looks until the mean is worth a judgement. */
const FIRST_LOOKS = 4
/** Mean distance of colour from gray. */
const MIN_COLOUR = 2
const COLOUR_SAMPLE_EVERY = 61

/** One camera's view, looked at once a second: a tenth of a millisecond. */
export function createViewEye(stored: readonly Reference[]): {
  watch: ViewWatch
  /** True when a reference came about or was renewed. */
  see(frame: Frame): boolean
} {
  const watch = createViewWatch(stored)
  let size = ''
  let lastAt = -Infinity
  let looks = 0
  let small = createShrinker(2, 2)
  let averager = createAverager(small)
  return {
    watch,
    see(frame) {
      const at = frame.capturedAt
      // The clock may have been set back.
      if (at - lastAt < LOOK_EVERY_MS && at >= lastAt) return false
      lastAt = at
      if (size !== `${frame.width}x${frame.height}`) {
        size = `${frame.width}x${frame.height}`
        small = createShrinker(frame.width, frame.height)
        averager = createAverager(small)
        looks = 0
      }
      small.shrink(frame.data, 0, 1)
      averager.add(small)
      return ++looks >= FIRST_LOOKS && watch.see(averager.look(), tintOf(frame), at)
    },
  }
}

function tintOf({ data, width, height }: Frame): Tint {
  let [sum, count] = [0, 0]
  for (let i = width * height; i < data.length; i += COLOUR_SAMPLE_EVERY, count++)
    sum += Math.abs((data[i] as number) - 128)
  return sum / Math.max(1, count) >= MIN_COLOUR ? 'colour' : 'gray'
}
