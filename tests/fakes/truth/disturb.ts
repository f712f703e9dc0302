// What disturbs the view in the truth clips. Each gets the scene in gray levels, before the camera's noise, and draws itself.
import { hashOf, randomFrom, type Random } from './random.ts'
import { HEIGHT, PIXELS, WIDTH } from './yard.ts'

export type Disturb = (scene: Float32Array, atS: number) => void

const blend = (scene: Float32Array, x: number, y: number, tone: number, share: number): void => {
  if (x < 0 || x >= WIDTH || y < 0 || y >= HEIGHT) return
  const at = Math.floor(y) * WIDTH + Math.floor(x)
  scene[at] = (scene[at] as number) * (1 - share) + tone * share
}

/** A soft round spot; `edge` is the share of its radius over which it fades. */
function spot(
  scene: Float32Array,
  centre: readonly [number, number],
  radius: number,
  tone: number,
  opacity: number,
  edge: number,
): void {
  const [cx, cy] = centre
  for (let y = Math.floor(cy - radius); y <= cy + radius; y++) {
    for (let x = Math.floor(cx - radius); x <= cx + radius; x++) {
      const far = Math.hypot(x - cx, y - cy) / radius
      if (far < 1) blend(scene, x, y, tone, opacity * Math.min(1, (1 - far) / edge))
    }
  }
}

/** Bushes in two corners: their leaves swing in gusts, each place at its own pace, and take the ground's texture along. */
export function foliage(seed: number): Disturb {
  const random = randomFrom(hashOf(seed, 10))
  const leaves = Array.from({ length: 420 }, () => {
    const isLeft = random() < 0.6
    const [reachX, reachY] = isLeft ? [170, 140] : [130, 110]
    const [along, down] = [Math.sqrt(random()) * random(), random()]
    return {
      x: isLeft ? along * reachX : WIDTH - along * reachX,
      y: isLeft ? down * reachY : HEIGHT * 0.45 + down * reachY,
      ...{ size: 3 + random() * 5, tone: 45 + random() * 90, pace: 2 + random() * 5, phase: random() * 6.28 },
    }
  })
  return (scene, atS) => {
    const gust = 1.5 + 4 * Math.max(0, Math.sin(atS * 0.35 + seed)) ** 2
    for (const { x, y, size, tone, pace, phase } of leaves) {
      const dx = Math.sin(atS * pace + phase) * gust
      const dy = Math.cos(atS * pace * 0.7 + phase) * gust * 0.5
      for (let row = -size; row < size; row++)
        for (let column = -size * 0.7; column < size * 0.7; column++)
          blend(scene, x + dx + column, y + dy + row, tone, 0.9)
    }
  }
}

/** Slow clouds, a lamp whose light falls on one side, another exposure, all within one clip. */
export function light(seed: number): Disturb {
  const random = randomFrom(hashOf(seed, 11))
  const [lampX, lampOn, lampOff, stepAt] = [
    WIDTH * (0.2 + 0.6 * random()),
    26 + random() * 8,
    60 + random() * 8,
    88 + random() * 8,
  ]
  return (scene, atS) => {
    const cloud = 1 + 0.22 * Math.sin(atS / 7 + seed)
    const step = atS > stepAt ? 1.45 : 1
    const lamp = atS > lampOn && atS < lampOff ? 0.7 : 0
    for (let y = 0, i = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++, i++) {
        const falls = lamp / (1 + ((x - lampX) / 220) ** 2 + ((y - 60) / 200) ** 2)
        scene[i] = (scene[i] as number) * cloud * step * (1 + falls)
      }
    }
  }
}

/** Lightning: two or three pictures in which everything is far brighter, uneven, and then as before. */
export function lightning(seed: number): Disturb {
  const random = randomFrom(hashOf(seed, 12))
  const strikes = Array.from({ length: 9 }, (_, n) => ({
    at: 9 + n * 12 + random() * 6,
    lasting: 0.2 + random() * 0.35,
    tilt: random() - 0.5,
  }))
  return (scene, atS) => {
    const strike = strikes.find(({ at, lasting }) => atS >= at && atS < at + lasting)
    if (!strike) return
    for (let i = 0; i < PIXELS; i++) {
      const uneven = 1 + strike.tilt * ((i % WIDTH) / WIDTH)
      scene[i] = (scene[i] as number) * (1 + 1.1 * uneven) + 25
    }
  }
}

const FONT = ['757', '262', '717', '737', '571', '747', '747', '711', '757', '757']

/** Date and time in a corner, as cameras burn it in: bright on a dark edge, exact, after the noise. */
export function clock(seed: number): Disturb {
  const random = randomFrom(hashOf(seed, 13))
  const top = random() < 0.5 ? 8 : HEIGHT - 26
  const start = 36_000 + Math.floor(random() * 3_000)
  return (scene, atS) => {
    const second = start + Math.floor(atS)
    const two = (value: number): string => String(value).padStart(2, '0')
    const words = `2026-11-28 ${two(Math.floor(second / 3_600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`
    for (let n = 0; n < words.length; n++) glyph(scene, 12 + n * 11, top, words.charCodeAt(n))
  }
}

