import { compare, LEARNS } from './background.ts'
import { findMarked, findRegions, type Region } from './cells.ts'
import { forgetSoft, markSoft, type Eye } from './eye.ts'
import type { SmallGray } from './shrink.ts'
import { isSoft } from './soft.ts'
import { isFaintSway, isSway } from './sway.ts'

/** Changed pixels that a region needs to be told at once; what is smaller must have been there for a few frames (`evidence`). */
const MIN_PIXELS = 8
/** Of these, beyond what is usual there. */
const MIN_UNUSUAL = 3
/** Both in rain and snow, where what falls is told apart by where it was before. */
const MIN_IN_WEATHER = 5
/** What is mostly as usual is leaves that swing a little further. */
const MIN_UNUSUAL_SHARE = 0.6
/** Of a region's cells: then it stands. */
const STANDING_SHARE = 1 / 3
/** Of what the calm picture shows, in the picture as it is: the median of three shows for a moment longer who has left. */
const STILL_THERE_SHARE = 0.5

/** What of a frame's regions is motion. In bad weather with a second look, at a picture without most of what falls through it. */
export function judge(eye: Eye, regions: readonly Region[]): readonly Region[] {
  const { weather, small } = eye
  for (const pool of eye.pools) markSoft(eye, pool)
  const large = weather.sift(thingsOf(eye, regions, small))
  const things = [...large, ...lastingThings(eye, large)]
  if (weather.isBad()) things.push(...calmThings(eye))
  forgetSoft(eye)
  return things
}

/** Regions that tell of a thing; what the light alone has done is marked and left out. */
function thingsOf(eye: Eye, regions: readonly Region[], picture: SmallGray): Region[] {
  const things: Region[] = []
  const isBad = eye.weather.isBad()
  const [minPixels, minUnusual] = isBad ? [MIN_IN_WEATHER, MIN_IN_WEATHER] : [MIN_PIXELS, MIN_UNUSUAL]
  for (const region of regions) {
    const { unusual, pixels } = region
    if (pixels < minPixels || unusual < minUnusual || unusual < MIN_UNUSUAL_SHARE * pixels) continue
    if (eye.clock.holds(region) || isSway(region, eye.background, picture)) continue
    if (isSoft(region, eye.background, picture)) markSoft(eye, region)
    else things.push(region)
  }
  return things
}

/** What is small or faint, and has been there for a few frames. */
function lastingThings(eye: Eye, large: readonly Region[]): Region[] {
  const { background, evidence, habits, clock, small } = eye
  return findMarked(background, evidence.holds, habits.usual).filter(
    (region) =>
      !large.some((thing) => touches(thing, region)) &&
      !clock.holds(region) &&
      !forgetStanding(eye, region) &&
      !isFaintSway(region, background, small, habits.usual),
  )
}

function calmThings(eye: Eye): Region[] {
  const { background, small, weather, habits } = eye
  const now = background.counts.slice()
  const calm = weather.calm(small)
  compare(background, calm, 0, 1)
  const things = weather.siftCalm(thingsOf(eye, findRegions(background, habits.usual), calm))
  return things.filter((region) => pixelsIn(region, now, background.columns) >= STILL_THERE_SHARE * region.pixels)
}

/** What stays at its place is no motion, and learnt quickly; followed things teach nothing all the same. */
function forgetStanding({ background, evidence, lessons }: Eye, { left, right, top, bottom }: Region): boolean {
  let standing = 0
  for (let row = top; row <= bottom; row++) {
    const begin = row * background.columns
    for (let cell = begin + left; cell <= begin + right; cell++) {
      if (!evidence.stood(cell)) continue
      standing++
      if (lessons[cell] === LEARNS.asAlways) lessons[cell] = LEARNS.quickly
    }
  }
  return standing > 0 && standing >= STANDING_SHARE * (right - left + 1) * (bottom - top + 1)
}

/** Changed pixels of `counts` in a region's box. */
function pixelsIn({ left, right, top, bottom }: Region, counts: Uint8Array, columns: number): number {
  let sum = 0
  for (let row = top; row <= bottom; row++)
    for (let cell = row * columns + left, end = row * columns + right; cell <= end; cell++)
      sum += counts[cell] as number
  return sum
}

const touches = (a: Region, b: Region): boolean =>
  a.left <= b.right + 1 && b.left <= a.right + 1 && a.top <= b.bottom + 1 && b.top <= a.bottom + 1
