import type { Box } from '../api/common.ts'
import { CELLS, cellsUnder } from './regions/cells.ts'

/**
 * Where motion again and again turns out to be nothing (a tree in the wind), not every picture is looked at; motion
 * anywhere else is looked at as ever. A place calms down by half in a minute, and at once when something is found.
 */
export interface Pace {
  /** May this picture be skipped, although something moves in it? Counts along. */
  skips(motion: readonly Box[], at: number): boolean
  /** What a look because of motion alone came to. */
  learn(motion: readonly Box[], found: readonly Box[]): void
  /** 1: every picture with motion is looked at. 3: every third. */
  everyNth(): number
}

/** Looks for nothing, of which each counts, until every second and every third picture is enough. */
const SECOND_AFTER = 25
const THIRD_AFTER = 60
const MOST = 120
const HALVE_EVERY_MS = 60_000

export function createPace(): Pace {
  const fruitless = new Float64Array(CELLS)
  let nth = 1
  let turn = 0
  let halvedAt = -Infinity

  function calmDown(at: number): void {
    if (at - halvedAt < HALVE_EVERY_MS && at >= halvedAt) return
    if (halvedAt !== -Infinity)
      for (let cell = 0; cell < CELLS; cell++) fruitless[cell] = (fruitless[cell] as number) / 2
    halvedAt = at
  }

  /** The freshest of the cells that a box touches decides: who steps out of the hedge is news. */
  const staleness = (box: Box): number => Math.min(...cellsUnder(box).map((cell) => fruitless[cell] as number))

  return {
    everyNth: () => nth,
    skips(motion, at) {
      calmDown(at)
      const stalest = motion.length === 0 ? 0 : Math.min(...motion.map(staleness))
      nth = stalest >= THIRD_AFTER ? 3 : stalest >= SECOND_AFTER ? 2 : 1
      turn = (turn + 1) % nth
      return turn !== 0
    },
    learn(motion, found) {
      for (const cell of new Set(motion.flatMap(cellsUnder))) {
        fruitless[cell] = Math.min(MOST, (fruitless[cell] as number) + 1)
      }
      for (const cell of found.flatMap(cellsUnder)) fruitless[cell] = 0
    },
  }
}
