import type { Box } from '../api/common.ts'

export function areaOf({ width, height }: Box): number {
  return width * height
}

export function intersectionOf(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return width > 0 && height > 0 ? width * height : 0
}

/** Shared area ÷ covered area, 0–1. */
export function iou(a: Box, b: Box): number {
  const shared = intersectionOf(a, b)
  return shared === 0 ? 0 : shared / (areaOf(a) + areaOf(b) - shared)
}

/** The part of a box that lies inside the unit square, or null when nothing of it does. */
export function clipToUnit({ x, y, width, height }: Box): Box | null {
  const left = Math.max(0, x)
  const top = Math.max(0, y)
  const right = Math.min(1, x + width)
  const bottom = Math.min(1, y + height)
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : null
}

/** Distance of the centres ÷ the mean diagonal of the boxes: 1 means "one box length away". */
export function centreDistance(a: Box, b: Box): number {
  const dx = a.x + a.width / 2 - b.x - b.width / 2
  const dy = a.y + a.height / 2 - b.y - b.height / 2
  const diagonal = (Math.hypot(a.width, a.height) + Math.hypot(b.width, b.height)) / 2
  return diagonal > 0 ? Math.hypot(dx, dy) / diagonal : Infinity
}
