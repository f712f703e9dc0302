import type { Box } from '../../api/common.ts'
import type { Frame } from '../../media/index.ts'
import { compare, learn, LEARNS, relearn } from './background.ts'
import { findRegions, isSuspicious, markCells, toBox, type Region } from './cells.ts'
import { hasStayedSoft, openEye, type Eye } from './eye.ts'
import { judge } from './judge.ts'
import { keepLightNear } from './light.ts'

export interface MotionResult {
  /** Where the picture changed, in fractions of it; empty while the background is being learnt. */
  boxes: readonly Box[]
  /** The whole picture changed at once: lights, infrared, a moved camera. */
  isSceneChange: boolean
  isLearning: boolean
  /** Nothing has moved for a while, and a look at every second row found nothing either. */
  isAsleep: boolean
}

/** Watches one camera. Keeps the background between frames; costs a third of a millisecond a frame, asleep half of that. */
export interface MotionWatcher {
  /** `still`: boxes of followed things, where the background must not learn, or who stands around would melt into it. */
  watch(frame: Frame, still: readonly Box[]): MotionResult
}

const LEARNING_MS = 2_000
/** After another scene has begun, with its first picture as background. */
const LEARNING_AGAIN_MS = 1_000
const SPEED = { shift: 3, changedShift: 6, calmerShift: 6, noisierShift: 4 }
/** Of all cells. */
const SCENE_CHANGE_SHARE = 0.45
/** Pixels from which on a region is told at once, and needs no trail. */
const LARGE_PIXELS = 16
/** Frames without anything after which every second row is enough; what is suspicious there is looked at whole at once. */
const SLEEP_AFTER_FRAMES = 5
/** Asleep, it learns from one frame in four, of the rows it looks at. */
const LEARN_ASLEEP_EVERY = 4

/** Smaller is no pool of light worth a look at its inside. */
const POOL_CELLS = 40

const NOTHING: MotionResult = { boxes: [], isSceneChange: false, isLearning: false, isAsleep: false }

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
    const { background, small, weather, kept } = eye
    weather.remember(small)
    small.shrink(frame.data, 0, 1)
    if (kept.bringBack(background, small)) this.#learningUntil = this.#quietFrames = 0
    const { gain, offset } = background
    const regions = lookAtAll(eye, frame)
    eye.lessons.fill(LEARNS.asAlways)
    markCells(eye.lessons, background, still, LEARNS.nothing)
    if (this.#isLearning(frame)) return this.#learnAnew(eye, regions)
    const changedCells = regions.reduce((sum, region) => sum + region.cells, 0)
    if (changedCells >= SCENE_CHANGE_SHARE * background.counts.length) {
      // The fit has already taken the new light for the old scene's.
      Object.assign(background, { gain, offset })
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
    learn(eye.background, eye.lessons, this.#turn & 1, speed)
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

  /** Another scene: learnt from its first picture on, while the one before is kept, in case it was lightning. */
  #sceneChanged({ background, small, kept, evidence }: Eye, frame: Frame): MotionResult {
    kept.putAside(background, small)
    evidence.forget()
    this.#beginLearning(frame, LEARNING_AGAIN_MS)
    return { ...NOTHING, isSceneChange: true, isLearning: true }
  }
}

function lookAtAll(eye: Eye, frame: Frame): Region[] {
  const { small, background, fitLight, habits, clock, weather, evidence } = eye
  fitLight(background, small)
  compare(background, small, 0, 1)
  const all = findRegions(background, habits.usual)
  eye.pools = takeLightOff(eye, all)
  const regions = eye.pools.length === 0 ? all : findRegions(background, habits.usual)
  evidence.update(background)
  if (!weather.isBad()) for (const region of regions) if (region.pixels >= LARGE_PIXELS) evidence.clear(region)
  clock.learn(regions, frame.capturedAt)
  return regions
}

/** Regions that were light alone, and are not any more. Another scene is not taken apart, and light that stays is for the background. */
function takeLightOff(eye: Eye, regions: readonly Region[]): Region[] {
  const { background, small, localLight } = eye
  const cells = regions.reduce((sum, region) => sum + region.cells, 0)
  if (cells >= SCENE_CHANGE_SHARE * background.counts.length) return []
  const isPool = (region: Region): boolean =>
    region.cells >= POOL_CELLS && !hasStayedSoft(eye, region) && localLight.takeOff(background, small, region)
  return regions.filter(isPool)
}
