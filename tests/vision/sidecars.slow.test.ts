// The sidecars themselves: those in Python on stand-ins of their makers' libraries, the one for the processor for real.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test, type TestContext } from 'node:test'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { createHardware } from '../../appliance/src/hardware/index.ts'
import type { DetectorBackend } from '../../appliance/src/vision/backends/backend.ts'
import { sidecarCandidates } from '../../appliance/src/vision/backends/sidecar.ts'
import { createHomeDetector } from '../../appliance/src/vision/home-detector.ts'
import { buildDefaultModel } from '../../appliance/src/vision/index.ts'
import { detectorWish, sidecarModel, sidecarName } from '../../appliance/src/vision/settings.ts'
import { createFakeSettings } from '../fakes/settings.ts'

const SIDECARS = fileURLToPath(new URL('../../appliance/sidecars/', import.meta.url))
const STAND_INS = fileURLToPath(new URL('../fakes/chips/', import.meta.url))
function picture(luma = 128) {
  const data = new Uint8Array((96 * 96 * 3) / 2).fill(128)
  return { width: 96, height: 96, data: data.fill(luma, 0, 96 * 96) }
}

const works = (code: string): boolean => {
  try {
    execFileSync('python3', ['-c', code], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const noPython = works('') ? false : 'skipped: no python3'
const noNumpy = works('import numpy') ? false : 'skipped: no numpy for python3'

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lares-sidecars-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function until(condition: () => boolean, what: string, tries = 3_000): Promise<void> {
  for (let i = 0; i < tries && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.ok(condition(), what)
}

/** Runs a sidecar in Python and opens it as Lares does. */
async function openPython(t: TestContext, file: string, name: string): Promise<DetectorBackend> {
  const folder = newFolder(t)
  const model = join(folder, 'model.bin')
  writeFileSync(model, 'a model')
  const socket = join(folder, `${name}.sock`)
  const child = spawn('python3', [file, '--socket', socket, '--model', model, '--size', '96x96'], {
    env: { ...process.env, PYTHONPATH: `${STAND_INS}:${SIDECARS}`, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let words = ''
  child.stderr.on('data', (piece: Buffer) => (words += piece.toString()))
  t.after(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  await until(() => existsSync(socket) || child.exitCode !== null, 'it listens')
  assert.equal(child.exitCode, null, words)
  const candidate = sidecarCandidates({ clock: systemClock, folders: [folder] }).find(
    ({ id }) => id === `sidecar:${name}`,
  )
  assert.equal(await candidate?.missing(), null, 'its socket is for us alone')
  return (await candidate?.open({ name: 'm', file: 'm' }, new AbortController().signal)) ?? assert.fail()
}

async function seesOnePerson(backend: DetectorBackend): Promise<void> {
  const { detections } = await backend.look(picture(), 0.3)
  const [{ box, ...seen } = assert.fail('nobody was seen')] = detections
  assert.equal(detections.length, 1)
  assert.equal(seen.class, 'person')
  for (const [side, value] of Object.entries({ x: 0.25, y: 0.4, width: 0.5, height: 0.2 }))
    assert.ok(Math.abs(box[side as keyof typeof box] - value) < 1e-3, `${side} ${box[side as keyof typeof box]}`)
  // Luma 27 is the gray 13 that makes a stand-in fail.
  await assert.rejects(backend.look(picture(27), 0.3), /device lost/)
  assert.equal((await backend.look(picture(), 0.3)).detections.length, 1, 'and the next picture works')
}

test('every sidecar in Python can at least be compiled', { skip: noPython }, () => {
  const files = readdirSync(SIDECARS).filter((name) => name.endsWith('.py'))
  assert.ok(files.length >= 7)
  const code = 'import sys\nfor name in sys.argv[1:]: compile(open(name).read(), name, "exec")'
  execFileSync('python3', ['-c', code, ...files.map((name) => join(SIDECARS, name))])
})

test('the protocol module needs nothing but Python itself', { skip: noPython }, async (t) => {
  const backend = await openPython(t, join(STAND_INS, 'plain.py'), 'own')
  await seesOnePerson(backend)
  await backend.end()
})

for (const name of ['hailo', 'coral', 'rockchip', 'jetson', 'openvino']) {
  test(`${name}.py on a stand-in of its maker's library`, { skip: noNumpy }, async (t) => {
    const backend = await openPython(t, join(SIDECARS, `${name}.py`), name)
    await seesOnePerson(backend)
    await backend.end()
  })
}

/** The process that listens on this socket. */
function pidOf(socket: string): number | null {
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      if (readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes(socket)) return Number(name)
    } catch {
      // It ended meanwhile.
    }
  }
  return null
}

test('the reference sidecar for real: started, chosen, killed -9, replaced by the processor at once, started again', async (t) => {
  const dataDir = newFolder(t)
  const file = await buildDefaultModel()
  const settings = createFakeSettings()
  await settings.set(sidecarName, 'processor')
  await settings.set(sidecarModel, file)
  await settings.set(detectorWish, 'sidecar:processor')
  const detector = createHomeDetector({
    ...{ clock: systemClock, log: silentLog(), settings, dataDir, hardware: createHardware({ root: dataDir }) },
    models: async () => [{ name: 'default', file }],
    onStatus: () => undefined,
  })
  t.after(() => detector.stop())
  await detector.start()
  await until(() => detector.status().provider === 'sidecar:processor', 'the sidecar is chosen', 6_000)
  assert.equal(detector.status().model?.family, 'processor')
  const chosen = detector.status().candidates.find(({ state }) => state === 'chosen')
  assert.ok((chosen?.inferenceMs ?? 0) > 1)
  assert.deepEqual((await detector.look(picture(), 0.5)).detections, [])
  const socket = join(dataDir, 'sidecars', 'processor.sock')
  const pid = pidOf(socket) ?? assert.fail('no process')
  process.kill(pid, 'SIGKILL')
  await until(() => detector.status().provider === 'cpu', 'the processor looks', 200)
  assert.deepEqual((await detector.look(picture(), 0.5)).detections, [])
  const left = detector.status().candidates.find(({ id }) => id === 'sidecar:processor')
  assert.match(left?.reason ?? '', /The sidecar ended/)
  await until(() => (pidOf(socket) ?? pid) !== pid, 'it was started again')
})
