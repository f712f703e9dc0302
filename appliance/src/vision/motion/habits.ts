/**
 * Cells that keep changing although the detector found nothing there to follow (a clock in the picture, a flag, leaves in
 * front of the lens) become a habit and alone are no motion any more. They are looked at for two and a half seconds
 * first, and calm down again within a quarter of a minute.
 */
export interface Habits {
  /** `counts` are the changed pixels of each cell; frozen cells, under followed things, learn nothing. */
  learn(counts: Uint8Array, minPixels: number, frozen: Uint8Array): void
  isHabit(cell: number): boolean
}

const ONE = 1 << 14
/** Over about 13 s at 5 frames a second. */
const SHIFT = 6
/** Reached by 12 changed frames in a row, or by one in six for long. */
const HABIT = Math.round(0.17 * ONE)

export function createHabits(cells: number): Habits {
  const rates = new Int32Array(cells)
  return {
    learn(counts, minPixels, frozen) {
      for (let cell = 0; cell < cells; cell++) {
        if (frozen[cell] === 1) continue
        const rate = rates[cell] as number
        const now = (counts[cell] as number) >= minPixels ? ONE : 0
        rates[cell] = rate + ((now - rate) >> SHIFT)
      }
    },
    isHabit: (cell) => (rates[cell] as number) >= HABIT,
  }
}
