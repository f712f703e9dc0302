import type { Box } from '../api/common.ts'
import type { Frame } from '../media/index.ts'
import { CELLS, cellsUnder } from './regions/cells.ts'
import type { Region } from './regions/crop.ts'
import { planRegions, type PlannedRegion, type Wanted } from './regions/plan.ts'

/** When a camera's picture is looked at as a whole, and which of the wanted crops come first. */
export interface Attention {
  /** Somebody outside noticed something. */
  hint(): void
  onSceneChange(at: number): void
  /** Without any motion a look is due: the first ones, now and then, after a hint. */
  isDue(at: number): boolean
  /** One to `most` regions of the frame. */
  plan(frame: Frame, wanted: readonly Wanted[], most: number, view: View): readonly Region[]
  onConcluded(at: number, looked: readonly Box[], isQuiet: boolean): void
  onFailure(): void
}

/** What planning needs to know of model and place. */
export interface View {
  inputSide: number
  sizeAt(box: Box): number | null
}

/** A whole look this often finds who stands still, and what motion did not notice. */
const WHOLE_EVERY_MS = 10_000
/** While looks of a still scene find nothing new they become rarer, down to this. */
const WHOLE_AT_LEAST_EVERY_MS = 30_000
const RARER = 1.5
/** After the light changed as a whole, whoever switched it on may be in sight. */
const AFTER_SCENE_CHANGE_MS = 1_000
const AFTER_HINT_MS = 2_000
/** More crops than this many rounds of looks could serve: one look at everything is better. */
const MOST_ROUNDS = 3

export function createAttention(): Attention {
  const lookedAt = new Float64Array(CELLS).fill(-Infinity)
  let wholeAt = -Infinity
  let wholeEveryMs = WHOLE_EVERY_MS
  let sceneChangedAt = -Infinity
  let hintedAt = -Infinity
  let isHinted = false
  let turn = 0

  const isSoonAfter = (at: number, since: number, ms: number): boolean => at >= since && at - since < ms
  // The clock may have been set back: then looking is the safe answer.
  const isWholeDue = (at: number): boolean =>
    at - wholeAt >= wholeEveryMs || at < wholeAt || isSoonAfter(at, sceneChangedAt, AFTER_SCENE_CHANGE_MS)

  /** When the place that was neglected longest was looked at. */
  function neglectedSince({ wanted }: PlannedRegion): number {
    return Math.min(...wanted.flatMap(({ box }) => cellsUnder(box)).map((cell) => lookedAt[cell] as number))
  }

  return {
    hint() {
      isHinted = true
    },
    onSceneChange(at) {
      sceneChangedAt = at
    },
    isDue(at) {
      if (isHinted) hintedAt = at
      isHinted = false
      return isWholeDue(at) || isSoonAfter(at, hintedAt, AFTER_HINT_MS)
    },
    plan(frame, wanted, most, { inputSide, sizeAt }) {
      const { width, height, capturedAt } = frame
      const planned = isWholeDue(capturedAt)
        ? []
        : planRegions(wanted, { width, height, inputSide, sizeAt, turn: turn++ })
      if (planned.length === 0 || planned.length > MOST_ROUNDS * most) {
        wholeAt = capturedAt
        return [{ left: 0, top: 0, width, height }]
      }
      const byNeglect = planned.toSorted((a, b) => neglectedSince(a) - neglectedSince(b))
      return byNeglect.slice(0, most).map(({ region }) => region)
    },
    onConcluded(at, looked, isQuiet) {
      for (const cell of looked.flatMap(cellsUnder)) lookedAt[cell] = at
      wholeEveryMs = isQuiet ? Math.min(wholeEveryMs * RARER, WHOLE_AT_LEAST_EVERY_MS) : WHOLE_EVERY_MS
    },
    onFailure() {
      wholeAt = -Infinity
    },
  }
}
