import type { Box } from '../api/common.ts'
import type { Point, Polygon } from '../api/zones.ts'

/** Polygons become strips: so many to the height of the picture. */
const STRIPS = 120
/** Pixels that are covered beyond the strip: what lies beside it was blended into them when the picture shrank. */
const MARGIN_PX = 2

/**
 * Rectangles (fractions of the picture) that cover polygons, and a little more, never less: strips as high as a 120th of
 * the picture, each as wide as the polygon is anywhere within it; alike ones are joined.
 */
export function coverOf(polygons: readonly Polygon[]): Box[] {
  return polygons.flatMap((polygon) => joined(stripsOf(polygon)))
}

function stripsOf(polygon: Polygon): Box[] {
  const heights = polygon.map(({ y }) => y)
  const first = Math.floor(Math.min(...heights) * STRIPS)
  const last = Math.min(STRIPS - 1, Math.floor(Math.max(...heights) * STRIPS))
  return Array.from({ length: last - first + 1 }, (_, n) => stripOf(polygon, (first + n) / STRIPS)).flatMap(
    (strip) => strip ?? [],
  )
}

/** As wide as the polygon is between `top` and the next strip, gaps of what is hollow included. */
function stripOf(polygon: Polygon, top: number): Box | null {
  const bottom = top + 1 / STRIPS
  const found = polygon.flatMap((a, n) => widthOf(a, polygon[(n + 1) % polygon.length] as Point, top, bottom))
  if (found.length === 0) return null
  const left = Math.min(...found)
  return { x: left, y: top, width: Math.max(...found) - left, height: 1 / STRIPS }
}

/** Where an edge is between two heights: its ends there. */
function widthOf(a: Point, b: Point, top: number, bottom: number): number[] {
  if (Math.max(a.y, b.y) < top || Math.min(a.y, b.y) > bottom) return []
  if (a.y === b.y) return [a.x, b.x]
  const at = (y: number): number => a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y)
  const [from, to] = [Math.max(top, Math.min(a.y, b.y)), Math.min(bottom, Math.max(a.y, b.y))]
  return [at(from), at(to)]
}

const SAME = 1e-6

function joined(strips: readonly Box[]): Box[] {
  const boxes: Box[] = []
  for (const strip of strips) {
    const last = boxes.at(-1)
    const isSame = last && Math.abs(last.x - strip.x) < SAME && Math.abs(last.width - strip.width) < SAME
    if (isSame) last.height = strip.y + strip.height - last.y
    else boxes.push({ ...strip })
  }
  return boxes
}

/** ffmpeg's filter that makes them black; the same margin as `paintBlack`. */
export function maskFilter(cover: readonly Box[]): string {
  const boxes = cover.map(({ x, y, width, height }) => {
    const [left, top] = [`iw*${x.toFixed(5)}-${MARGIN_PX}`, `ih*${y.toFixed(5)}-${MARGIN_PX}`]
    const [wide, high] = [`iw*${width.toFixed(5)}+${2 * MARGIN_PX + 1}`, `ih*${height.toFixed(5)}+${2 * MARGIN_PX + 1}`]
    return `drawbox=x='${left}':y='${top}':w='${wide}':h='${high}':color=black:t=fill`
  })
  return ['format=yuv420p', ...boxes].join(',')
}

const BLACK_LUMA = 16
const NO_COLOUR = 128

/** Makes them black in a picture (planar YUV 4:2:0), in place: only where the picture is made, before anybody has it. */
export function paintBlack(picture: { width: number; height: number; data: Uint8Array }, cover: readonly Box[]): void {
  const { width, height, data } = picture
  for (const box of cover) {
    // Even, so that luma and chroma end alike.
    const left = Math.max(0, Math.floor((box.x * width - MARGIN_PX) / 2) * 2)
    const top = Math.max(0, Math.floor((box.y * height - MARGIN_PX) / 2) * 2)
    const right = Math.min(width, Math.ceil(((box.x + box.width) * width + MARGIN_PX) / 2) * 2)
    const bottom = Math.min(height, Math.ceil(((box.y + box.height) * height + MARGIN_PX) / 2) * 2)
    fill(data, { from: 0, stride: width, left, top, right, bottom, value: BLACK_LUMA })
    const half = { stride: width / 2, left: left / 2, top: top / 2, right: right / 2, bottom: bottom / 2 }
    const chroma = (width * height) / 4
    fill(data, { ...half, from: width * height, value: NO_COLOUR })
    fill(data, { ...half, from: width * height + chroma, value: NO_COLOUR })
  }
}

interface Area {
  /** Where the plane begins. */
  from: number
  stride: number
  left: number
  top: number
  right: number
  bottom: number
  value: number
}

function fill(data: Uint8Array, { from, stride, left, top, right, bottom, value }: Area): void {
  for (let row = top; row < bottom; row++) data.fill(value, from + row * stride + left, from + row * stride + right)
}
