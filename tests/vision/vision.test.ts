import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, test } from 'node:test'
import { modelsReply } from '../../appliance/src/api/models.ts'
import { hardwareReply, type DetectorStatus, type Notice } from '../../appliance/src/api/system.ts'
import { createBus } from '../../appliance/src/core/bus.ts'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase } from '../../appliance/src/db/testing.ts'
import type { Events } from '../../appliance/src/events.ts'
import { createHardware } from '../../appliance/src/hardware/index.ts'
import type { Frame } from '../../appliance/src/media/frame.ts'
import { createVision, type Observation, type Vision, type VisionDeps } from '../../appliance/src/vision/index.ts'
import { VISION_MODEL } from '../../appliance/src/vision/settings.ts'
import { createFakeSettings } from '../fakes/settings.ts'
import { statesOf } from './detectors.ts'

const workerFile = new URL('../fakes/detector-worker.ts', import.meta.url)
const [WIDTH, HEIGHT] = [64, 48]
const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** Shows a scene of one gray; the fake thread takes the gray for the score of a person. */
function frameOf(cameraId: string, sequence: number, gray: number): Frame {
  const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(gray)
  return { cameraId, width: WIDTH, height: HEIGHT, data, capturedAt: 1_000_000 + sequence * 200, sequence }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 2_000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5))
  assert.ok(condition(), what)
}

async function startVision(change: Partial<VisionDeps> = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'lares-vision-'))
  const settings = createFakeSettings()
  const bus = createBus<Events>(silentLog())
  const statuses: DetectorStatus[] = []
  bus.on('detector.changed', 'test', (status) => void statuses.push(status))
  const raised = new Map<string, Omit<Notice, 'since'>>()
  const notices: VisionDeps['notices'] = {
    raise: (notice) => void raised.set(notice.id, notice),
    clear: (id) => void raised.delete(id),
  }
  const database = await openTestDatabase()
  const deps = {
    clock: systemClock,
    log: silentLog(),
    bus,
    settings,
    notices,
    hardware: createHardware({ root: dataDir }),
    dataDir,
    ...{ database, cameraName: () => 'Front door', recordChange: async () => undefined },
  }
  const vision = createVision({ ...deps, workerFile, defaultModelFile: join(dataDir, 'default.onnx'), ...change })
  const observations: Observation[] = []
  vision.onObservation((observation) => void observations.push(observation))
  ends.push(async () => {
    await vision.stop()
    await database.close()
    rmSync(dataDir, { recursive: true })
  })
  await vision.start()
  await vision.startLate()
  return { vision, observations, statuses, raised, settings }
}

const isReady = (vision: Vision) => () => vision.detector().state === 'ready'

test('the first frame is looked at, and who is in it is reported with that very frame', async () => {
  const { vision, observations } = await startVision()
  await until(isReady(vision), 'ready')
  const frame = frameOf('door', 7, 204)
  vision.see(frame)
  frame.data.fill(0)
  await until(() => observations.length === 1, 'one observation')
  const [seen] = observations
  assert.deepEqual([seen?.cameraId, seen?.at, seen?.frame.sequence], ['door', frame.capturedAt, 7])
  assert.equal(seen?.tracks[0]?.class, 'person')
  assert.equal(
    seen?.frame.data[0],
    204,
    'the pixels are those that were looked at, whatever the camera does with its buffer',
  )
  assert.match(seen?.tracks[0]?.id ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7/)
})

test('a frame that comes before the detector is ready waits, the newest of each camera', async () => {
  const { vision, observations } = await startVision()
  for (const sequence of [0, 1, 2]) vision.see(frameOf('a', sequence * 60, 230))
  vision.see(frameOf('b', 0, 230))
  await until(() => observations.length === 2, 'both cameras')
  assert.deepEqual(observations.map(({ cameraId, frame }) => [cameraId, frame.sequence]).sort(), [
    ['a', 120],
    ['b', 0],
  ])
})

test('an empty still scene is looked at about every ten seconds, and nothing is reported', async () => {
  const { vision, observations, statuses } = await startVision()
  await until(isReady(vision), 'ready')
  for (let i = 0; i < 100; i++) vision.see(frameOf('yard', i, 20))
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.deepEqual(observations, [])
  assert.deepEqual(statesOf(statuses), ['ready'])
})

test('after a hint a still scene is looked at: who stands there without moving is found at once', async () => {
  const { vision, observations } = await startVision()
  await until(isReady(vision), 'ready')
  for (let i = 0; i < 10; i++) vision.see(frameOf('yard', i, 20))
  await new Promise((resolve) => setTimeout(resolve, 50))
  // One pixel more is no motion, but what the fake thread takes for a person.
  const withSomebody = (sequence: number): Frame => {
    const frame = frameOf('yard', sequence, 20)
    frame.data[0] = 204
    return frame
  }
  vision.see(withSomebody(10))
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.equal(observations.length, 0)
  vision.hint('yard')
  vision.see(withSomebody(11))
  await until(() => observations.length === 1, 'seen')
})

