import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../../appliance/src/core/log.ts'
import type { Frame } from '../../appliance/src/media/frame.ts'
import type { LookResult } from '../../appliance/src/vision/backends/backend.ts'
import { NO_ZONES } from '../../appliance/src/api/zones.ts'
import { createLooker, type Looker } from '../../appliance/src/vision/looker.ts'
import type { YuvPicture } from '../../appliance/src/vision/picture-tensor.ts'
import { createSizeGrid } from '../../appliance/src/vision/regions/size-grid.ts'
import type { Detection, Observation } from '../../appliance/src/vision/index.ts'
import { createFakeClock, settle } from '../fakes/clock.ts'

const [WIDTH, HEIGHT] = [640, 360]
const STEP_MS = 200
const START_MS = 1_000_000

interface Question {
  picture: YuvPicture
  answer(detections?: Detection[]): void
  fail(): void
}

/** A detector whose answers the test gives by hand, `most` at once; or at once by `see`. */
function handDetector(most = 1, see?: (picture: YuvPicture) => Detection[]) {
  const asked: Question[] = []
  let underWay = 0
  return {
    asked,
    mostAtOnce: 0,
    isIdle: () => underWay < most,
    look(picture: YuvPicture): Promise<LookResult> {
      const reply = Promise.withResolvers<LookResult>()
      underWay++
      this.mostAtOnce = Math.max(this.mostAtOnce, underWay)
      const done = (): number => underWay--
      const question: Question = {
        picture,
        answer(detections = []) {
          done()
          reply.resolve({ detections, inferenceMs: 1, data: picture.data })
        },
        fail() {
          done()
          reply.reject(new Error('no answer'))
        },
      }
      asked.push(question)
      if (see) question.answer(see(picture))
      return reply.promise
    },
  }
}

function startLooker(detector: ReturnType<typeof handDetector>) {
  const clock = createFakeClock()
  let ids = 0
  const looker = createLooker({
    ...{ detector, clock, log: silentLog(), newId: () => `t${ids++}`, inputSide: () => 416 },
    sizesOf: () => createSizeGrid(),
    zonesOf: () => NO_ZONES,
  })
  const observations: Observation[] = []
  looker.onObservation((observation) => void observations.push(observation))
  return { looker, observations, clock }
}

/** A gray yard; the bright box, in pixels, moves it. The first luma byte tells frames apart. */
function frame(cameraId: string, sequence: number, bright: readonly number[] = [], size = [WIDTH, HEIGHT]): Frame {
  const [width = WIDTH, height = HEIGHT] = size
  const data = new Uint8Array((width * height * 3) / 2).fill(90)
  const [x = 0, y = 0, w = 0, h = 0] = bright
  for (let row = y; row < Math.min(y + h, height); row++)
    data.fill(200, row * width + x, row * width + Math.min(x + w, width))
  data[0] = sequence & 255
  return { cameraId, width, height, data, capturedAt: START_MS + sequence * STEP_MS, sequence }
}

/** What a model would say of that yard: a person where it is bright. */
function seeBright({ width, height, data }: YuvPicture): Detection[] {
  let [left, top, right, bottom] = [width, height, 0, 0]
  for (let y = 0; y < height; y++) {
    for (let x = 1; x < width; x++) {
      if ((data[y * width + x] as number) < 150) continue
      ;[left, top, right, bottom] = [
        Math.min(left, x),
        Math.min(top, y),
        Math.max(right, x + 1),
        Math.max(bottom, y + 1),
      ]
    }
  }
  if (right === 0) return []
  const box = { x: left / width, y: top / height, width: (right - left) / width, height: (bottom - top) / height }
  return [{ class: 'person', score: 0.8, box }]
}

/** Fills the background, so that motion is known from then on. */
async function warmUp(looker: Looker, cameras: readonly string[], clock: { advance(ms: number): Promise<void> }) {
  for (let i = 0; i < 15; i++) {
    for (const camera of cameras) looker.see(frame(camera, i))
    await clock.advance(STEP_MS)
  }
}

