import type { Box } from '../../api/common.ts'
import type { Frame } from '../../media/index.ts'
import { CELL, compareAndLearn, createBackground, relearn, type Background } from './background.ts'
import { findRegions, toBox, type Region } from './cells.ts'
import { createHabits, type Habits } from './habits.ts'

export interface MotionResult {
  /** Where the picture changed, in fractions of it; empty while the background is being learnt. */
  boxes: readonly Box[]
  /** The whole picture changed at once: lights, infrared, a moved camera. The background is learnt anew. */
  isSceneChange: boolean
  isLearning: boolean
}

/** Watches one camera. Keeps the background between frames; costs well under half a millisecond a frame. */
export interface MotionWatcher {
  /** `still`: boxes of followed things, where the background must not learn, or who stands around would melt into it. */
  watch(frame: Frame, still: readonly Box[]): MotionResult
}

const LEARNING_MS = 2_000
/** While learning, and after. */
const LEARNING_SPEED = { every: 2, shift: 1, changedShift: 1 } as const
const SPEED = { every: 4, shift: 2, changedShift: 5 } as const
/** Of 64 pixels of a cell. */
const MIN_CELL_PIXELS = 14
/** A region this small must be this dense. */
const SMALL_REGION_CELLS = 2
const MIN_SMALL_REGION_PIXELS = 30
/** A region that touches cells which change all the time needs this many others. */
const MIN_NEW_CELLS = 3
const SCENE_CHANGE_SHARE = 0.6

export function createMotionWatcher(): MotionWatcher {
  let background: Background | null = null
  let habits: Habits | null = null
  let frozen = new Uint8Array()
  let size = ''
  let learningUntil = 0

  function begin(frame: Frame): void {
    size = `${frame.width}x${frame.height}`
    background = createBackground(frame.width, frame.height)
    frozen = new Uint8Array(background.counts.length)
    habits = createHabits(background.counts.length)
    relearn(background, frame.data)
    learningUntil = frame.capturedAt + LEARNING_MS
  }

  return {
    watch(frame, still) {
      if (!background || !habits || size !== `${frame.width}x${frame.height}`) {
        begin(frame)
        return { boxes: [], isSceneChange: false, isLearning: true }
      }
      const isLearning = frame.capturedAt < learningUntil
      freeze(frozen, background, still)
      compareAndLearn(background, frame.data, frozen, isLearning ? LEARNING_SPEED : SPEED)
      if (isLearning) return { boxes: [], isSceneChange: false, isLearning }
      habits.learn(background.counts, MIN_CELL_PIXELS, frozen)
      const regions = findRegions(background, MIN_CELL_PIXELS, habits.isHabit)
      const changedCells = regions.reduce((sum, region) => sum + region.cells, 0)
      if (changedCells >= SCENE_CHANGE_SHARE * background.counts.length) {
        relearn(background, frame.data)
        learningUntil = frame.capturedAt + LEARNING_MS
        return { boxes: [], isSceneChange: true, isLearning: true }
      }
      const { width, height } = background
      return {
        boxes: regions.filter(isSolid).map((region) => toBox(region, width, height)),
        isSceneChange: false,
        isLearning,
      }
    },
  }
}

function isSolid({ cells, pixels, habitual }: Region): boolean {
  if (cells - habitual < MIN_NEW_CELLS && habitual > 0) return false
  return cells > SMALL_REGION_CELLS || pixels >= MIN_SMALL_REGION_PIXELS
}

/** Marks the cells under boxes. */
function freeze(frozen: Uint8Array, { width, height, columns, rows }: Background, boxes: readonly Box[]): void {
  frozen.fill(0)
  for (const box of boxes) {
    const left = Math.max(0, Math.floor((box.x * width) / CELL))
    const right = Math.min(columns, Math.ceil(((box.x + box.width) * width) / CELL))
    const bottom = Math.min(rows, Math.ceil(((box.y + box.height) * height) / CELL))
    for (let row = Math.max(0, Math.floor((box.y * height) / CELL)); row < bottom; row++) {
      frozen.fill(1, row * columns + left, row * columns + right)
    }
  }
}
