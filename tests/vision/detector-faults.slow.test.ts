import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { systemClock, type Clock } from '../../appliance/src/core/clock.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { createHardware } from '../../appliance/src/hardware/index.ts'
import { createDetector, type Detector, type DetectorDeps } from '../../appliance/src/vision/detector.ts'
import { createHomeDetector } from '../../appliance/src/vision/home-detector.ts'
import { buildDefaultModel, probeDetectors } from '../../appliance/src/vision/index.ts'
import { detectorUrl, detectorWish } from '../../appliance/src/vision/settings.ts'
import { createHastyClock } from '../fakes/hasty-clock.ts'
import { startRemoteDetector } from '../fakes/remote-detector.ts'
import { createFakeSettings } from '../fakes/settings.ts'
import { ONLY_CPU, statesOf } from './detectors.ts'

const FAKE = new URL('../fakes/detector-worker.ts', import.meta.url)
const picture = (first: number) => ({ width: 4, height: 4, data: new Uint8Array(24).fill(first) })

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 2_000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.ok(condition(), what)
}

async function start(t: TestContext, change: Partial<DetectorDeps> & { clock?: Clock }) {
  const statuses: Parameters<DetectorDeps['onStatus']>[0][] = []
  const detector = createDetector({
    ...{ clock: systemClock, log: silentLog(), workerFile: FAKE },
    models: async () => [{ name: 'm', file: 'ok.onnx' }],
    ruledOut: async () => ONLY_CPU,
    onStatus: (status) => void statuses.push(status),
    ...change,
  })
  t.after(() => detector.stop())
  await detector.start()
  await until(() => detector.isIdle(), 'ready')
  return { detector, statuses }
}

const sessionsOf = (detector: Detector): number | null =>
  detector.status().candidates.find(({ id }) => id === 'cpu')?.atOnce ?? null

test('three sessions take three pictures at once, the fourth is refused and not queued', async (t) => {
  const { detector } = await start(t, { poolSize: async () => 3 })
  await until(() => sessionsOf(detector) === 3, 'three sessions')
  const looks = [1, 2, 3].map((each) => detector.look(picture(each * 50), 0))
  assert.equal(detector.isIdle(), false)
  await assert.rejects(detector.look(picture(1), 0), /not ready/)
  const scores = (await Promise.all(looks)).map(({ detections }) => detections[0]?.score)
  assert.deepEqual(
    scores,
    [50, 100, 150].map((each) => each / 255),
  )
  assert.equal(detector.isIdle(), true)
})

for (const way of ['dies', 'hangs'] as const) {
  test(`one of two sessions ${way}: the other looks on, and the lost one is replaced`, async (t) => {
    // Fast enough that a session's patience of 5 s is a second, slow enough for a thread to start.
    const clock = createHastyClock(5)
    const models = async () => [{ name: 'm', file: `${way}.onnx` }]
    const { detector, statuses } = await start(t, { clock, models, poolSize: async () => 2 })
    await until(() => sessionsOf(detector) === 2, 'two sessions')
    const words = way === 'dies' ? /stopped/ : /did not answer in time/
    const lost = assert.rejects(detector.look(picture(13), 0), words)
    const seen = detector.look(picture(204), 0)
    assert.equal((await seen).detections[0]?.score, 0.8)
    await lost
    assert.equal((await detector.look(picture(204), 0)).detections.length, 1)
    await until(() => sessionsOf(detector) === 2, 'replaced')
    assert.deepEqual(statesOf(statuses), ['ready'], 'sight was never gone')
  })
}

test('a model that is damaged while it runs: whatever starts anew takes the built-in one, and so do the others', async (t) => {
  let isDamaged = false
  const { detector } = await start(t, {
    poolSize: async () => 2,
    models: async () => [
      { name: 'chosen', file: isDamaged ? 'broken.onnx' : 'dies.onnx' },
      { name: 'built-in', file: 'ok.onnx' },
    ],
  })
  await until(() => sessionsOf(detector) === 2, 'two sessions')
  isDamaged = true
  await assert.rejects(detector.look(picture(13), 0), /stopped/)
  await until(() => detector.status().model?.name === 'built-in' && sessionsOf(detector) === 2, 'the built-in one')
  assert.match(detector.status().problem ?? '', /damaged .* built-in is used instead/)
  assert.equal((await detector.look(picture(13), 0)).detections.length, 1, 'both sessions see with it')
  assert.equal((await detector.look(picture(13), 0)).detections.length, 1)
})

async function startHome(t: TestContext, settings: ReturnType<typeof createFakeSettings>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'lares-home-detector-'))
  const file = await buildDefaultModel()
  const detector = createHomeDetector({
    ...{ clock: systemClock, log: silentLog(), settings, dataDir, hardware: createHardware({ root: dataDir }) },
    models: async () => [{ name: 'default', file }],
    onStatus: () => undefined,
  })
  t.after(async () => {
    await detector.stop()
    rmSync(dataDir, { recursive: true })
  })
  await detector.start()
  await until(() => detector.status().state === 'ready', 'ready')
  return { detector, dataDir }
}

const remoteOf = (detector: Pick<Detector, 'status'>) =>
  detector.status().candidates.find(({ id }) => id === 'remote') ?? assert.fail('not listed')

test('a remote detector that sees people anywhere is found out with pictures of our own and gets none of the cameras', async (t) => {
  const server = await startRemoteDetector({ dialect: 'lares' })
  t.after(() => server.close())
  const settings = createFakeSettings()
  const { detector } = await startHome(t, settings)
  await until(() => remoteOf(detector).state === 'absent', 'not set')
  await settings.set(detectorUrl, server.url)
  await until(() => remoteOf(detector).state === 'failed', 'refused')
  assert.match(remoteOf(detector).reason, /does not see the person|sees a person where nothing is/)
  assert.equal(detector.status().provider, 'cpu')
  assert.ok(detector.status().room !== null, 'room for more cameras is told')
})

test('lares doctor: every candidate with its state and reason, without touching what a running Lares owns', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lares-probe-'))
  t.after(() => rmSync(dataDir, { recursive: true }))
  const settings = createFakeSettings()
  await settings.set(detectorUrl, 'http://127.0.0.1:9')
  const probe = { clock: systemClock, log: silentLog(), settings, dataDir, hardware: createHardware({ root: dataDir }) }
  const { candidates } = await probeDetectors({ ...probe, workerFile: FAKE })
  const states = Object.fromEntries(candidates.map(({ id, state }) => [id, state]))
  assert.equal(states['cpu'], 'chosen')
  assert.equal(states['cuda'], 'absent')
  assert.equal(states['sidecar:hailo'], 'absent')
  assert.equal(states['remote'], 'failed')
  assert.match(candidates.find(({ id }) => id === 'remote')?.reason ?? '', /cannot be reached/)
  await settings.set(detectorWish, 'cpu')
  const wished = (await probeDetectors({ ...probe, workerFile: FAKE })).candidates
  assert.match(wished.find(({ id }) => id === 'remote')?.reason ?? '', /asks for the processor/)
})
