import type { Box } from '../../api/common.ts'
import type { Frame } from '../../media/index.ts'
import { compare, learn, LEARNS, relearn } from './background.ts'
import { findMarked, findRegions, isSuspicious, markCells, toBox, type Region } from './cells.ts'
import { keepLightNear } from './light.ts'
import { forgetSoft, markSoft, openEye, type Eye } from './eye.ts'
import type { SmallGray } from './shrink.ts'
import { isSoft } from './soft.ts'
import { isFaintSway, isSway } from './sway.ts'

export interface MotionResult {
  /** Where the picture changed, in fractions of it; empty while the background is being learnt. */
  boxes: readonly Box[]
  /** The whole picture changed at once: lights, infrared, a moved camera. */
  isSceneChange: boolean
  isLearning: boolean
  /** Nothing has moved for a while, and a look at every second row found nothing either. */
  isAsleep: boolean
}

/** Watches one camera. Keeps the background between frames; costs a quarter of a millisecond a frame, asleep half of that. */
export interface MotionWatcher {
  /** `still`: boxes of followed things, where the background must not learn, or who stands around would melt into it. */
  watch(frame: Frame, still: readonly Box[]): MotionResult
}

const LEARNING_MS = 2_000
const LEARNING_AGAIN_MS = Number(process.env.LA ?? 1000)
const SPEED = { shift: 3, changedShift: 6, calmerShift: 6, noisierShift: 4 }
/** Changed pixels that a region needs beyond what is usual there. */
const MIN_UNUSUAL = 3
/** The same in rain and snow. */
const MIN_UNUSUAL_IN_WEATHER = 5
/** What is mostly as usual is leaves that swing a little further. */
const CLEAR = Number(process.env.CL ?? 16)
const NOW = Number(process.env.NW ?? 0.5)
const SMALL = Number(process.env.SM ?? 8)
const MIN_UNUSUAL_SHARE = 0.6
const SCENE_CHANGE_SHARE = Number(process.env.SS ?? 0.45)
/** Frames without anything after which every second row is enough; what is suspicious there is looked at whole at once. */
const SLEEP_AFTER_FRAMES = 5
/** Asleep, it learns from one frame in four, of the rows it looks at. */
const LEARN_ASLEEP_EVERY = 4

const NOTHING: MotionResult = { boxes: [], isSceneChange: false, isLearning: false, isAsleep: false }

/** Regions that tell of a thing; what the light alone has done is marked and left out. */
function thingsOf(eye: Eye, regions: readonly Region[], picture: SmallGray): Region[] {
  const things: Region[] = []
  const isBad = eye.weather.isBad()
  for (const region of regions) {
    const { unusual, pixels } = region
    if (pixels < (isBad ? MIN_UNUSUAL_IN_WEATHER : SMALL) || unusual < (isBad ? MIN_UNUSUAL_IN_WEATHER : MIN_UNUSUAL)) continue
    if (unusual < MIN_UNUSUAL_SHARE * pixels || eye.clock.holds(region)) continue
    if (isSway(region, eye.background, picture)) continue
    if (isSoft(region, eye.background, picture)) markSoft(eye, region)
    else things.push(region)
  }
  return things
}

/** What is small or faint, and has been there for a few frames. */
function lastingThings(eye: Eye, things: readonly Region[]): Region[] {
  const { background, evidence, habits, clock, small } = eye
  return findMarked(background, evidence.holds, habits.usual).filter(
    (region) =>
      !things.some((thing) => touches(thing, region)) &&
      !clock.holds(region) &&
      !isInSoft(eye, region) &&
      !forgetStanding(eye, region) &&
      !isFaintSway(region, background, small, habits.usual),
  )
}

