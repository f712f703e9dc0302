// Who walks through the truth clips: 18 figures, six heights in three contrasts, one after the other.
import type { Box } from '../../../appliance/src/api/common.ts'
import { hashOf, randomFrom } from './random.ts'
import { HEIGHT, WIDTH } from './yard.ts'

export interface Walker {
  id: number
  /** Share of the picture's height. */
  height: number
  /** Gray levels by which it differs from the ground where it walks, before the clip's own scale. */
  contrast: number
  startS: number
  endS: number
  /** Where it comes out from behind something, in pixels; it walks towards `direction` and goes behind something again. */
  fromX: number
  footY: number
  direction: 1 | -1
  speed: number
}

/** Where a walker can be seen in one frame. */
export interface Sight {
  id: number
  box: Box
  /** Share of it that is not behind something. */
  shown: number
}

const HEIGHTS = [0.03, 0.05, 0.08, 0.12, 0.2, 0.3]
const CONTRASTS = [25, 45, 80]
const FIRST_S = 5
/** Body heights a second: a walk. */
const PACE = 0.8
const WIDTH_TO_HEIGHT = 0.4

/** Spread over `seconds`, in an order of the seed. */
export function planWalkers(seed: number, seconds: number): Walker[] {
  const random = randomFrom(hashOf(seed, 3))
  const kinds = HEIGHTS.flatMap((height) => CONTRASTS.map((contrast) => ({ height, contrast })))
  for (let n = kinds.length - 1; n > 0; n--) {
    const other = Math.floor(random() * (n + 1))
    ;[kinds[n], kinds[other]] = [kinds[other] as (typeof kinds)[0], kinds[n] as (typeof kinds)[0]]
  }
  const each = (seconds - FIRST_S) / kinds.length
  return kinds.map(({ height, contrast }, id) => {
    const startS = FIRST_S + id * each
    const lasting = Math.min(each * 0.75, 5)
    const tall = height * HEIGHT
    const direction = random() < 0.5 ? 1 : -1
    const speed = Math.max(PACE * tall, 12)
    const way = speed * lasting + tall
    const [low, high] = direction === 1 ? [10, WIDTH - 10 - way] : [10 + way, WIDTH - 10]
    return {
      ...{ id, height, startS, endS: startS + lasting, direction, speed },
      contrast: contrast * (random() < 0.5 ? 1 : -1),
      fromX: low + random() * Math.max(0, high - low),
      footY: HEIGHT * (0.35 + 0.6 * random()) * (1 - height) + tall,
    }
  })
}

/** Its box in this moment, cut off where it comes from; null while it is not there. */
export function sightOf(walker: Walker, atS: number): Sight | null {
  if (atS < walker.startS || atS >= walker.endS) return null
  const tall = walker.height * HEIGHT
  const wide = tall * WIDTH_TO_HEIGHT
  const front = walker.fromX + walker.direction * walker.speed * (atS - walker.startS)
  const bob = Math.sin(atS * 9) * tall * 0.02
  const [left, right] = walker.direction === 1 ? [front - wide, front] : [front, front + wide]
  const [seenLeft, seenRight] =
    walker.direction === 1 ? [Math.max(left, walker.fromX), right] : [left, Math.min(right, walker.fromX)]
  if (seenRight - seenLeft < 1) return null
  const top = walker.footY - tall + bob
  const box = { x: seenLeft / WIDTH, y: top / HEIGHT, width: (seenRight - seenLeft) / WIDTH, height: tall / HEIGHT }
  return { id: walker.id, box, shown: (seenRight - seenLeft) / wide }
}

/** Head, body and two legs that swing, each of its own tone. `strength` scales the contrast (night). */
export function paintWalker(scene: Float32Array, walker: Walker, sight: Sight, ground: number, strength: number): void {
  const tall = walker.height * HEIGHT
  const wide = tall * WIDTH_TO_HEIGHT
  const left = walker.direction === 1 ? (sight.box.x + sight.box.width) * WIDTH - wide : sight.box.x * WIDTH
  const [seenLeft, seenRight] = [sight.box.x * WIDTH, (sight.box.x + sight.box.width) * WIDTH]
  const top = sight.box.y * HEIGHT
  const swing = Math.sin(left * 0.9) * 0.2
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(HEIGHT, top + tall); y++) {
    const down = (y + 0.5 - top) / tall
    for (let x = Math.max(0, Math.floor(seenLeft)); x < Math.min(WIDTH, seenRight); x++) {
      const across = (x + 0.5 - left) / wide - 0.5
      const tone = toneAt(across, down, swing)
      if (tone !== 0) scene[y * WIDTH + x] = ground + walker.contrast * tone * strength
    }
  }
}

function toneAt(across: number, down: number, swing: number): number {
  if (down < 0.18) return across ** 2 / 0.04 + (down - 0.09) ** 2 / 0.0081 < 1 ? 0.9 : 0
  if (down < 0.6) return Math.abs(across) < 0.42 ? 1 : 0
  const spread = ((down - 0.6) / 0.4) * swing
  const isLeg = Math.abs(across - 0.16 - spread) < 0.16 || Math.abs(across + 0.16 + spread) < 0.16
  return isLeg ? 1.15 : 0
}
