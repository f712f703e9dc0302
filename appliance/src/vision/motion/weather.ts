import type { Background } from './background.ts'
import type { Region } from './cells.ts'
import type { SmallGray } from './shrink.ts'

/**
 * Rain, snow and whatever else comes in crowds: many small changes all over the picture, each there for a moment and then somewhere
 * else. While there are crowds, what is larger than they are is motion once it was seen twice, and everything else is looked
 * for in a picture with far fewer of them: the median of three.
 */
export interface Weather {
  /** Takes note of a frame's regions; gives what is motion without a closer look. */
  sift(regions: readonly Region[]): readonly Region[]
  isBad(): boolean
  /** Of the regions of the calm picture those that stay. */
  siftCalm(regions: readonly Region[]): readonly Region[]
  /** Remembers a picture; gives the median of the last three. */
  calm(picture: SmallGray): SmallGray
  remember(picture: SmallGray): void
}

interface Known {
  x: number
  y: number
  region: Region
  /** Frames before this one in which it was followed. */
  age: number
}

/** Parts of the picture, of 16, with something new a frame, on average, from which on there is weather. Leaves have their place. */
const CROWD = 5
/** Changed pixels that a region of the calm picture needs: now and then two drops meet. */
const MIN_CALM = 7
const TILES = 4
const RISES = 0.1
const FALLS = 0.01
const SIZE_PACE = 0.02
/** Frames in which what is in the calm picture was there before. */
const STAYS = 3
/** The same for what is larger than drops, in the picture as it is. */
const STAYS_LARGE = 2

export function createWeather({ columns, rows, width, height }: Background): Weather {
  let known: Known[] = []
  let knownCalm: Known[] = []
  let crowd = 0
  let [meanPixels, meanSquare] = [6, 40]
  const newest = new Int32Array(width * height)
  const older = new Int32Array(width * height)
  const median = { width, height, pixels: new Int32Array(width * height) }

  const tileOf = ({ x, y }: Known): number => Math.floor((y * TILES) / rows) * TILES + Math.floor((x * TILES) / columns)

  function note(fresh: readonly Known[]): void {
    const tiles = new Set(fresh.map(tileOf)).size
    crowd += (tiles - crowd) * (tiles > crowd ? RISES : FALLS)
    for (const { region } of fresh) {
      const pixels = Math.min(region.pixels, 4 * largestDrop())
      meanPixels += (pixels - meanPixels) * SIZE_PACE
      meanSquare += (pixels ** 2 - meanSquare) * SIZE_PACE
    }
  }

  const largestDrop = (): number => meanPixels + 3 * Math.sqrt(Math.max(0, meanSquare - meanPixels ** 2))

  return {
    sift(regions) {
      known = regions.map((region) => follow(region, known))
      note(known.filter(({ age }) => age === 0))
      if (crowd < CROWD) return regions
      const drop = largestDrop()
      return known.filter(({ age, region }) => age >= STAYS_LARGE && region.pixels > drop).map(({ region }) => region)
    },
    siftCalm(all) {
      const regions = all.filter(({ unusual }) => unusual >= MIN_CALM)
      knownCalm = regions.map((region) => follow(region, knownCalm))
      return knownCalm.filter(({ age }) => age >= STAYS).map(({ region }) => region)
    },
    isBad: () => crowd >= CROWD,
    calm({ pixels }) {
      for (let i = 0; i < pixels.length; i++) {
        const a = pixels[i] as number
        const b = newest[i] as number
        const c = older[i] as number
        const low = a < b ? a : b
        const high = a < b ? b : a
        median.pixels[i] = c < low ? low : c > high ? high : c
      }
      return median
    },
    remember({ pixels }) {
      if (crowd < CROWD) knownCalm = []
      older.set(newest)
      newest.set(pixels)
    },
  }
}

function follow(region: Region, known: readonly Known[]): Known {
  const [x, y] = [(region.left + region.right) / 2, (region.top + region.bottom) / 2]
  const reach = 1 + 0.5 * Math.min(region.right - region.left + 1, region.bottom - region.top + 1)
  let age = 0
  for (const other of known) {
    const ratio = region.pixels / other.region.pixels
    if (other.age + 1 <= age || ratio < 0.5 || ratio > 2) continue
    if (Math.max(Math.abs(x - other.x), Math.abs(y - other.y)) <= reach) age = other.age + 1
  }
  return { x, y, region, age }
}
