// Films with frame-exact truth, five pictures a second. Seeds 100 to 199 and 2000 to 2099 are for making the detector; those for judging
// were scored once, when it was done: the next change of the detector needs others. Generator and detector have the same author: a target
// met here is no proof.
import type { Frame } from '../../../appliance/src/media/frame.ts'
import * as disturb from './disturb.ts'
import { hashOf, noiseTable, randomFrom } from './random.ts'
import { figureOf, visibleShare } from './visible.ts'
import { paintWalker, planWalkers, sightOf, type Sight, type Walker } from './walkers.ts'
import { drawYard, HEIGHT, PIXELS, WIDTH } from './yard.ts'

export const FRAMES_PER_SECOND = 5
export const SEEDS_FOR_MAKING = [101, 102]
export const SEEDS_FOR_JUDGING = [9101, 9102, 9103, 9104, 9105, 9106]

export interface TruthFrame {
  frame: Frame
  atS: number
  /** Who can be seen in it, and where. */
  sights: readonly Sight[]
}

interface Recipe {
  /** Share of the full range of brightness: night has a third. */
  range: number
  /** Standard deviation of the sensor's noise. */
  noise: number
  disturb?: (seed: number) => disturb.Disturb
  /** Drawn after the noise, by the camera itself. */
  overlay?: (seed: number) => disturb.Disturb
  isEmpty?: true
  /** At this second the infrared light goes on: the same place, otherwise lit, and more noise. */
  infraredAtS?: number
}

export const CLIPS: Readonly<Record<string, Recipe>> = {
  still: { range: 1, noise: 2, isEmpty: true },
  day: { range: 1, noise: 3 },
  night: { range: 0.35, noise: 6 },
  foliage: { range: 1, noise: 3, disturb: disturb.foliage },
  light: { range: 0.8, noise: 3, disturb: disturb.light },
  infrared: { range: 0.8, noise: 3, infraredAtS: 62 },
  lightning: { range: 0.4, noise: 5, disturb: disturb.lightning },
  clock: { range: 1, noise: 3, overlay: disturb.clock },
  rain: { range: 0.8, noise: 3, disturb: disturb.rain },
  snow: { range: 0.8, noise: 3, disturb: disturb.snow },
  insects: { range: 0.6, noise: 4, disturb: disturb.insects },
  headlights: { range: 0.45, noise: 4, disturb: disturb.headlights },
}

/** Mean brightness of the ground under a walker. */
function groundUnder(yard: Float32Array, { box }: Sight): number {
  const [left, top] = [Math.max(0, Math.floor(box.x * WIDTH)), Math.max(0, Math.floor(box.y * HEIGHT))]
  const [right, bottom] = [
    Math.min(WIDTH, (box.x + box.width) * WIDTH),
    Math.min(HEIGHT, (box.y + box.height) * HEIGHT),
  ]
  let [sum, count] = [0, 0]
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++, count++) sum += yard[y * WIDTH + x] as number
  return count === 0 ? 100 : sum / count
}

interface Stage {
  yard: Float32Array
  walkers: readonly Walker[]
  range: number
}

/** The scene in one moment, without disturbances and noise. */
export function setScene(scene: Float32Array, { yard, walkers, range }: Stage, atS: number): Sight[] {
  scene.set(yard)
  const sights: Sight[] = []
  for (const walker of walkers) {
    const sight = sightOf(walker, atS)
    if (!sight) continue
    paintWalker(scene, walker, sight, groundUnder(yard, sight), 1)
    sights.push(sight)
  }
  if (range !== 1) for (let i = 0; i < PIXELS; i++) scene[i] = 16 + ((scene[i] as number) - 16) * range
  return sights
}

/** What a camera makes of a scene: noise, whole gray levels, an overlay, and colours. */
export function expose(scene: Float32Array, noise: Float32Array, strength: number, turn: number): Uint8Array {
  const data = new Uint8Array((PIXELS * 3) / 2).fill(128)
  const clamped = new Uint8ClampedArray(data.buffer, 0, PIXELS)
  for (let i = 0, n = turn; i < PIXELS; i++, n++)
    clamped[i] = (scene[i] as number) + (noise[n & 0xffff] as number) * strength
  return data
}

export function frameOf(data: Uint8Array, index: number, cameraId: string): Frame {
  const capturedAt = 1_000_000 + Math.round((index * 1_000) / FRAMES_PER_SECOND)
  return { cameraId, width: WIDTH, height: HEIGHT, data, capturedAt, sequence: index }
}

/** Draws a clip, one frame at a time. */
export function* truthClip(name: string, seed: number, seconds = 120): Generator<TruthFrame> {
  const recipe = CLIPS[name] as Recipe
  const day = drawYard(seed)
  const infrared = recipe.infraredAtS === undefined ? day : drawYard(seed, 80, 1)
  const walkers = recipe.isEmpty ? [] : planWalkers(seed, seconds)
  const [noise, shuffle] = [noiseTable(randomFrom(hashOf(seed, 4))), randomFrom(hashOf(seed, 5))]
  const [change, overlay] = [recipe.disturb?.(seed), recipe.overlay?.(seed)]
  const scene = new Float32Array(PIXELS)
  // The same disturbances once more, over the same place without anybody: what differs is what can be seen of them.
  const [bare, changeBare] = [new Float32Array(PIXELS), recipe.disturb?.(seed)]
  for (let index = 0; index < seconds * FRAMES_PER_SECOND; index++) {
    const atS = index / FRAMES_PER_SECOND
    const isInfrared = recipe.infraredAtS !== undefined && atS >= recipe.infraredAtS
    const stage = { yard: isInfrared ? infrared : day, range: recipe.range }
    const drawn = setScene(scene, { ...stage, walkers }, atS)
    setScene(bare, { ...stage, walkers: [] }, atS)
    const figures = drawn.map((sight) => figureOf(scene, bare, sight))
    change?.(scene, atS)
    changeBare?.(bare, atS)
    const sights = drawn.map((sight, n) => {
      const contrast = Math.abs((walkers[sight.id] as Walker).contrast) * recipe.range
      return { ...sight, shown: sight.shown * visibleShare(scene, bare, figures[n] as number[], contrast) }
    })
    const data = expose(scene, noise, isInfrared ? recipe.noise * 1.6 : recipe.noise, Math.floor(shuffle() * 65_536))
    if (overlay) drawOver(data, overlay, atS)
    yield { frame: frameOf(data, index, name), atS, sights }
  }
}

function drawOver(data: Uint8Array, overlay: disturb.Disturb, atS: number): void {
  const picture = Float32Array.from(data.subarray(0, PIXELS))
  overlay(picture, atS)
  for (let i = 0; i < PIXELS; i++) data[i] = picture[i] as number
}