/** What stays at its place is learnt: nothing that walks, nor anything that a detector follows. */
function forgetStanding({ background: { columns }, evidence, lessons }: Eye, { left, right, top, bottom }: Region): boolean {
  let standing = 0
  for (let row = top; row <= bottom; row++)
    for (let cell = row * columns + left, end = row * columns + right; cell <= end; cell++) {
      if (!evidence.stood(cell)) continue
      standing++
      if (lessons[cell] === LEARNS.asAlways) lessons[cell] = LEARNS.quickly
    }
  return standing > 0 && standing * 3 >= (right - left + 1) * (bottom - top + 1)
}

/** Changed pixels of `counts` in a region's box. */
function pixelsIn({ left, right, top, bottom }: Region, counts: Uint8Array, columns: number): number {
  let sum = 0
  for (let row = top; row <= bottom; row++)
    for (let cell = row * columns + left, end = row * columns + right; cell <= end; cell++) sum += counts[cell] as number
  return sum
}

/** Inside of a pool of light. */
function isInSoft({ background: { columns }, softFor }: Eye, { left, right, top, bottom }: Region): boolean {
  return (softFor[((top + bottom) >> 1) * columns + ((left + right) >> 1)] as number) > 0
}

const touches = (a: Region, b: Region): boolean =>
  a.left <= b.right + 1 && b.left <= a.right + 1 && a.top <= b.bottom + 1 && b.top <= a.bottom + 1

/** In bad weather with a second look, at a picture without most of what falls through it. */
function judge(eye: Eye, regions: readonly Region[]): readonly Region[] {
  const { background, small, weather, habits } = eye
  let things: readonly Region[] = process.env.NOSIFT === "1" && weather.isBad() ? (weather.sift(thingsOf(eye, regions, small)), []) : weather.sift(thingsOf(eye, regions, small))
  things = [...things, ...lastingThings(eye, things)]
  if (weather.isBad() && process.env.NOCALM !== "1") {
    const calm = weather.calm(small)
    const now = background.counts.slice()
    compare(background, calm, 0, 1)
    const isStill = (region: Region) => pixelsIn(region, now, background.columns) >= NOW * region.pixels
    things = [...things, ...weather.siftCalm(thingsOf(eye, findRegions(background, habits.usual), calm)).filter(isStill)]
  }
  forgetSoft(eye)
  return things
}

export function createMotionWatcher(): MotionWatcher {
  const watch = new Watch()
  return { watch: (frame, still) => watch.next(frame, still) }
}

class Watch {
  #eye: Eye | null = null
  #size = ''
  #learningSince = 0
  #learningUntil = 0
  #learntFrames = 0
  #quietFrames = 0
  #turn = 0
  /** The last picture on which it slept; held only as long as its lender lends it. */
  #lastAsleep: Uint8Array | null = null

  next(frame: Frame, still: readonly Box[]): MotionResult {
    const eye = this.#eye
    if (!eye || this.#size !== `${frame.width}x${frame.height}`) {
      this.#size = `${frame.width}x${frame.height}`
      this.#eye = openEye(frame)
      this.#beginLearning(frame, LEARNING_MS)
      return { ...NOTHING, isLearning: true }
    }
    this.#turn++
    if (this.#quietFrames >= SLEEP_AFTER_FRAMES && still.length === 0) {
      if (this.#isSameAsBefore(frame) || this.#sleepsOn(eye, frame)) return { ...NOTHING, isAsleep: true }
      this.#quietFrames = 0
      this.#lastAsleep = null
    }
    eye.weather.remember(eye.small)
    eye.small.shrink(frame.data, 0, 1)
    if (eye.kept.bringBack(eye.background, eye.small)) {
      this.#learningUntil = 0
      this.#quietFrames = 0
    }
    const { gain, offset } = eye.background
    const regions = lookAtAll(eye, frame)
    eye.lessons.fill(LEARNS.asAlways)
    markCells(eye.lessons, eye.background, still, LEARNS.nothing)
    if (this.#isLearning(frame)) return this.#learnAnew(eye, regions)
    const changedCells = regions.reduce((sum, region) => sum + region.cells, 0)
    if (changedCells >= SCENE_CHANGE_SHARE * eye.background.counts.length) {
      // The fit has already taken the new light for the old scene's.
      Object.assign(eye.background, { gain, offset })
      return this.#sceneChanged(eye, frame)
    }
    return this.#tell(eye, regions)
  }

  #beginLearning({ capturedAt }: Frame, forMs: number): void {
    this.#learningSince = capturedAt
    this.#learningUntil = capturedAt + forMs
    this.#learntFrames = 0
    this.#quietFrames = 0
  }

  /** A clock that was set back must not make it learn until the time of before has come again. */
  #isLearning({ capturedAt }: Frame): boolean {
    return capturedAt >= this.#learningSince && capturedAt < this.#learningUntil
  }

