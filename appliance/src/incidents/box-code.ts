import type { Box } from '../api/common.ts'

const WHOLE = 10_000

/** A box as four whole numbers, ten-thousandths of the picture: short and exact in JSON. */
export function encodeBox({ x, y, width, height }: Box): [number, number, number, number] {
  const code = (part: number): number => Math.round(part * WHOLE)
  return [code(x), code(y), code(width), code(height)]
}

export function decodeBox([x, y, width, height]: [number, number, number, number]): Box {
  return { x: x / WHOLE, y: y / WHOLE, width: width / WHOLE, height: height / WHOLE }
}