test('a walker is looked at in crops after the first whole look, and the box is right to the pixel in the frame', async () => {
  const detector = handDetector(1, seeBright)
  const { looker, observations, clock } = startLooker(detector)
  await warmUp(looker, ['yard'], clock)
  assert.equal(detector.asked[0]?.picture.width, WIDTH)
  for (let i = 15; i < 40; i++) {
    looker.see(frame('yard', i, [100 + i * 8, 150, 16, 40]))
    await clock.advance(STEP_MS)
  }
  const crops = detector.asked.filter(({ picture }) => picture.width < WIDTH)
  assert.ok(crops.length >= 20, `${crops.length} crops`)
  const last = observations.at(-1)
  assert.equal(last?.frame.sequence, 39)
  const { x = 0, y = 0, width = 0, height = 0 } = last?.tracks[0]?.box ?? {}
  assert.deepEqual([x * WIDTH, y * HEIGHT, width * WIDTH, height * HEIGHT].map(Math.round), [412, 150, 16, 40])
  assert.equal(new Set(observations.flatMap(({ tracks }) => tracks.map(({ id }) => id))).size, 1)
  assert.equal(last?.frame.data.length, (WIDTH * HEIGHT * 3) / 2, 'the listener gets the whole frame')
})

test('never more than one frame a camera is under way, and of those that wait the newest is next', async () => {
  const detector = handDetector(3)
  const { looker, observations } = startLooker(detector)
  looker.see(frame('a', 0))
  looker.hint('a')
  for (let i = 1; i < 5; i++) looker.see(frame('a', i))
  assert.equal(detector.asked.length, 1, 'the detector would take two more, but not of this camera')
  looker.see(frame('b', 0))
  assert.equal(detector.asked.length, 2, 'another camera goes beside it')
  detector.asked[0]?.answer([{ class: 'person', score: 0.8, box: { x: 0.4, y: 0.4, width: 0.1, height: 0.3 } }])
  await settle()
  detector.asked[2]?.answer([{ class: 'person', score: 0.8, box: { x: 0.4, y: 0.4, width: 0.1, height: 0.3 } }])
  await settle()
  assert.deepEqual(
    observations.map(({ frame: { sequence } }) => sequence),
    [0, 4],
  )
})

test('regions of one frame go to the detector side by side as far as it takes them', async () => {
  const detector = handDetector(3)
  const { looker, clock } = startLooker(detector)
  looker.see(frame('yard', 0))
  detector.asked[0]?.answer()
  await warmUp(looker, ['yard'], clock)
  const before = detector.asked.length
  const far = frame('yard', 16, [20, 40, 16, 40])
  for (let row = 300; row < 340; row++) far.data.fill(200, row * WIDTH + 600, row * WIDTH + 616)
  looker.see(far)
  assert.equal(detector.asked.length - before, 2)
  assert.equal(detector.mostAtOnce, 2)
})

test('a look that never ends blocks its own camera only; once it failed, the next frame is looked at as a whole', async () => {
  const detector = handDetector(2)
  const { looker } = startLooker(detector)
  looker.see(frame('hangs', 0))
  for (let i = 0; i < 6; i++) {
    looker.see(frame('fine', i))
    detector.asked.at(-1)?.answer([{ class: 'person', score: 0.8, box: { x: 0.4, y: 0.4, width: 0.1, height: 0.3 } }])
    await settle()
    looker.see(frame('hangs', i + 1))
  }
  assert.equal(detector.asked.length, 7, 'six looks of the other camera meanwhile')
  detector.asked[0]?.fail()
  await settle()
  looker.see(frame('hangs', 7))
  assert.equal(detector.asked.length, 8)
  assert.deepEqual([detector.asked[7]?.picture.width, detector.asked[7]?.picture.data[0]], [WIDTH, 7])
})

test('who is followed has more of the detector than a mere tree, the tree is not forgotten, and both are told', async () => {
  const detector = handDetector(1)
  const { looker, clock } = startLooker(detector)
  await warmUp(looker, ['path', 'tree'], clock)
  const person: Detection = { class: 'person', score: 0.8, box: { x: 0.5, y: 0.5, width: 0.1, height: 0.3 } }
  const looks = { path: 0, tree: 0 }
  // One look in the time in which both cameras send a picture that should be looked at.
  for (let i = 15; i < 415; i++) {
    for (const camera of ['path', 'tree'] as const) {
      // Here and there: what swings in one place motion itself soon takes for a habit.
      const picture = frame(camera, i, [(i * 137) % 600, (i * 89) % 300, 24, 48])
      picture.data.fill(camera === 'path' ? 10 : 20, WIDTH * HEIGHT)
      looker.see(picture)
    }
    const question = detector.asked.at(-1)
    const camera = question?.picture.data.at(-1) === 10 ? 'path' : 'tree'
    looks[camera]++
    question?.answer(camera === 'path' ? [person] : [])
    await clock.advance(STEP_MS)
  }
  assert.ok(looks.tree > 40 && looks.path > 1.7 * looks.tree, JSON.stringify(looks))
  const load = new Map(looker.load.report().cameras.map((each) => [each.cameraId, each]))
  assert.ok((load.get('tree')?.lookedAtPerSecond ?? 5) < (load.get('path')?.lookedAtPerSecond ?? 0))
})

