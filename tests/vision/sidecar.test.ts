import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { systemClock, type Clock } from '../../appliance/src/core/clock.ts'
import { LookFailed, type Candidate, type DetectorBackend } from '../../appliance/src/vision/backends/backend.ts'
import { sidecarCandidates } from '../../appliance/src/vision/backends/sidecar.ts'
import { createHastyClock } from '../fakes/hasty-clock.ts'
import { HELLO, startFakeSidecar, type SidecarBehaviour } from '../fakes/sidecar.ts'

const picture = () => ({ width: 64, height: 48, data: new Uint8Array((64 * 48 * 3) / 2).fill(128) })

function candidateIn(folder: string, clock: Clock = systemClock): Candidate {
  const own = sidecarCandidates({ clock, folders: [folder] }).find(({ id }) => id === 'sidecar:own')
  return own ?? assert.fail('no such candidate')
}

const open = (candidate: Candidate): Promise<DetectorBackend> =>
  candidate.open({ name: 'm', file: 'm.onnx' }, new AbortController().signal)

async function start(t: TestContext, hello: unknown = HELLO, clock: Clock = systemClock) {
  const sidecar = await startFakeSidecar(hello)
  t.after(() => sidecar.close())
  return { sidecar, candidate: candidateIn(sidecar.folder, clock) }
}

test('a sidecar introduces itself, gets the picture as it asked for it, and its boxes are those of the frame', async (t) => {
  const { sidecar, candidate } = await start(t)
  assert.equal(await candidate.missing(), null)
  const backend = await open(candidate)
  assert.deepEqual(backend.facts.model, { name: 'fake-model', family: 'fake', inputWidth: 64, inputHeight: 64 })
  const { detections, inferenceMs, data } = await backend.look(picture(), 0.2)
  assert.equal(data.length, picture().data.length)
  assert.equal(inferenceMs, 5)
  const [{ width, height, pixels } = assert.fail('nothing was sent')] = sidecar.looks
  assert.deepEqual([width, height, pixels.length], [64, 64, 64 * 64 * 3])
  assert.equal(pixels[0], 114, 'the margin above')
  assert.ok(Math.abs((pixels[32 * 64 * 3] ?? 0) - 130) <= 2, 'the gray of the frame')
  assert.equal(detections.length, 1, 'unicorns and classes without a name are dropped')
  // 48 rows lie in the middle of 64: 0.4 of the sidecar's picture is row 25.6, which is 17.6 of the frame.
  const box = detections[0]?.box ?? assert.fail()
  for (const [side, value] of Object.entries({ x: 0.25, y: 17.6 / 48, width: 0.5, height: 12.8 / 48 }))
    assert.ok(Math.abs(box[side as keyof typeof box] - value) < 1e-6, side)
  await backend.end()
  assert.match(await backend.died, /closed/)
})

test('a sidecar that takes the frame as it is gets its very bytes', async (t) => {
  const { sidecar, candidate } = await start(t, { ...HELLO, input: { ...HELLO.input, layout: 'yuv420' } })
  const backend = await open(candidate)
  const { detections } = await backend.look(picture(), 0.2)
  assert.ok(sidecar.looks[0]?.pixels.equals(Buffer.from(picture().data)))
  assert.ok(Math.abs((detections[0]?.box.y ?? 0) - 0.4) < 1e-9)
  await backend.end()
})

const hellos: [what: string, hello: unknown, words: RegExp][] = [
  ['another version', { ...HELLO, version: 2 }, /another version/],
  ['another protocol', { ...HELLO, protocol: 'zmq' }, /does not know \(protocol\)/],
  ['a picture without an end', { ...HELLO, input: { ...HELLO.input, width: 1_000_000 } }, /\(input\.width\)/],
  ['an unknown order of pixels', { ...HELLO, input: { ...HELLO.input, layout: 'hsv' } }, /\(input\.layout\)/],
  ['no classes', { ...HELLO, classes: [] }, /\(classes\)/],
  ['no JSON', 'good day', /does not know/],
]
for (const [what, hello, words] of hellos) {
  test(`an introduction with ${what} is refused in words`, async (t) => {
    const { candidate } = await start(t, hello)
    await assert.rejects(open(candidate), words)
  })
}

const once: [SidecarBehaviour, RegExp][] = [
  ['fails', /too hot/],
  ['out-of-range', /boxes that make no sense/],
]
for (const [behaviour, words] of once) {
  test(`a sidecar that answers with ${behaviour}: that look fails, the picture is whole, the next look may succeed`, async (t) => {
    const { sidecar, candidate } = await start(t)
    const backend = await open(candidate)
    sidecar.set(behaviour)
    const failed = await backend.look(picture(), 0.2).catch((error: unknown) => error)
    assert.ok(failed instanceof LookFailed)
    assert.match(failed.message, words)
    assert.deepEqual(failed.data, picture().data)
    sidecar.set('good')
    assert.equal((await backend.look(picture(), 0.2)).detections.length, 1)
    await backend.end()
  })
}

const fatal: [SidecarBehaviour, RegExp][] = [
  ['huge', /too long/],
  ['nonsense', /makes no sense/],
  ['nan', /makes no sense/],
  ['unknown-kind', /something unknown/],
  ['ends', /ended/],
]
for (const [behaviour, words] of fatal) {
  test(`a sidecar that answers with ${behaviour} is not talked to any more`, async (t) => {
    const { sidecar, candidate } = await start(t)
    const backend = await open(candidate)
    sidecar.set(behaviour)
    await assert.rejects(backend.look(picture(), 0.2), words)
    assert.match(await backend.died, words)
    await assert.rejects(backend.look(picture(), 0.2), /gone/)
  })
}

test('a sidecar that falls silent while nobody asks is found out by its missing heartbeat', async (t) => {
  const { sidecar, candidate } = await start(t, HELLO, createHastyClock(50))
  const backend = await open(candidate)
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.equal((await backend.look(picture(), 0.2)).detections.length, 1, 'heartbeats were answered')
  sidecar.set('no-pong')
  assert.match(await backend.died, /does not answer/)
})

test('a socket that others could have put there, or a file, is not used and the reason is told', async (t) => {
  const { sidecar, candidate } = await start(t)
  chmodSync(sidecar.folder, 0o777)
  const missing = await candidate.missing()
  assert.equal(missing?.state, 'present')
  assert.match(missing.reason, /Everybody on this machine could replace/)
  const folder = mkdtempSync(join(tmpdir(), 'lares-sidecar-'))
  t.after(() => rmSync(folder, { recursive: true }))
  assert.equal((await candidateIn(folder).missing())?.state, 'absent')
  writeFileSync(join(folder, 'own.sock'), '')
  assert.match((await candidateIn(folder).missing())?.reason ?? '', /no socket/)
})
