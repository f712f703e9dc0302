// The ground of the truth clips: a yard drawn from noise of several sizes, with house, windows, path and fence.
import { hashOf, randomFrom, type Random } from './random.ts'

export const WIDTH = 640
export const HEIGHT = 360
export const PIXELS = WIDTH * HEIGHT

/** Smooth noise, −1 to 1: a grid of random values every `size` pixels, blended between. */
function blobs(random: Random, size: number): Float32Array {
  const columns = Math.ceil(WIDTH / size) + 2
  const grid = new Float32Array(columns * (Math.ceil(HEIGHT / size) + 2)).map(() => random() * 2 - 1)
  const out = new Float32Array(PIXELS)
  for (let y = 0; y < HEIGHT; y++) {
    const row = Math.floor(y / size)
    const down = y / size - row
    for (let x = 0; x < WIDTH; x++) {
      const column = Math.floor(x / size)
      const right = x / size - column
      const at = row * columns + column
      const top = (grid[at] as number) * (1 - right) + (grid[at + 1] as number) * right
      const low = (grid[at + columns] as number) * (1 - right) + (grid[at + columns + 1] as number) * right
      out[y * WIDTH + x] = top * (1 - down) + low * down
    }
  }
  return out
}

/** What the yard reflects, around `base` gray levels. Another `variant` of a seed is the same place in other light (infrared). */
export function drawYard(seed: number, base = 95, variant = 0): Float32Array {
  const place = randomFrom(hashOf(seed, 1))
  const skin = randomFrom(hashOf(seed, 2 + variant))
  const out = new Float32Array(PIXELS).fill(base)
  for (const [size, strength] of [
    [120, 14],
    [40, 9],
    [12, 7],
    [4, 6],
  ] as const) {
    // Large and small shapes belong to the place, how bright each is to the light.
    const layer = blobs(place, size)
    const sign = variant > 0 && skin() < 0.3 ? -1 : 1
    for (let i = 0; i < PIXELS; i++) out[i] = (out[i] as number) + (layer[i] as number) * strength * sign
  }
  for (let n = 0; n < 14; n++) {
    const [width, height] = [20 + place() * 130, 15 + place() * 70]
    const [left, top] = [place() * (WIDTH - width), place() * (HEIGHT - height)]
    const tone = (skin() - 0.5) * 80
    for (let y = Math.floor(top); y < top + height; y++)
      for (let x = Math.floor(left); x < left + width; x++) out[y * WIDTH + x] = (out[y * WIDTH + x] as number) + tone
  }
  return out.map((value) => Math.max(20, Math.min(225, value)))
}
