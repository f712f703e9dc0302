import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Box } from '../../appliance/src/api/common.ts'
import { createMotionWatcher, type MotionResult } from '../../appliance/src/vision/motion/index.ts'

const [WIDTH, HEIGHT] = [640, 360]

/** Noise with standard deviation 1, drawn once: drawing it anew for every pixel would take most of the test's time. */
const NOISE = drawNoise(1 << 16)

function drawNoise(count: number): Float32Array {
  let seed = 1
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
  return new Float32Array(count).map(() => (random() + random() + random() - 1.5) * 2)
}

interface Scene {
  frames: number
  /** Standard deviation of the sensor's noise. */
  noise?: number
  light?(frame: number): number
  square?(frame: number): { x: number; y: number; size: number } | null
  /** Painted over the wall, from `frame` on, before the square. */
  parked?: { frame: number; x: number; y: number; size: number; tone: number }
  /** Brightness of the square. */
  tone?: number
  still?: readonly Box[]
  /** Milliseconds that the clock is set forward, by frame. */
  clock?(frame: number): number
}

function paint(data: Uint8Array, { x, y, size }: { x: number; y: number; size: number }, tone: number): void {
  for (let row = y; row < y + size; row++) data.fill(tone, row * WIDTH + x, row * WIDTH + x + size)
}

/** Five frames a second of a textured wall, with whatever the scene adds. */
function watch({
  frames,
  noise = 3,
  light = () => 0,
  square = () => null,
  parked,
  tone = 200,
  still = [],
  clock = () => 0,
}: Scene): MotionResult[] {
  const watcher = createMotionWatcher()
  return Array.from({ length: frames }, (_, frame) => {
    const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128)
    const brightness = light(frame)
    const start = frame * 7_919
    for (let i = 0; i < WIDTH * HEIGHT; i++) {
      const texture = 70 + ((i % WIDTH) >> 4) + ((i * 31) % 23)
      data[i] = texture + brightness + (NOISE[(start + i) & 0xffff] as number) * noise
    }
    const shape = square(frame)
    if (parked && frame >= parked.frame) paint(data, parked, parked.tone)
    if (shape) paint(data, shape, tone)
    return watcher.watch(
      {
        cameraId: 'c',
        width: WIDTH,
        height: HEIGHT,
        data,
        capturedAt: 9_000_000 + frame * 200 + clock(frame),
        sequence: frame,
      },
      still,
    )
  })
}

const moving = (results: readonly MotionResult[]): number => results.filter(({ boxes }) => boxes.length > 0).length

test('a still scene with sensor noise shows no motion', () => {
  assert.equal(moving(watch({ frames: 60 })), 0)
  assert.equal(moving(watch({ frames: 60, noise: 8 })), 0)
})

test('a clock that is set back by an hour makes it blind for no longer than a change of the scene does', () => {
  const square = (frame: number) => (frame < 30 ? null : { x: (frame - 30) * 14, y: 150, size: 24 })
  assert.ok(moving(watch({ frames: 60, square, clock: (frame) => (frame < 3 ? 0 : -3_600_000) })) >= 28)
})

test('a small thing that walks through is seen in every frame, where it is', () => {
  const results = watch({
    frames: 60,
    square: (frame) => (frame < 20 ? null : { x: (frame - 20) * 14, y: 150, size: 24 }),
  })
  assert.equal(moving(results.slice(0, 20)), 0)
  for (const [index, { boxes }] of results.slice(20).entries()) {
    const centre = { x: (index * 14 + 12) / WIDTH, y: 162 / HEIGHT }
    const isThere = boxes.some(
      ({ x, y, width, height }) => centre.x > x && centre.x < x + width && centre.y > y && centre.y < y + height,
    )
    assert.ok(isThere, `frame ${index}: ${JSON.stringify(boxes)}`)
  }
})

test('watching begins within three seconds of the first frame', () => {
  const results = watch({ frames: 20, square: (frame) => ({ x: frame * 20, y: 100, size: 40 }) })
  assert.ok(results.findIndex(({ boxes }) => boxes.length > 0) * 200 <= 3_000)
})

