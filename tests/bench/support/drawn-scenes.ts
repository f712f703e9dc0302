// Small films with known truth, drawn pixel by pixel: a textured yard, noise, a walker, and whatever disturbs the view.
import type { Box } from '../../../appliance/src/api/common.ts'
import type { Frame } from '../../../appliance/src/media/frame.ts'

export const WIDTH = 640
export const HEIGHT = 360
export const FRAMES_PER_SECOND = 5

export interface DrawnFrame {
  frame: Frame
  /** Where somebody walks, or null. */
  walker: Box | null
}

interface SceneRecipe {
  /** Brightness of the yard, 0–255. */
  base: number
  /** Standard deviation of the sensor's noise. */
  noise: number
  /** How much brighter than the yard the walker is. */
  contrast: number
  disturb?(data: Uint8Array, index: number, random: () => number): void
}

const set = (data: Uint8Array, x: number, y: number, value: number): void => {
  if (x >= 0 && x < WIDTH && y >= 0 && y < HEIGHT) data[y * WIDTH + x] = value
}

/** Leaves in the upper left corner: patches that swing between two brightnesses. */
function foliage(data: Uint8Array, index: number, random: () => number): void {
  for (let patch = 0; patch < 120; patch++) {
    const swing = Math.sin(index * (0.7 + (patch % 7) * 0.2) + patch) * 18 + random() * 10
    const [left, top] = [(patch * 37) % 200, (patch * 53) % 120]
    for (let y = top; y < top + 6; y++) for (let x = left; x < left + 8; x++) set(data, x, y, 95 + swing)
  }
}

/** A clock in the corner: a digit changes every second. */
function clock(data: Uint8Array, index: number): void {
  const second = Math.floor(index / FRAMES_PER_SECOND)
  for (let digit = 0; digit < 8; digit++) {
    const value = Math.floor(second / 10 ** Math.max(0, 7 - digit - 1)) % 10
    for (let y = 8; y < 24; y++)
      for (let x = 0; x < 9; x++) set(data, 16 + digit * 12 + x, y, ((value + 1) * (x + y * 3)) % 5 === 0 ? 235 : 30)
  }
}

function rain(data: Uint8Array, _index: number, random: () => number): void {
  for (let drop = 0; drop < 160; drop++) {
    const [x, top] = [Math.floor(random() * WIDTH), Math.floor(random() * HEIGHT)]
    for (let y = top; y < top + 14; y++) set(data, x, y, 150)
  }
}

/** A lamp that goes on after 20 s and off after 50 s. */
function lamp(data: Uint8Array, index: number): void {
  const isOn = index >= 20 * FRAMES_PER_SECOND && index < 50 * FRAMES_PER_SECOND
  if (isOn) for (let i = 0; i < WIDTH * HEIGHT; i++) data[i] = Math.min(255, (data[i] as number) + 70)
}

export const SCENES: Readonly<Record<string, SceneRecipe>> = {
  day: { base: 90, noise: 3, contrast: 60 },
  night: { base: 30, noise: 7, contrast: 35 },
  foliage: { base: 90, noise: 3, contrast: 60, disturb: foliage },
  light: { base: 80, noise: 3, contrast: 60, disturb: lamp },
  clock: { base: 90, noise: 3, contrast: 60, disturb: clock },
  rain: { base: 90, noise: 3, contrast: 60, disturb: rain },
}

function createRandom(): () => number {
  let seed = 42
  return () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
}

/** Walks from left to right between seconds 30–38 and back between 60–68 of every 80. */
function walkerAt(index: number): Box | null {
  const second = (index / FRAMES_PER_SECOND) % 80
  const way =
    second >= 30 && second < 38 ? (second - 30) / 8 : second >= 60 && second < 68 ? 1 - (second - 60) / 8 : null
  if (way === null) return null
  return { x: way * 0.94, y: 0.5, width: 0.045, height: 0.22 }
}

/** Draws `seconds` of a scene, one frame at a time. */
export function* draw(name: string, seconds: number): Generator<DrawnFrame> {
  const { base, noise, contrast, disturb } = SCENES[name] as SceneRecipe
  const random = createRandom()
  const noiseTable = new Float32Array(1 << 16).map(() => (random() + random() + random() - 1.5) * 2 * noise)
  for (let index = 0; index < seconds * FRAMES_PER_SECOND; index++) {
    const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128)
    for (let i = 0; i < WIDTH * HEIGHT; i++) data[i] = base + ((i % WIDTH) >> 5) + ((i * 31) % 17)
    disturb?.(data, index, random)
    const walker = walkerAt(index)
    if (walker) paintWalker(data, walker, contrast)
    const start = Math.floor(random() * 65_536)
    for (let i = 0; i < WIDTH * HEIGHT; i++) {
      data[i] = Math.max(0, Math.min(255, (data[i] as number) + (noiseTable[(start + i) & 0xffff] as number)))
    }
    const capturedAt = 1_000_000 + (index * 1_000) / FRAMES_PER_SECOND
    yield { frame: { cameraId: name, width: WIDTH, height: HEIGHT, data, capturedAt, sequence: index }, walker }
  }
}

function paintWalker(data: Uint8Array, { x, y, width, height }: Box, contrast: number): void {
  for (let row = Math.floor(y * HEIGHT); row < (y + height) * HEIGHT; row++) {
    for (let column = Math.floor(x * WIDTH); column < (x + width) * WIDTH; column++) {
      set(data, column, row, Math.min(255, (data[row * WIDTH + column] as number) + contrast))
    }
  }
}
