import type { Box } from '../../api/common.ts'
import type { Point, Polygon } from '../../api/zones.ts'

/** Where somebody stands: the middle of the lower edge, within the picture. */
export function footOf({ x, y, width, height }: Box): Point {
  const within = (value: number): number => Math.min(1, Math.max(0, value))
  return { x: within(x + width / 2), y: within(y + height) }
}

const pairsOf = (polygon: Polygon): [Point, Point][] =>
  polygon.map((point, n) => [point, polygon[(n + 1) % polygon.length] as Point])

/** Twice the area to the right (positive, as the picture's y goes down) or left of the way from a to b. */
export const sideOf = (a: Point, b: Point, point: Point): number =>
  (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x)

function isOn(a: Point, b: Point, point: Point): boolean {
  const within = (value: number, one: number, other: number): boolean =>
    value >= Math.min(one, other) && value <= Math.max(one, other)
  return sideOf(a, b, point) === 0 && within(point.x, a.x, b.x) && within(point.y, a.y, b.y)
}

/** The edge itself is inside: a zone that reaches to the edge of the picture holds whoever stands there. */
export function isInside(point: Point, polygon: Polygon): boolean {
  let inside = false
  for (const [a, b] of pairsOf(polygon)) {
    if (isOn(a, b, point)) return true
    const straddles = a.y > point.y !== b.y > point.y
    if (straddles && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x) inside = !inside
  }
  return inside
}

/** Whether two ways meet, their ends included. */
export function doMeet(a: Point, b: Point, c: Point, d: Point): boolean {
  const [ofC, ofD] = [Math.sign(sideOf(a, b, c)), Math.sign(sideOf(a, b, d))]
  const [ofA, ofB] = [Math.sign(sideOf(c, d, a)), Math.sign(sideOf(c, d, b))]
  if (ofC !== ofD && ofA !== ofB && ofC * ofD <= 0 && ofA * ofB <= 0) return true
  return isOn(a, b, c) || isOn(a, b, d) || isOn(c, d, a) || isOn(c, d, b)
}

/** Edges that are not neighbours meet, or neighbours lie on each other. */
export function crossesItself(polygon: Polygon): boolean {
  const edges = pairsOf(polygon)
  return edges.some(([a, b], n) =>
    edges.slice(n + 1).some(([c, d], m) => {
      const isNext = m === 0
      const isLastOfFirst = n === 0 && n + 1 + m === edges.length - 1
      if (isNext) return isOn(a, b, d) || isOn(c, d, a)
      if (isLastOfFirst) return isOn(a, b, c) || isOn(c, d, b)
      return doMeet(a, b, c, d)
    }),
  )
}

/** Share of the picture, 0–1. */
export function areaOfPolygon(polygon: Polygon): number {
  return Math.abs(pairsOf(polygon).reduce((sum, [a, b]) => sum + a.x * b.y - b.x * a.y, 0)) / 2
}

const SAMPLES = 5

/** How much of a box lies in one of the polygons, 0–1, by 25 samples. */
export function shareInside({ x, y, width, height }: Box, polygons: readonly Polygon[]): number {
  let inside = 0
  for (let row = 0; row < SAMPLES; row++)
    for (let column = 0; column < SAMPLES; column++) {
      const point = { x: x + ((column + 0.5) / SAMPLES) * width, y: y + ((row + 0.5) / SAMPLES) * height }
      if (polygons.some((polygon) => isInside(point, polygon))) inside++
    }
  return inside / (SAMPLES * SAMPLES)
}
