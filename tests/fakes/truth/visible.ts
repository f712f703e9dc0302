// How much of a figure can be seen: leaves, a flake or too much light can hide it, and so can ground of its own tone.
import { HEIGHT, PIXELS, WIDTH } from './yard.ts'
import type { Sight } from './walkers.ts'

/** Of its contrast, for a pixel of it to be seen. */
const VISIBLE = 0.4
const WHITE = 255

/** Indices of the pixels that a figure was painted on. */
export function figureOf(scene: Float32Array, bare: Float32Array, { box }: Sight): number[] {
  const pixels: number[] = []
  const right = Math.min(WIDTH, (box.x + box.width) * WIDTH)
  const bottom = Math.min(HEIGHT, (box.y + box.height) * HEIGHT)
  for (let y = Math.max(0, Math.floor(box.y * HEIGHT)); y < bottom; y++)
    for (let x = Math.max(0, Math.floor(box.x * WIDTH)); x < right; x++) {
      const i = y * WIDTH + x
      if (i < PIXELS && scene[i] !== bare[i]) pixels.push(i)
    }
  return pixels
}

/** Share of a figure's pixels, 0 to 1, that differ visibly from the same picture without it, as far as a camera's range goes. */
export function visibleShare(
  scene: Float32Array,
  bare: Float32Array,
  figure: readonly number[],
  contrast: number,
): number {
  if (figure.length === 0) return 0
  const inRange = (value: number): number => Math.max(0, Math.min(WHITE, value))
  const isVisible = (i: number): boolean =>
    Math.abs(inRange(scene[i] as number) - inRange(bare[i] as number)) >= VISIBLE * contrast
  return figure.filter(isVisible).length / figure.length
}
