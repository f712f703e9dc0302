import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildDefaultModel, type Observation } from '../../appliance/src/vision/index.ts'
import { MIN_SCORE } from '../../appliance/src/vision/tracking/tracker.ts'
import { bytesOf, cutOut } from '../../appliance/src/vision/regions/crop.ts'
import { createSizeGrid } from '../../appliance/src/vision/regions/size-grid.ts'
import { createCameraWatch, type SeenRegion } from '../../appliance/src/vision/watch-camera.ts'
import { dataFile, decodeClip, NO_DATA } from './data.ts'
import { startDetector } from './detectors.ts'

const START_MS = 1_000_000

/** Every frame through motion, detector thread and tracker, as the product does it, but each look is waited for. */
async function observe(model: string, clip: string, seconds: number): Promise<Observation[]> {
  const { detector } = await startDetector([{ name: 'model', file: model }])
  const inputSide = detector.status().model?.inputWidth ?? 416
  let ids = 0
  const watch = createCameraWatch({ newId: () => `track-${ids++}`, sizes: createSizeGrid() })
  const observations: Observation[] = []
  for (const frame of decodeClip(clip, 640, 360, 5, START_MS).slice(0, seconds * 5)) {
    const { shouldLook, motion } = watch.decide(frame)
    if (!shouldLook) continue
    const seen: SeenRegion[] = []
    for (const region of watch.plan(frame, motion, 3, inputSide)) {
      const { detections } = await detector.look(cutOut(frame, region, new Uint8Array(bytesOf(region))), MIN_SCORE)
      seen.push({ region, detections })
    }
    const observation = watch.conclude(frame, motion, seen)
    if (observation) observations.push(observation)
  }
  await detector.stop()
  return observations
}

function sightingsOf(observations: readonly Observation[]) {
  const seconds = (at: number): number => (at - START_MS) / 1_000
  const all = observations.flatMap(({ at, tracks }) =>
    tracks.map(({ class: name, id }) => ({ second: seconds(at), name, id })),
  )
  return { all, within: (from: number, to: number) => all.filter(({ second }) => second >= from && second < to) }
}

test('the yard with YOLOX-Nano: person, truck, loiterer; nothing in between', async (t) => {
  const clip = dataFile('video/synthetic-yard-360p15.mp4')
  const model = dataFile('models/yolox_nano_416.onnx')
  if (!clip || !model) return t.skip(NO_DATA)
  const observations = await observe(model, clip, 40)
  const { all, within } = sightingsOf(observations)
  assert.deepEqual(within(0, 8), [])
  assert.ok(within(8, 18).filter(({ name }) => name === 'person').length > 30)
  assert.ok(within(20, 27).some(({ name }) => ['truck', 'car', 'bus'].includes(name)))
  assert.deepEqual(within(27.4, 29), [])
  const loiterer = within(29, 39).filter(({ name }) => name === 'person')
  assert.ok(loiterer.length > 30)
  assert.equal(new Set(loiterer.map(({ id }) => id)).size, 1, 'who walks, stands and walks on is one person')
  const shown = new Set(all.map(({ id }) => id))
  const ended = observations.flatMap((each) => each.ended)
  assert.ok(ended.length >= 2 && ended.every((id) => shown.has(id)) && new Set(ended).size === ended.length)
})

test('the first person in the yard with the built-in model', async (t) => {
  const clip = dataFile('video/synthetic-yard-360p15.mp4')
  if (!clip) return t.skip(NO_DATA)
  const { all, within } = sightingsOf(await observe(await buildDefaultModel(), clip, 12))
  assert.deepEqual(within(0, 8), [])
  assert.ok(within(8, 10).some(({ name }) => name === 'person'))
  assert.equal(new Set(all.map(({ id }) => id)).size, 1)
})