test('twenty cameras that all move share what a slow detector can do: nobody is left out, the rate says so', async () => {
  const detector = handDetector(1)
  const { looker, observations, clock } = startLooker(detector)
  const cameras = Array.from({ length: 20 }, (_, n) => `c${n}`)
  const person: Detection = { class: 'person', score: 0.8, box: { x: 0.5, y: 0.5, width: 0.1, height: 0.3 } }
  // Four looks in the time of one picture of each camera: 20 a second where 100 are wanted.
  for (let i = 0; i < 100; i++) {
    for (const [n, camera] of cameras.entries()) {
      looker.see(frame(camera, i))
      if (n % 5 === 0) {
        detector.asked.at(-1)?.answer([person])
        await settle(1)
      }
      if (n % 5 === 4) await clock.advance(STEP_MS / 4)
    }
  }
  const counts = cameras.map((camera) => observations.filter(({ cameraId }) => cameraId === camera).length)
  assert.ok(Math.min(...counts) >= 0.7 * Math.max(...counts), counts.join(' '))
  const ids = new Set(observations.flatMap(({ tracks }) => tracks.map(({ id }) => id)))
  assert.equal(ids.size, 20, 'who stands there stays one person at one look a second')
  const { cameras: load, busyShare } = looker.load.report()
  assert.ok(busyShare > 0.5)
  assert.ok(load.every((each) => each.lookedAtPerSecond < 0.5 * each.wantedPerSecond))
})

test('a hint makes the next two seconds of a quiet camera looked at, and nothing of another one', async () => {
  const detector = handDetector(1, () => [])
  const { looker, clock } = startLooker(detector)
  await warmUp(looker, ['yard', 'other'], clock)
  const before = detector.asked.length
  looker.hint('yard')
  looker.hint('no such camera')
  for (let i = 15; i < 35; i++) {
    for (const camera of ['yard', 'other']) looker.see(frame(camera, i))
    await clock.advance(STEP_MS)
  }
  assert.equal(detector.asked.length - before, 10)
})

test('a camera that flaps every three seconds keeps whom it follows; after a long silence it is somebody else', async () => {
  const detector = handDetector(1, seeBright)
  const { looker, observations, clock } = startLooker(detector)
  const ended = (): number => observations.flatMap((each) => each.ended).length
  for (let i = 0; i < 120; i++) {
    // Three seconds of pictures, three of silence; each run of the stream counts from 0.
    if (i % 30 < 15) looker.see({ ...frame('yard', i, [300, 150, 20, 60]), sequence: i % 30 })
    await clock.advance(STEP_MS)
  }
  const ids = (): Set<string> => new Set(observations.flatMap(({ tracks }) => tracks.map(({ id }) => id)))
  assert.equal(ids().size, 1)
  assert.equal(ended(), 0)
  looker.see(frame('yard', 300, [300, 150, 20, 60]))
  await settle()
  assert.equal(ids().size, 2)
  assert.equal(ended(), 1)
})

test('a frame of another size in between is looked at like any other, and whoever is there stays who it is', async () => {
  const detector = handDetector(1, seeBright)
  const { looker, observations, clock } = startLooker(detector)
  for (let i = 0; i < 30; i++) {
    const odd = i % 10 === 5
    looker.see(odd ? frame('yard', i, [150, 75, 10, 30], [320, 180]) : frame('yard', i, [300, 150, 20, 60]))
    await clock.advance(STEP_MS)
  }
  assert.equal(new Set(observations.flatMap(({ tracks }) => tracks.map(({ id }) => id))).size, 1)
  assert.ok(observations.some(({ frame: { width } }) => width === 320))
})

test('a camera forgotten while it is looked at, and begun anew, gets no answer of its former life', async () => {
  const detector = handDetector(1)
  const { looker, observations } = startLooker(detector)
  const person: Detection = { class: 'person', score: 0.8, box: { x: 0.5, y: 0.5, width: 0.1, height: 0.3 } }
  looker.see(frame('yard', 0))
  looker.forget('yard')
  looker.see(frame('yard', 1))
  detector.asked[0]?.answer([person])
  await settle()
  assert.equal(observations.length, 0)
  detector.asked[1]?.answer([person])
  await settle()
  assert.deepEqual(
    observations.map(({ frame: { sequence } }) => sequence),
    [1],
  )
})
