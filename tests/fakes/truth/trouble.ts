// Films of cameras to which something is done, and of others to which nothing is, however much it looks like it. One picture a
// second is enough; what is done begins at `TROUBLE_AT_S`.
import type { Frame } from '../../../appliance/src/media/frame.ts'
import { expose, frameOf, setScene } from './clips.ts'
import { hashOf, noiseTable, randomFrom, type Random } from './random.ts'
import { drawYard, HEIGHT, PIXELS, WIDTH } from './yard.ts'

export const TROUBLE_AT_S = 60

interface Moment {
  scene: Float32Array
  atS: number
  seed: number
  random: Random
}

/** Changes the scene in place. */
type Change = (moment: Moment) => void

const since = (atS: number): number => atS - TROUBLE_AT_S
const whole =
  (change: (value: number, i: number) => number): Change =>
  ({ scene }) => {
    for (let i = 0; i < PIXELS; i++) scene[i] = change(scene[i] as number, i)
  }

function blur(scene: Float32Array, radius: number): void {
  const across = new Float32Array(PIXELS)
  const mean = (
    from: Float32Array,
    to: Float32Array,
    step: number,
    length: number,
    start: (n: number) => number,
  ): void => {
    for (let n = 0; n < PIXELS / length; n++) {
      let sum = 0
      const first = start(n)
      const value = (k: number): number => from[first + Math.max(0, Math.min(length - 1, k)) * step] as number
      for (let k = -radius; k <= radius; k++) sum += value(k)
      for (let k = 0; k < length; k++) {
        to[first + k * step] = sum / (2 * radius + 1)
        sum += value(k + radius + 1) - value(k - radius)
      }
    }
  }
  for (let round = 0; round < 2; round++) {
    mean(scene, across, 1, WIDTH, (n) => n * WIDTH)
    mean(across, scene, WIDTH, HEIGHT, (n) => n)
  }
}

function turned({ scene, seed }: Moment, bySide: number): void {
  const beside = drawnBeside(seed)
  const copy = scene.slice()
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const from = x + bySide
      scene[y * WIDTH + x] = (from < WIDTH ? copy[y * WIDTH + from] : beside[y * WIDTH + from - WIDTH]) as number
    }
}

const besides = new Map<number, Float32Array>()
function drawnBeside(seed: number): Float32Array {
  const known = besides.get(seed) ?? drawYard(seed + 5_000)
  besides.set(seed, known)
  return known
}

function lorry({ scene, atS, seed }: Moment): void {
  const age = since(atS)
  if (age < 0 || age > 20) return
  const random = randomFrom(hashOf(seed, 21))
  const tone = 60 + random() * 120
  for (let i = 0; i < PIXELS; i++) {
    const x = i % WIDTH
    scene[i] = tone + 4 * Math.sin(x / 90) + (x % 160 < 3 ? -25 : 0)
  }
}

const when =
  (isOn: (age: number) => boolean, change: Change): Change =>
  (moment) => {
    if (isOn(since(moment.atS))) change(moment)
  }
const done = (age: number): boolean => age >= 0
const lit = (factor: number, floor = 16): Change => whole((value) => floor + (value - 16) * factor)

export interface TroubleClip {
  /** null: nothing is to be told. */
  truth: 'covered' | 'blurred' | 'moved' | null
  change: Change
  noise?: number
  /** Pictures have no colours from here on. */
  grayFromS?: number
  isInfrared?: (age: number) => boolean
}

export const TROUBLE_CLIPS: Readonly<Record<string, TroubleClip>> = {
  sprayed: {
    truth: 'covered',
    change: when(
      done,
      whole((_, i) => 70 + 12 * Math.sin((i % WIDTH) / 210)),
    ),
  },
  'white cloth': {
    truth: 'covered',
    change: when(
      done,
      whole((value) => 180 + (value - 100) * 0.03),
    ),
  },
  'hand at night': {
    truth: 'covered',
    noise: 6,
    change: (moment) => (done(since(moment.atS)) ? whole(() => 45)(moment) : lit(0.4)(moment)),
  },
  refocused: { truth: 'blurred', change: when(done, ({ scene }) => blur(scene, 14)) },
  'turned far': { truth: 'moved', change: when(done, (moment) => turned(moment, 420)) },
  'turned a little': { truth: 'moved', change: when(done, (moment) => turned(moment, 130)) },
  'night falls': {
    truth: null,
    noise: 4,
    change: (moment) => lit(Math.max(0.03, 1 - Math.max(0, since(moment.atS)) / 70))(moment),
  },
  fog: {
    truth: null,
    change: (moment) => {
      const thick = Math.min(0.96, Math.max(0, since(moment.atS)) / 60)
      whole((value) => value * (1 - thick) + 150 * thick)(moment)
    },
  },
  'infrared goes on': { truth: null, noise: 5, grayFromS: TROUBLE_AT_S, isInfrared: done, change: lit(0.8) },
  lightning: {
    truth: null,
    noise: 5,
    change: (moment) => lit(Math.floor(since(moment.atS)) % 4 === 0 ? 1.5 : 0.35)(moment),
  },
  'lorry for 20 s': { truth: null, change: lorry },
  'lamp without power': { truth: null, noise: 4, change: (moment) => lit(done(since(moment.atS)) ? 0.1 : 0.9)(moment) },
  'dark at once': { truth: null, noise: 4, change: (moment) => lit(done(since(moment.atS)) ? 0 : 0.9)(moment) },
  'people and cars': {
    truth: null,
    change: ({ scene, atS }) => {
      const x = (atS * 23) % WIDTH
      for (let y = 120; y < 300; y++)
        for (let column = x; column < Math.min(WIDTH, x + 150); column++) scene[y * WIDTH + Math.floor(column)] = 190
    },
  },
}

export function* troubleClip(name: string, seed: number, seconds = 160): Generator<{ frame: Frame; atS: number }> {
  const {
    change,
    noise: strength = 3,
    grayFromS = Infinity,
    isInfrared = () => false,
  } = TROUBLE_CLIPS[name] as TroubleClip
  const [day, infrared] = [drawYard(seed), drawYard(seed, 80, 1)]
  const [noise, random] = [noiseTable(randomFrom(hashOf(seed, 4))), randomFrom(hashOf(seed, 5))]
  const scene = new Float32Array(PIXELS)
  for (let atS = 0; atS < seconds; atS++) {
    setScene(scene, { yard: isInfrared(since(atS)) ? infrared : day, walkers: [], range: 1 }, atS)
    change({ scene, atS, seed, random })
    const data = expose(scene, noise, strength, Math.floor(random() * 65_536))
    if (atS < grayFromS) data.fill(112, PIXELS, PIXELS * 1.25).fill(140, PIXELS * 1.25)
    yield { frame: { ...frameOf(data, atS, name), capturedAt: 1_000_000 + atS * 1_000 }, atS }
  }
}
