/** Pictures so near to each other tell of the same moment. */
const MOMENT_MS = 30_000

/**
 * The order in which a burst is looked at: moments newest first, since what happens now matters most, but each moment in
 * the order in which it happened, since people are followed forwards. Pure.
 */
export function inWorkingOrder<T extends { takenAt: number }>(files: readonly T[]): T[] {
  const sorted = files.toSorted((a, b) => a.takenAt - b.takenAt)
  const moments: T[][] = []
  let last = -Infinity
  for (const file of sorted) {
    if (file.takenAt - last > MOMENT_MS) moments.push([])
    moments.at(-1)?.push(file)
    last = file.takenAt
  }
  return moments.toReversed().flat()
}
