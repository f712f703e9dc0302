import { LEVEL, type SmallGray } from '../motion/shrink.ts'

/** What a view looks like, in a few figures: edges, how sharp they are, and a small picture of where they lie. */
export interface Look {
  width: number
  height: number
  /** Gray levels of a picture of `width` × `height`. */
  picture: Float32Array
  /** Mean strength of edges above what noise makes. */
  structure: number
  /** Fine edges against coarse ones: falls when the picture is out of focus. */
  sharpness: number
  brightness: number
}

/** Gray levels that noise leaves in a mean of some seconds. */
const NOISE = 1.5
const BLOCK = 9
/** A block with flatter edges than that says nothing. */
const MIN_SPREAD = 1
/** From here on a block shows the same as before. */
const SAME = 0.35

/** Averages pictures over a few seconds, so that noise and whoever passes count little; from each mean a look. */
export function createAverager({ width, height }: { width: number; height: number }) {
  const mean = new Float32Array(width * height)
  let count = 0
  return {
    add({ pixels }: SmallGray): void {
      const share = Math.max(0.3, 1 / ++count)
      for (let i = 0; i < mean.length; i++) {
        const before = mean[i] as number
        mean[i] = before + ((pixels[i] as number) / LEVEL - before) * share
      }
    },
    look: (): Look => lookOf(mean, width, height),
  }
}

function lookOf(mean: Float32Array, width: number, height: number): Look {
  const [halfWidth, halfHeight] = [width >> 1, height >> 1]
  const picture = new Float32Array(halfWidth * halfHeight)
  let brightness = 0
  for (let y = 0; y < halfHeight; y++) {
    for (let x = 0; x < halfWidth; x++) {
      const i = 2 * y * width + 2 * x
      const sum = at(mean, i) + at(mean, i + 1) + at(mean, i + width) + at(mean, i + width + 1)
      picture[y * halfWidth + x] = sum / 4
      brightness += sum / 4
    }
  }
  const edges = edgesOf(picture, halfWidth, halfHeight)
  const structure = edges.reduce((sum, edge) => sum + Math.max(0, edge - NOISE), 0) / edges.length
  const fine = finenessOf(mean, width, height)
  return {
    ...{ width: halfWidth, height: halfHeight, picture, structure, brightness: brightness / picture.length },
    sharpness: fine / Math.max(0.05, structure),
  }
}

const at = (values: Float32Array, index: number): number => values[index] as number

function edgesOf(picture: Float32Array, width: number, height: number): Float32Array {
  const edges = new Float32Array(picture.length)
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * width + 1, end = (y + 1) * width - 1; i < end; i++) {
      edges[i] =
        Math.abs(at(picture, i + 1) - at(picture, i - 1)) + Math.abs(at(picture, i + width) - at(picture, i - width))
    }
  }
  return edges
}

function finenessOf(mean: Float32Array, width: number, height: number): number {
  let sum = 0
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * width + 1, end = (y + 1) * width - 1; i < end; i++) {
      const here = 2 * at(mean, i)
      const bend =
        Math.abs(at(mean, i - 1) + at(mean, i + 1) - here) + Math.abs(at(mean, i - width) + at(mean, i + width) - here)
      sum += Math.max(0, bend - 2 * NOISE)
    }
  }
  return sum / mean.length
}

/**
 * Share of the places with edges whose edges lie where they did, 0 to 1; null when the earlier look has too few to tell.
 * Edges, not brightnesses: light and infrared change how bright a wall is, not where it ends.
 */
export function likeness(now: Look, before: Look): number | null {
  if (now.width !== before.width || now.height !== before.height) return null
  const { width, height } = now
  const [a, b] = [edgesOf(now.picture, width, height), edgesOf(before.picture, width, height)]
  let [telling, same] = [0, 0]
  for (let top = 0; top + BLOCK <= height; top += BLOCK) {
    for (let left = 0; left + BLOCK <= width; left += BLOCK) {
      const alike = correlation(a, b, { left, top, width })
      if (alike === null) continue
      telling++
      if (alike > SAME) same++
    }
  }
  return telling < 4 ? null : same / telling
}

/** Of two blocks; null where the second one is flat. */
function correlation(
  a: Float32Array,
  b: Float32Array,
  { left, top, width }: { left: number; top: number; width: number },
): number | null {
  let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0]
  for (let y = top; y < top + BLOCK; y++) {
    for (let i = y * width + left, end = y * width + left + BLOCK; i < end; i++) {
      const [valueA, valueB] = [at(a, i), at(b, i)]
      sumA += valueA
      sumB += valueB
      squareA += valueA * valueA
      squareB += valueB * valueB
      product += valueA * valueB
    }
  }
  const count = BLOCK * BLOCK
  const [spreadA, spreadB] = [squareA - sumA ** 2 / count, squareB - sumB ** 2 / count]
  if (spreadB < MIN_SPREAD ** 2 * count) return null
  return spreadA < 1e-3 ? 0 : (product - (sumA * sumB) / count) / Math.sqrt(spreadA * spreadB)
}