  #learnAnew(eye: Eye, regions: readonly Region[]): MotionResult {
    eye.weather.sift(regions)
    // Two pictures more than the first: what only passed in one of the three, a flake, is in none of the background.
    if (this.#learntFrames === 1) relearn(eye.background, eye.weather.calm(eye.small))
    const shift = Math.min(SPEED.shift, 2 + (this.#learntFrames++ >> 3))
    const speed = { shift, changedShift: shift, calmerShift: 5, noisierShift: 2 }
    learn(eye.background, eye.lessons, this.#turn & 1, speed, this.#learntFrames > 1)
    return { ...NOTHING, isLearning: true }
  }

  #tell(eye: Eye, regions: readonly Region[]): MotionResult {
    const { background, lessons, habits, weather } = eye
    keepLightNear(background)
    const things = judge(eye, regions)
    this.#quietFrames = things.length === 0 ? this.#quietFrames + 1 : 0
    // In bad weather every place is restless: that is the weather's, not the place's.
    if (!weather.isBad()) habits.learn(background.counts, lessons)
    learn(background, lessons, this.#turn & 1, SPEED)
    return { ...NOTHING, boxes: things.map((region) => toBox(region, background.width, background.height)) }
  }

  /** Many cameras send a still scene bit by bit the same: then not a row has to be looked at. */
  #isSameAsBefore({ data, width, height }: Frame): boolean {
    const luma = data.subarray(0, width * height)
    const before = this.#lastAsleep
    this.#lastAsleep = luma
    // A lent frame whose memory was taken back is empty, and equal to nothing.
    return before !== null && before.length === luma.length && Buffer.compare(before, luma) === 0
  }

  /** Whether every second row shows that there is nothing to see. */
  #sleepsOn({ small, background, fitLight, lessons, evidence }: Eye, frame: Frame): boolean {
    const from = this.#turn & 1
    small.shrink(frame.data, from, 2)
    fitLight(background, small, from)
    compare(background, small, from, 2)
    if (isSuspicious(background)) return false
    evidence.update(background)
    if (evidence.holds.includes(1)) return false
    keepLightNear(background)
    const isLesson = (this.#turn >> 1) % LEARN_ASLEEP_EVERY === 0
    if (isLesson) learn(background, lessons.fill(LEARNS.asAlways), from, SPEED)
    return true
  }

  /** The whole picture is another one: lightning, or a scene to learn anew when it stays. */
  #sceneChanged({ background, small, kept, evidence }: Eye, frame: Frame): MotionResult {
    kept.putAside(background, small)
    evidence.forget()
    this.#beginLearning(frame, LEARNING_AGAIN_MS)
    return { ...NOTHING, isSceneChange: true, isLearning: true }
  }
}

function lookAtAll({ small, background, fitLight, habits, clock, weather, evidence }: Eye, frame: Frame): Region[] {
  fitLight(background, small)
  compare(background, small, 0, 1)
  evidence.update(background)
  const regions = findRegions(background, habits.usual)
  if (!weather.isBad()) for (const region of regions) if (region.pixels >= CLEAR) evidence.clear(region)
  clock.learn(regions, frame.capturedAt)
  return regions
}
