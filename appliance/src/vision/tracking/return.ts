import type { Box } from '../../api/common.ts'
import { areaOf, centreDistance, intersectionOf } from '../boxes.ts'
import { isVehicle, mayBeTheSame } from '../coco.ts'
import type { Detection } from '../types.ts'
import { expectedBox, type Return, type Track } from './track.ts'

/** Nearer to the picture's edge than this: whoever is lost here has probably left the picture. */
const EDGE = 0.02
/** Behind a car is who was covered by its box to this share. */
const HIDDEN_SHARE = 0.25
/** People come one after another through a gate: who left by the edge is believed to be the same for a few seconds only. */
const FROM_EDGE_WITHIN_MS = 4_000
/** Behind a car there is nothing but who went there. */
const FROM_CAR_WITHIN_MS = 10_000
/** Box lengths around the place where one was lost. */
const EDGE_REACH = 1.5
const CAR_REACH = 0.5
/** Somebody who comes back is about as tall as before. */
const LEAST_HEIGHT_RATIO = 0.6

/** Where a track that is not found any more may come back; null when it did not go anywhere from where one returns. */
export function returnOf(track: Track, others: readonly Track[], at: number): Return | null {
  if (!track.isConfirmed || isVehicle(track.name)) return null
  const expected = expectedBox(track, at)
  const car = others.find(
    (other) => isVehicle(other.name) && intersectionOf(expected, other.box) >= HIDDEN_SHARE * areaOf(expected),
  )
  const length = Math.max(track.box.width, track.box.height)
  if (car) return { area: grow(union(car.box, track.box), CAR_REACH * length), withinMs: FROM_CAR_WITHIN_MS }
  const isAtEdge = [track.box, expected].some(
    ({ x, y, width, height }) => x <= EDGE || y <= EDGE || x + width >= 1 - EDGE || y + height >= 1 - EDGE,
  )
  return isAtEdge ? { area: grow(track.box, EDGE_REACH * length), withinMs: FROM_EDGE_WITHIN_MS } : null
}

/** How well something fits a track that went away: the nearer the better; null when it is another one. */
export function returnLikeness({ name, box, mayReturn }: Track, found: Detection): number | null {
  if (!mayReturn || !mayBeTheSame(name, found.class)) return null
  const ratio = found.box.height / box.height
  if (ratio < LEAST_HEIGHT_RATIO || ratio > 1 / LEAST_HEIGHT_RATIO) return null
  const [x, y] = [found.box.x + found.box.width / 2, found.box.y + found.box.height / 2]
  const { x: left, y: top, width, height } = mayReturn.area
  const isInside = x >= left && x <= left + width && y >= top && y <= top + height
  return isInside ? -centreDistance(box, found.box) : null
}

function union(a: Box, b: Box): Box {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)]
  const width = Math.max(a.x + a.width, b.x + b.width) - x
  return { x, y, width, height: Math.max(a.y + a.height, b.y + b.height) - y }
}

function grow({ x, y, width, height }: Box, by: number): Box {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by }
}
