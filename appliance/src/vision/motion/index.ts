import type { Box } from '../../api/common.ts'
import type { Frame } from '../../media/frame.ts'
import { compareAndLearn, createBackground, lightDrift, relearn, type Background } from './background.ts'
import { countCells, createCellGrid, findRegions, toBox, type CellGrid } from './cells.ts'

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
const LEARNING_SHIFT = 2
const SHIFT = 4
const CHANGED_SHIFT = 7
const FLOOR = 14
/** Of 64 pixels of a cell. */
const MIN_CELL_PIXELS = 14
/** A region this small must be this dense. */
const SMALL_REGION_CELLS = 2
const MIN_SMALL_REGION_PIXELS = 30
const SCENE_CHANGE_SHARE = 0.6

export function createMotionWatcher(): MotionWatcher {
  let background: Background | null = null
  let grid: CellGrid | null = null
  let frozen = new Uint8Array()
  let size = ''
  let learningUntil = 0

  function begin(frame: Frame): void {
    size = `${frame.width}x${frame.height}`
    background = createBackground(frame.width, frame.height)
    grid = createCellGrid(background.width, background.height)
    frozen = new Uint8Array(background.width * background.height)
    relearn(background, frame.data, frame.width)
    learningUntil = frame.capturedAt + LEARNING_MS
  }

  return {
    watch(frame, still) {
      if (!background || !grid || size !== `${frame.width}x${frame.height}`) {
        begin(frame)
        return { boxes: [], isSceneChange: false, isLearning: true }
      }
      const isLearning = frame.capturedAt < learningUntil
      const shift = isLearning ? LEARNING_SHIFT : SHIFT
      compareAndLearn(background, frame.data, frame.width, freeze(frozen, background, still), {
        floor: FLOOR,
        shift,
        changedShift: isLearning ? LEARNING_SHIFT : CHANGED_SHIFT,
        drift: lightDrift(background, frame.data, frame.width),
      })
      if (isLearning) return { boxes: [], isSceneChange: false, isLearning }
      countCells(grid, background.mask, background.width, background.height)
      const regions = findRegions(grid, MIN_CELL_PIXELS)
      const changedCells = regions.reduce((sum, region) => sum + region.cells, 0)
      if (changedCells >= SCENE_CHANGE_SHARE * grid.counts.length) {
        relearn(background, frame.data, frame.width)
        learningUntil = frame.capturedAt + LEARNING_MS
        return { boxes: [], isSceneChange: true, isLearning: true }
      }
      const { width, height } = background
      const solid = regions.filter(
        ({ cells, pixels }) => cells > SMALL_REGION_CELLS || pixels >= MIN_SMALL_REGION_PIXELS,
      )
      return { boxes: solid.map((region) => toBox(region, width, height)), isSceneChange: false, isLearning }
    },
  }
}

/** Marks the pixels under boxes; null when there are none, which is the common and cheaper case. */
function freeze(
  frozen: Uint8Array<ArrayBuffer>,
  { width, height }: Background,
  boxes: readonly Box[],
): Uint8Array | null {
  if (boxes.length === 0) return null
  frozen.fill(0)
  for (const box of boxes) {
    const left = Math.max(0, Math.floor(box.x * width))
    const right = Math.min(width, Math.ceil((box.x + box.width) * width))
    const bottom = Math.min(height, Math.ceil((box.y + box.height) * height))
    for (let y = Math.max(0, Math.floor(box.y * height)); y < bottom; y++)
      frozen.fill(1, y * width + left, y * width + right)
  }
  return frozen
}
