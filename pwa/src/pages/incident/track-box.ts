// Where a followed thing was at a moment, between the points that were kept. Pure.
import type { Box, Track } from '../../wire.ts'

/** A box stays this long after its last point: points are thinned out. */
const LINGER_MS = 700

/** The box at `at` (epoch milliseconds), straight between its neighbours; null before the first and after the last. */
export function boxAt(path: Track['path'], at: number): Box | null {
  const after = path.findIndex((point) => point.at >= at)
  const last = path.at(-1)
  if (after === -1) return last && at - last.at <= LINGER_MS ? last.box : null
  const right = path[after]
  const left = path[after - 1]
  if (!right) return null
  if (right.at === at) return right.box
  if (!left) return null
  const share = (at - left.at) / (right.at - left.at)
  return {
    x: between(left.box.x, right.box.x, share),
    y: between(left.box.y, right.box.y, share),
    width: between(left.box.width, right.box.width, share),
    height: between(left.box.height, right.box.height, share),
  }
}

function between(from: number, to: number, share: number): number {
  return from + (to - from) * share
}