test('light that is switched is a change of scene, not a hundred things; then all is quiet again', () => {
  const results = watch({ frames: 60, light: (frame) => (frame < 30 ? 0 : 70) })
  assert.equal(moving(results), 0)
  const late = watch({ frames: 60, light: (frame) => (frame < 30 ? 0 : frame < 31 ? 30 : 70) })
  assert.equal(moving(late.slice(45)), 0)
})

test('a cloud that passes slowly is no motion', () => {
  assert.equal(moving(watch({ frames: 100, light: (frame) => 25 * Math.sin(frame / 12) })), 0)
})

test('who stands around does not melt into the background while followed', () => {
  const stands = (still: readonly Box[]) =>
    watch({ frames: 220, still, square: (frame) => (frame < 20 ? null : { x: 300, y: 150, size: 40 }) })
  const box = { x: 290 / WIDTH, y: 140 / HEIGHT, width: 60 / WIDTH, height: 60 / HEIGHT }
  assert.equal(moving(stands([box]).slice(20)), 200)
  // Nobody follows it, so the detector has looked at it often enough and found nothing.
  const alone = stands([]).slice(20)
  assert.equal(moving(alone.slice(0, 8)), 8)
  assert.equal(moving(alone.slice(20)), 0)
})

test('who walks in front of what was put down ten seconds ago is seen, however faint', () => {
  const parked = { frame: 20, x: 100, y: 100, size: 160, tone: 150 }
  const walks = (frame: number) => (frame < 80 ? null : { x: 110 + (frame - 80) * 4, y: 150, size: 14 })
  const results = watch({ frames: 110, parked, square: walks, tone: 138 })
  assert.equal(moving(results.slice(45, 80)), 0)
  const found = moving(results.slice(80))
  assert.ok(found >= 25, `${found} of 30 frames`)
})

test('something that flickers for ever in a corner is known after a while; who walks past it is still seen', () => {
  const flicker = (frame: number) => ({ x: 16, y: 16, size: frame % 3 === 0 ? 0 : 30 })
  const known = watch({ frames: 100, square: flicker })
  assert.equal(moving(known.slice(60)), 0)
  const walker = watch({
    frames: 100,
    square: (frame) => (frame < 70 ? flicker(frame) : { x: (frame - 70) * 20, y: 0, size: 60 }),
  })
  assert.ok(moving(walker.slice(70)) >= 28)
})

test('another frame size begins anew instead of comparing apples with pears', () => {
  const watcher = createMotionWatcher()
  const frame = (width: number, height: number, sequence: number, fill: number) => {
    const data = new Uint8Array((width * height * 3) / 2).fill(fill)
    return watcher.watch({ cameraId: 'c', width, height, data, capturedAt: sequence * 200, sequence }, [])
  }
  for (let i = 0; i < 20; i++) frame(640, 360, i, 60)
  assert.equal(frame(320, 240, 20, 200).isLearning, true)
  for (let i = 21; i < 40; i++) assert.equal(frame(320, 240, i, 200).boxes.length, 0)
})

test('a picture that is bit by bit the same is slept through; the first that differs is not', () => {
  const watcher = createMotionWatcher()
  const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2).map((_, i) => 60 + ((i * 31) % 40))
  const show = (sequence: number, picture: Uint8Array) =>
    watcher.watch(
      { cameraId: 'c', width: WIDTH, height: HEIGHT, data: picture.slice(), capturedAt: sequence * 200, sequence },
      [],
    )
  const still = Array.from({ length: 40 }, (_, sequence) => show(sequence, data))
  assert.ok(still.slice(25).every(({ isAsleep }) => isAsleep))
  const changed = data.slice()
  for (let y = 100; y < 130; y++) changed.fill(220, y * WIDTH + 300, y * WIDTH + 315)
  const { isAsleep, boxes } = show(40, changed)
  assert.equal(isAsleep, false)
  assert.equal(boxes.length, 1)
})