/** Not letters, but patterns as different as letters are, six cells wide and eight high, two pixels each high. */
function glyph(scene: Float32Array, left: number, top: number, code: number): void {
  if (code === 32) return
  const digit = FONT[code - 48] ?? '010'
  const shape = randomFrom(code * 7 + digit.charCodeAt(0))
  for (let row = -1; row < 9; row++)
    for (let column = -1; column < 5; column++) {
      const isInk = row >= 0 && row < 8 && column >= 0 && column < 4 && shape() < 0.55
      for (let n = 0; n < 4; n++)
        blend(scene, left + column * 2 + (n & 1), top + row * 2 + (n >> 1), isInk ? 235 : 25, isInk ? 1 : 0.6)
    }
}

function streak(
  scene: Float32Array,
  random: Random,
  length: number,
  width: number,
  tone: number,
  opacity: number,
  slant: number,
): void {
  const [x, y] = [random() * WIDTH, random() * HEIGHT]
  for (let down = 0; down < length; down++)
    for (let across = 0; across < width; across++) blend(scene, x + across + down * slant, y + down, tone, opacity)
}

/** Rain: many thin streaks, new ones in every picture, and a few thick ones close to the lens. */
export function rain(seed: number): Disturb {
  const random = randomFrom(hashOf(seed, 14))
  const slant = (random() - 0.5) * 0.4
  return (scene, atS) => {
    const shower = 0.7 + 0.3 * Math.sin(atS / 9)
    for (let n = 0; n < 170 * shower; n++) streak(scene, random, 8 + random() * 16, 1, 175, 0.55, slant)
    for (let n = 0; n < 3 * shower; n++) streak(scene, random, 40 + random() * 60, 2 + random() * 2, 190, 0.35, slant)
  }
}

/** Snow: flakes that sink and drift over several pictures, most small, some close and large. */
export function snow(seed: number): Disturb {
  const random = randomFrom(hashOf(seed, 15))
  const flakes = Array.from({ length: 130 }, () => {
    const near = random() ** 3
    return {
      x: random() * WIDTH,
      y: random() * HEIGHT,
      radius: 1 + near * 7,
      fall: 60 + near * 260,
      drift: (random() - 0.5) * 60,
      sway: random() * 6.28,
    }
  })
  return (scene, atS) => {
    for (const { x, y, radius, fall, drift, sway } of flakes) {
      const height = HEIGHT + 40
      const round = Math.floor((y + fall * atS) / height)
      const at = [
        (((x + drift * atS + Math.sin(atS * 2 + sway) * 8 + round * 137) % WIDTH) + WIDTH) % WIDTH,
        ((y + fall * atS) % height) - 20,
      ] as const
      spot(scene, at, radius, 225, 0.75, radius > 4 ? 0.7 : 0.4)
    }
  }
}

/** Insects right at the lens, lit by infrared: large, soft, bright, and somewhere else in each picture. */
export function insects(seed: number): Disturb {
  const random = randomFrom(hashOf(seed, 16))
  const visits = Array.from({ length: 26 }, (_, n) => ({
    from: 4 + n * 4.4 + random() * 2,
    lasting: 0.5 + random() * 1.6,
    radius: 14 + random() * 40,
    x: random() * WIDTH,
    y: random() * HEIGHT,
    turn: random() * 6.28,
  }))
  return (scene, atS) => {
    for (const { from, lasting, radius, x, y, turn } of visits) {
      const age = atS - from
      if (age < 0 || age > lasting) continue
      const way = age * 330
      const bend = turn + Math.sin(age * 5 + turn) * 1.4
      spot(scene, [x + Math.cos(bend) * way, y + Math.sin(bend) * way * 0.6], radius, 215, 0.6, 0.75)
    }
  }
}

/** Headlights of cars that pass outside: a soft pool that sweeps over the yard, brighter where the yard is brighter. */
export function headlights(seed: number): Disturb {
  const random = randomFrom(hashOf(seed, 17))
  const cars = Array.from({ length: 14 }, (_, n) => ({
    from: 6 + n * 8 + random() * 3,
    lasting: 2 + random() * 2.5,
    y: HEIGHT * (0.35 + random() * 0.5),
    direction: random() < 0.5 ? 1 : -1,
    strength: 0.8 + random() * 1.2,
    reach: 60 + random() * 60,
  }))
  return (scene, atS) => {
    for (const { from, lasting, y, direction, strength, reach } of cars) {
      const way = (atS - from) / lasting
      if (way < 0 || way > 1) continue
      const cx = direction === 1 ? way * (WIDTH + 200) - 100 : WIDTH + 100 - way * (WIDTH + 200)
      for (let row = 0, i = 0; row < HEIGHT; row++) {
        const down = ((row - y) / (reach * 0.6)) ** 2
        for (let column = 0; column < WIDTH; column++, i++) {
          const far = ((column - cx) / reach) ** 2 + down
          if (far < 9) scene[i] = (scene[i] as number) * (1 + strength * Math.exp(-far))
        }
      }
    }
  }
}
