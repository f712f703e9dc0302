import type { Box } from '../../api/common.ts'
import type { Frame } from '../../media/index.ts'
import { compare, learn, LEARNS, relearn } from './background.ts'
import { findRegions, isSuspicious, markCells, toBox, type Region } from './cells.ts'
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
const SPEED = { shift: 3, changedShift: 6, calmerShift: 6, noisierShift: 4 }
/** Changed pixels that a region needs beyond what is usual there. */
const MIN_UNUSUAL = 3
/** The same in rain and snow. */
const MIN_UNUSUAL_IN_WEATHER = 5
/** What is mostly as usual is leaves that swing a little further. */
const CLEAR = Number(process.env.CL ?? 16)
const SMALL = Number(process.env.SM ?? 8)
const MIN_UNUSUAL_SHARE = 0.6
const SCENE_CHANGE_SHARE = 0.6
/** Lightning is over by then, and the background as it was. */
const SCENE_CHANGE_FRAMES = 4
/** Frames without anything after which every second row is enough; what is suspicious there is looked at whole at once. */
const SLEEP_AFTER_FRAMES = 5
/** Asleep, it learns from one frame in four, of the rows it looks at. */
const LEARN_ASLEEP_EVERY = 4

const NOTHING: MotionResult = { boxes: [], isSceneChange: false, isLearning: false, isAsleep: false }

/** Regions that tell of a thing; what the light alone has done is marked and left out. */
function thingsOf(eye: Eye, regions: readonly Region[], picture: SmallGray): Region[] {
  const things: Region[] = []
  const least = eye.weather.isBad() ? MIN_UNUSUAL_IN_WEATHER : MIN_UNUSUAL
  for (const region of regions) {
    const { unusual, pixels } = region
    if (eye.clock.holds(region)) continue
    if (region.lasting > 0 && pixels < SMALL) {
      if (isFaintSway(region, eye.background, picture, eye.habits.usual)) continue
      things.push(region)
      continue
    }
    if (pixels < SMALL && !eye.weather.isBad()) continue
    if (unusual < least || unusual < MIN_UNUSUAL_SHARE * pixels) continue
    if (isSway(region, eye.background, picture)) continue
    if (isSoft(region, eye.background, picture)) markSoft(eye, region)
    else things.push(region)
  }
  return things
}

/** In bad weather with a second look, at a picture without most of what falls through it. */
function judge(eye: Eye, regions: readonly Region[]): readonly Region[] {
  const { background, small, weather, habits } = eye
  const all = thingsOf(eye, regions, small)
  const sifted = weather.sift(all)
  let things = weather.isBad() ? [...sifted, ...all.filter((r) => r.lasting > 0 && !sifted.includes(r))] : sifted
  if (weather.isBad()) {
    const calm = weather.calm(small)
    compare(background, calm, 0, 1)
    things = [...things, ...weather.siftCalm(thingsOf(eye, findRegions(background, habits.usual), calm))]
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
  #learntFrames = 0
  #strangeFrames = 0
  #quietFrames = 0
  #turn = 0
  /** The last picture on which it slept; held only as long as its lender lends it. */
  #lastAsleep: Uint8Array | null = null

  next(frame: Frame, still: readonly Box[]): MotionResult {
    const eye = this.#eye
    if (!eye || this.#size !== `${frame.width}x${frame.height}`) {
      this.#size = `${frame.width}x${frame.height}`
      this.#eye = openEye(frame)
      this.#beginLearning(frame)
      return { ...NOTHING, isLearning: true }
    }
    this.#turn++
    if (this.#quietFrames >= SLEEP_AFTER_FRAMES && still.length === 0) {
      if (this.#isSameAsBefore(frame) || this.#sleepsOn(eye, frame)) return { ...NOTHING, isAsleep: true }
      this.#quietFrames = 0
      this.#lastAsleep = null
    }
    const regions = lookAtAll(eye, frame)
    eye.lessons.fill(LEARNS.asAlways)
    markCells(eye.lessons, eye.background, still, LEARNS.nothing)
    if (this.#isLearning(frame)) return this.#learnAnew(eye, regions)
    const changedCells = regions.reduce((sum, region) => sum + region.cells, 0)
    if (changedCells >= SCENE_CHANGE_SHARE * eye.background.counts.length) return this.#sceneChanged(eye, frame)
    return this.#tell(eye, regions)
  }

  #beginLearning(frame: Frame): void {
    this.#learningSince = frame.capturedAt
    this.#learntFrames = 0
    this.#strangeFrames = 0
    this.#quietFrames = 0
  }

  /** A clock that was set back must not make it learn until the time of before has come again. */
  #isLearning({ capturedAt }: Frame): boolean {
    return capturedAt >= this.#learningSince && capturedAt - this.#learningSince < LEARNING_MS
  }

  #learnAnew(eye: Eye, regions: readonly Region[]): MotionResult {
    eye.weather.sift(regions)
    const shift = Math.min(SPEED.shift, 1 + (this.#learntFrames++ >> 2))
    const speed = { shift, changedShift: shift, calmerShift: 5, noisierShift: 2 }
    learn(eye.background, eye.lessons, this.#turn & 1, speed)
    return { ...NOTHING, isLearning: true }
  }

  #tell(eye: Eye, regions: readonly Region[]): MotionResult {
    const { background, lessons, habits, weather } = eye
    this.#strangeFrames = 0
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
  #sleepsOn({ small, background, fitLight, lessons }: Eye, frame: Frame): boolean {
    const from = this.#turn & 1
    small.shrink(frame.data, from, 2)
    fitLight(background, small, from)
    compare(background, small, from, 2)
    if (isSuspicious(background)) return false
    const isLesson = (this.#turn >> 1) % LEARN_ASLEEP_EVERY === 0
    if (isLesson) learn(background, lessons.fill(LEARNS.asAlways), from, SPEED)
    return true
  }

  /** The whole picture is another one: lightning, or a scene to learn anew when it stays. */
  #sceneChanged({ background, small }: Eye, frame: Frame): MotionResult {
    if (++this.#strangeFrames >= SCENE_CHANGE_FRAMES) {
      relearn(background, small)
      this.#beginLearning(frame)
    }
    return { ...NOTHING, isSceneChange: true, isLearning: true }
  }
}

function lookAtAll({ small, background, fitLight, habits, clock, weather, evidence }: Eye, frame: Frame): Region[] {
  weather.remember(small)
  small.shrink(frame.data, 0, 1)
  fitLight(background, small)
  compare(background, small, 0, 1)
  evidence.update(background)
  const regions = findRegions(background, habits.usual, evidence.holds)
  for (const region of regions) if (region.pixels >= CLEAR) evidence.clear(region)
  clock.learn(regions, frame.capturedAt)
  return regions
}
