/**
 * What each cell is used to. A place that keeps changing although the detector found nothing there to follow (a flag, leaves in
 * front of the lens) becomes a habit: only what goes beyond it is motion. It is looked at for a second and a half first.
 * A second, slower memory counts for minutes how often something begins at a place, and reaches one cell further: gusts have
 * pauses, and leaves swing a little further than they did.
 */
export interface Habits {
  /** `counts` are the changed pixels of each cell; frozen cells (1), under followed things, learn nothing. */
  learn(counts: Uint8Array, frozen: Uint8Array): void
  /** Changed pixels that are nothing new here. */
  usual(cell: number): number
}

const ONE = 1 << 14
/** Over about 13 s at 5 frames a second; back to calm within a minute. */
const SHIFT = 6
const CALMER_SHIFT = 8
/** A cell that was fully changed for 12 frames in a row has nothing new to tell; nor one that is in one of six for long. */
const WEIGHT = 2
/**
 * What changed for so many frames without a pause and then is as expected was put there, or is another light: the background
 * has learnt it, and nothing about the place is restless.
 */
const STAYED_FRAMES = 10
/** Over about 100 s. */
const RESTLESS_SHIFT = 9
/** A change begins when there was none for so many frames. */
const PAUSE_FRAMES = 2
/** Times that something began: who passes counts once or twice, however large; leaves count with every swing. */
const RESTLESS = 4 * ONE
const RESTLESS_WEIGHT = 2
/** Changed pixels of a cell; more would hide who walks in front of the leaves. */
const MOST_RESTLESS = 1

export function createHabits(columns: number, rows: number): Habits {
  const cells = columns * rows
  const rates = new Int32Array(cells)
  const restless = new Int32Array(cells)
  const changedFor = new Uint8Array(cells)
  const pauseIn = new Uint8Array(cells)
  let mostRestless = 0

  /** The most restless of a cell and its neighbours. */
  function restlessAround(cell: number): number {
    const left = cell % columns === 0 ? cell : cell - 1
    const right = cell % columns === columns - 1 ? cell : cell + 1
    let most = 0
    for (let row = cell < columns ? 0 : -columns; row <= columns && cell + row < cells; row += columns) {
      for (let near = left + row; near <= right + row; near++) most = Math.max(most, restless[near] as number)
    }
    return most
  }

  return {
    learn(counts, frozen) {
      mostRestless = 0
      for (let cell = 0; cell < cells; cell++) {
        const rate = rates[cell] as number
        const slow = restless[cell] as number
        const count = counts[cell] as number
        if (slow > mostRestless) mostRestless = slow
        if ((rate | slow | count | (pauseIn[cell] as number)) === 0 || frozen[cell] === 1) continue
        const more = count * ONE - rate
        const lasted = changedFor[cell] as number
        changedFor[cell] = count > 0 ? Math.min(255, lasted + 1) : 0
        const isLearnt = count === 0 && lasted >= STAYED_FRAMES
        rates[cell] = isLearnt ? 0 : rate + (more >> (more < 0 ? CALMER_SHIFT : SHIFT))
        const pause = pauseIn[cell] as number
        const begins = count > 0 && pause === 0
        restless[cell] = slow - (slow >> RESTLESS_SHIFT) + (begins ? ONE : 0)
        pauseIn[cell] = count > 0 ? PAUSE_FRAMES : Math.max(0, pause - 1)
      }
    },
    usual(cell) {
      const lately = ((rates[cell] as number) / ONE) ** 2 * WEIGHT
      if (mostRestless < RESTLESS) return lately
      const always = restlessAround(cell)
      if (always < RESTLESS) return lately
      return Math.max(lately, Math.min(MOST_RESTLESS, ((always - RESTLESS) / ONE) * RESTLESS_WEIGHT))
    },
  }
}