test('each camera has tracks of its own; a forgotten one begins anew', async () => {
  const { vision, observations } = await startVision()
  await until(isReady(vision), 'ready')
  vision.see(frameOf('a', 0, 230))
  await until(() => observations.length === 1, 'first')
  vision.see(frameOf('b', 0, 230))
  await until(() => observations.length === 2, 'second')
  vision.forget('a')
  vision.see(frameOf('a', 1, 230))
  await until(() => observations.length === 3, 'third')
  assert.equal(new Set(observations.map(({ tracks }) => tracks[0]?.id)).size, 3)
})

test('an answer that comes for a camera that was forgotten meanwhile is dropped', async () => {
  const { vision, observations } = await startVision()
  await until(isReady(vision), 'ready')
  vision.see(frameOf('a', 0, 230))
  vision.forget('a')
  vision.see(frameOf('b', 0, 230))
  await until(() => observations.length > 0, 'the other camera')
  assert.deepEqual(
    observations.map(({ cameraId }) => cameraId),
    ['b'],
  )
})

test('a listener that throws does not stop the others, nor sight', async () => {
  const { vision, observations } = await startVision()
  vision.onObservation(() => assert.fail('a listener fails'))
  const heard: string[] = []
  const stop = vision.onObservation(({ cameraId }) => void heard.push(cameraId))
  await until(isReady(vision), 'ready')
  vision.see(frameOf('a', 0, 230))
  await until(() => heard.length === 1, 'heard')
  stop()
  vision.see(frameOf('b', 0, 230))
  await until(() => observations.length === 2, 'seen')
  assert.deepEqual(heard, ['a'])
})

test('when the thread dies in the middle of a look, the next frame is looked at once it is back', async () => {
  const { vision, observations } = await startVision({ model: 'dies.onnx' })
  await until(isReady(vision), 'ready')
  vision.see(frameOf('a', 0, 13))
  await until(() => vision.detector().state !== 'ready', 'died')
  vision.see(frameOf('a', 1, 230))
  await until(() => observations.length === 1, 'seen after the restart')
  assert.equal(observations[0]?.frame.sequence, 1)
})

test('a wanted model that is broken: the built-in one works, the owner is told; choosing another ends that', async () => {
  const { vision, raised, settings } = await startVision()
  await until(isReady(vision), 'ready')
  assert.equal(raised.size, 0)
  await settings.set(VISION_MODEL, 'broken')
  await until(() => raised.size === 1 && vision.detector().state === 'ready', 'fallen back')
  assert.equal(vision.detector().model?.name, 'centernet-mb3-512')
  assert.deepEqual(
    [...raised.values()].map(({ level, title }) => [level, title]),
    [['warning', 'The chosen model cannot be used']],
  )
  assert.match(vision.detector().problem ?? '', /damaged.*used instead/)
  await settings.set(VISION_MODEL, 'better')
  await until(() => raised.size === 0, 'cleared')
  assert.equal(vision.detector().model?.name, 'better')
})

test('without any usable model nothing is detected, which is said as a problem; frames do no harm', async () => {
  const { vision, raised } = await startVision({ defaultModelFile: '/broken' })
  await until(() => vision.detector().state === 'failed', 'failed')
  assert.deepEqual(
    [...raised.values()].map(({ level, title }) => [level, title]),
    [['problem', 'Nothing is being detected']],
  )
  for (let i = 0; i < 20; i++) vision.see(frameOf('a', i, 230))
})

test('GET /api/hardware shows machine, detector and models, and fits its schema', async () => {
  const { vision } = await startVision()
  await until(isReady(vision), 'ready')
  const [route] = vision.routes
  assert.deepEqual([route?.path, route?.needs], ['/api/hardware', 'system.view'])
  const reply = hardwareReply.parse(await route?.run({} as never))
  assert.equal(reply.detector.state, 'ready')
  const models = vision.routes.find(({ path, method }) => path === '/api/models' && method === 'GET')
  const list = modelsReply.parse(await models?.run({} as never)).models
  assert.deepEqual(
    list.filter(({ active }) => active).map(({ name }) => name),
    ['centernet-mb3-512'],
  )
  assert.ok(list.length >= 5)
})

test('constructing does nothing; stopping twice or before starting is fine', async () => {
  const { vision } = await startVision()
  await vision.stop()
  await vision.stop()
  vision.see(frameOf('a', 0, 230))
})
