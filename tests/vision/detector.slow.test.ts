import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test, type TestContext } from 'node:test'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { createDetector } from '../../appliance/src/vision/detector.ts'
import { buildDefaultModel } from '../../appliance/src/vision/index.ts'
import { createPictureWriter } from '../../appliance/src/vision/picture-tensor.ts'
import { dataFile, NO_DATA } from './data.ts'
import { ONLY_CPU, startDetector, statesOf } from './detectors.ts'

const FAKE = new URL('../fakes/detector-worker.ts', import.meta.url)
const folder = mkdtempSync(join(tmpdir(), 'lares-detector-'))
after(() => rmSync(folder, { recursive: true }))

/** Whatever a test leaves running is ended with it, also when it fails. */
async function start(t: TestContext, ...args: Parameters<typeof startDetector>): ReturnType<typeof startDetector> {
  const started = await startDetector(...args)
  t.after(() => started.detector.stop())
  return started
}

const picture = (first: number) => ({ width: 4, height: 4, data: new Uint8Array(24).fill(first) })

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 1_000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.ok(condition(), what)
}

async function ready(detector: Awaited<ReturnType<typeof startDetector>>['detector']): Promise<void> {
  for (let i = 0; i < 1_000 && !detector.isIdle(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.ok(detector.isIdle())
}

test('the built-in model looks at a real frame in its own thread and gives the buffer back', async (t) => {
  const { detector } = await start(t, [{ name: 'default', file: await buildDefaultModel() }])
  try {
    assert.deepEqual(detector.status().model, {
      name: 'default',
      family: 'centernet',
      inputWidth: 512,
      inputHeight: 512,
    })
    const data = new Uint8Array((640 * 360 * 3) / 2).fill(128)
    let turns = 0
    const counting = setInterval(() => turns++, 5)
    const looking = detector.look({ width: 640, height: 360, data }, 0.5)
    assert.equal(detector.isIdle(), false)
    assert.equal(data.length, 0, 'the pixels were handed over, not copied')
    const result = await looking
    clearInterval(counting)
    assert.ok(turns > 0, 'the main thread went on while the model ran')
    assert.equal(result.data.length, (640 * 360 * 3) / 2)
    assert.deepEqual(result.detections, [])
  } finally {
    await detector.stop()
  }
})

test('every catalogued family sees the person on a real picture', async (t) => {
  const clip = dataFile('video/synthetic-yard-360p15.mp4')
  if (!clip) return t.skip(NO_DATA)
  const { decodeClip } = await import('./data.ts')
  const frame = decodeClip(clip, 640, 360, 1)[13]
  assert.ok(frame)
  const files = [
    await buildDefaultModel(),
    dataFile('models/yolox_nano_416.onnx'),
    dataFile('models/nanodet_m_416_opencvzoo.onnx'),
  ]
  for (const file of files) {
    assert.ok(file)
    const { detector } = await start(t, [{ name: 'm', file }])
    const { detections } = await detector.look({ width: 640, height: 360, data: frame.data.slice() }, 0.4)
    const { family } = detector.status().model ?? {}
    await detector.stop()
    assert.equal(detections[0]?.class, 'person', `${family}: ${JSON.stringify(detections)}`)
    assert.ok((detections[0]?.box.height ?? 0) > 0.2)
  }
})

const unusable: [what: string, content: () => string | Buffer | null, words: RegExp][] = [
  ['a damaged file', () => 'this is no model', /damaged or no ONNX model/],
  ['a missing file', () => null, /missing/],
]
for (const [what, content, words] of unusable) {
  test(`${what} as the chosen model: the built-in one takes over and the reason is said`, async (t) => {
    const file = join(folder, `${what.replaceAll(' ', '-')}.onnx`)
    const bytes = content()
    if (bytes !== null) writeFileSync(file, bytes)
    const { detector } = await start(t, [
      { name: 'chosen', file },
      { name: 'default', file: await buildDefaultModel() },
    ])
    const { state, model, problem } = detector.status()
    await detector.stop()
    assert.deepEqual([state, model?.name], ['ready', 'default'])
    assert.match(problem ?? '', words)
    assert.match(problem ?? '', /default is used instead/)
  })
}

test('a model of another kind as the chosen one is refused in words', async (t) => {
  const faces = dataFile('models/mobilefacenet_112.onnx')
  if (!faces) return t.skip(NO_DATA)
  const { detector } = await start(t, [{ name: 'faces', file: faces }])
  const { state, problem } = detector.status()
  await detector.stop()
  assert.equal(state, 'failed')
  assert.match(problem ?? '', /of no family that Lares knows/)
})

for (const way of ['dies', 'throws']) {
  test(`a thread that ${way} is started again and looks on`, async (t) => {
    const { detector, statuses } = await start(t, [{ name: way, file: `${way}.onnx` }], FAKE)
    const thread = detector.status().inferenceMsP50
    await assert.rejects(detector.look(picture(13), 0), /stopped/)
    await ready(detector)
    assert.notEqual(detector.status().inferenceMsP50, thread, 'another thread')
    assert.equal((await detector.look(picture(204), 0)).detections[0]?.score, 0.8)
    await detector.stop()
    assert.deepEqual(statesOf(statuses), ['ready', 'starting', 'ready'])
  })
}

test('a provider that fails while running loses no picture: the processor looks at it, and goes on', async (t) => {
  const { detector, statuses } = await start(t, [{ name: 'm', file: 'cuda.onnx' }], FAKE, {})
  await until(() => detector.status().provider === 'cuda', 'cuda was chosen')
  assert.equal((await detector.look(picture(204), 0)).detections[0]?.score, 0.8)
  const { provider, candidates, state } = detector.status()
  assert.deepEqual([provider, state], ['cpu', 'ready'])
  const cuda = candidates.find(({ id }) => id === 'cuda')
  assert.equal(cuda?.state, 'failed')
  assert.match(cuda.reason, /failed while running: device lost/)
  assert.ok((cuda.nextTryAt ?? 0) > Date.now(), 'it is tried again, later')
  assert.equal((await detector.look(picture(255), 0)).detections.length, 1)
  assert.ok(!statuses.slice(1).some((each) => each.state !== 'ready'), 'sight was never gone')
})

test('on the processor one odd failure changes nothing; three in a row start the thread afresh', async (t) => {
  const { detector } = await start(t, [{ name: 'm', file: 'fails.onnx' }], FAKE)
  const thread = detector.status().inferenceMsP50
  await assert.rejects(detector.look(picture(13), 0), /device lost/)
  assert.ok(detector.isIdle())
  assert.equal((await detector.look(picture(255), 0)).detections.length, 1)
  for (let i = 0; i < 3; i++) await assert.rejects(detector.look(picture(13), 0))
  while (detector.isIdle()) await new Promise((resolve) => setTimeout(resolve, 5))
  await ready(detector)
  assert.notEqual(detector.status().inferenceMsP50, thread)
  await detector.stop()
})

test('asking while it is busy, or after it stopped, is an error and not a queue', async (t) => {
  const { detector } = await start(t, [{ name: 'm', file: 'ok.onnx' }], FAKE)
  const first = detector.look(picture(255), 0)
  await assert.rejects(detector.look(picture(255), 0), /not ready/)
  await first
  await detector.stop()
  await assert.rejects(detector.look(picture(255), 0), /not ready/)
})

test('stopping in the middle of a look ends the thread', { timeout: 10_000 }, async (t) => {
  const { detector } = await start(t, [{ name: 'm', file: 'ok.onnx' }], FAKE)
  const looking = detector.look(picture(255), 0).catch(() => 'ended')
  await detector.stop()
  await looking
})

test('stopping while a real model opens neither hangs nor takes the process down', { timeout: 30_000 }, async () => {
  const file = await buildDefaultModel()
  for (const afterMs of [0, 100, 300, 600]) {
    const statuses: string[] = []
    const detector = createDetector({
      clock: systemClock,
      log: silentLog(),
      models: async () => [{ name: 'default', file }],
      ruledOut: async () => ONLY_CPU,
      onStatus: ({ state }) => void statuses.push(state),
    })
    await detector.start()
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    await detector.stop()
    assert.ok(!statuses.includes('failed'), 'nobody is told of a failure because Lares stops')
    await assert.rejects(detector.look(picture(1), 0), /not ready/)
  }
})

test('frames of another shape after each other leave nothing behind', () => {
  const layout = {
    width: 64,
    height: 64,
    isPlanar: true,
    order: 'rgb',
    mean: [0, 0, 0],
    deviation: [1, 1, 1],
    padding: 9,
    place: 'centre',
  } as const
  const tensor = new Float32Array(64 * 64 * 3).fill(200)
  const writer = createPictureWriter(layout, 64, 32)
  writer.pad(tensor)
  assert.ok(tensor.every((value) => Math.abs(value - 9) < 1e-4))
})
