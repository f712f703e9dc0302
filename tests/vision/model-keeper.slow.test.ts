import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, Agent } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, beforeEach, test } from 'node:test'
import { modelsReply, UPLOAD_CHUNK_BYTES } from '../../appliance/src/api/models.ts'
import type { DetectorStatus } from '../../appliance/src/api/system.ts'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { sha256Hex } from '../../appliance/src/core/crypto.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { createLog } from '../../appliance/src/core/log.ts'
import type { RequestContext } from '../../appliance/src/http/route.ts'
import { buildDefaultModel } from '../../appliance/src/vision/index.ts'
import { isWildlySlower, whyWorse } from '../../appliance/src/vision/models/choice.ts'
import { createModelKeeper, type ModelChange, type ModelKeeper } from '../../appliance/src/vision/models/keeper.ts'
import { VISION_MODEL } from '../../appliance/src/vision/settings.ts'
import { makeCertificate } from '../fakes/certificate.ts'
import { createFakeSettings } from '../fakes/settings.ts'
import { CELLS, writeModel } from './generated-models.ts'

const defaultModelFile = await buildDefaultModel()
const { certPem, keyPem } = await makeCertificate()
let served: Buffer | null = null
const server = createServer({ cert: certPem, key: keyPem }, (_, response) =>
  served ? response.writeHead(200, { 'content-length': served.length }).end(served) : response.writeHead(404).end(),
)
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const url = `https://localhost:${(server.address() as AddressInfo).port}/files/My%20Model.onnx`
after(() => void server.close())

const REQUEST = {} as RequestContext
const BUILT_IN = 'centernet-mb3-512'
const ready = (name: string, inferenceMsP50 = 50): DetectorStatus => ({
  ...{ state: 'ready', provider: 'cpu', inferenceMsP50, candidates: [], room: null, problem: null },
  model: { name, family: '', inputWidth: 0, inputHeight: 0 },
})

let dataDir = ''
let status: DetectorStatus = ready(BUILT_IN)
let changes: ModelChange[] = []
let settings = createFakeSettings()
let keeper: ModelKeeper
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'lares-keeper-'))
  mkdirSync(join(dataDir, 'models'))
  settings = createFakeSettings()
  changes = []
  status = ready(BUILT_IN)
  keeper = createModelKeeper({
    ...{ places: { dataDir, defaultModelFile }, settings, clock: systemClock, isFixed: false },
    log: createLog({ level: 'silent' }),
    detector: () => status,
    fetch: { agent: new Agent({ ca: certPem }), isAllowed: () => true },
    record: async (change) => void changes.push(change),
    onChange: (models) => void modelsReply.parse(models),
  })
})
afterEach(async () => {
  await keeper.stop()
  rmSync(dataDir, { recursive: true })
})

/** A file of a known family that is in no catalogue. */
const ownModel = (): Buffer => Buffer.concat([readFileSync(defaultModelFile), Buffer.from([0x10, 0x01])])
const refusal = (code: string) => (error: unknown) => error instanceof LaresError && error.code === code

/** The job once it is in one of these phases. */
async function jobIn(...phases: string[]): Promise<NonNullable<ReturnType<ModelKeeper['jobs']['current']>>> {
  for (;;) {
    const job = keeper.jobs.current()
    if (job && phases.includes(job.phase)) return job
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('an own model from an address: licence acknowledged, hash shown and confirmed, tried, installed, recorded', async () => {
  served = ownModel()
  assert.throws(() => keeper.jobs.fetch({ url }, keeper.added(REQUEST)), refusal('LICENCE_UNACKNOWLEDGED'))
  keeper.jobs.fetch({ url, acknowledged: true, licence: 'MIT' }, keeper.added(REQUEST))
  assert.throws(() => keeper.jobs.fetch({ url, acknowledged: true }, keeper.added(REQUEST)), refusal('MODEL_BUSY'))
  const waiting = await jobIn('confirm', 'failed')
  assert.equal(waiting.sha256, sha256Hex(served))
  assert.throws(() => keeper.jobs.confirm('0'.repeat(64), keeper.added(REQUEST)), refusal('MODEL_NOT_WAITING'))
  await new Promise((resolve) => setTimeout(resolve, 20))
  keeper.jobs.confirm(sha256Hex(served), keeper.added(REQUEST))
  assert.equal((await jobIn('done', 'failed')).problem, null)
  const entry = (await keeper.list()).models.find(({ name }) => name === 'my-model')
  assert.deepEqual([entry?.installed, entry?.licence, entry?.family, entry?.classes], [true, 'MIT', 'centernet', 80])
  assert.deepEqual(
    changes.map(({ what, name }) => [what, name]),
    [['added', 'my-model']],
  )
})

test('a file with another hash than the named one is not even tried', async () => {
  served = ownModel()
  keeper.jobs.fetch({ url, acknowledged: true, sha256: 'a'.repeat(64) }, keeper.added(REQUEST))
  const { phase, problem } = await jobIn('done', 'failed')
  assert.equal(phase, 'failed')
  assert.match(problem ?? '', /another file than the one that was named/)
  assert.deepEqual(readdirSync(join(dataDir, 'models')), [])
})

test('a file sent in pieces: wrong places are told the right one, a short one is not taken', async () => {
  const bytes = ownModel()
  const { jobs } = keeper
  await assert.rejects(jobs.upload.add(0, ''), refusal('UPLOAD_NOT_BEGUN'))
  await jobs.upload.begin({ fileName: '../../etc/Mine.onnx', sizeBytes: bytes.length, acknowledged: true })
  for (let at = 0; at < bytes.length; at += UPLOAD_CHUNK_BYTES) {
    if (at > 0) await assert.rejects(jobs.upload.add(0, 'AAAA'), refusal('UPLOAD_OFFSET'))
    assert.throws(() => jobs.finishUpload(keeper.added(REQUEST)), refusal('UPLOAD_INCOMPLETE'))
    await jobs.upload.add(at, bytes.subarray(at, at + UPLOAD_CHUNK_BYTES).toString('base64'))
  }
  await assert.rejects(jobs.upload.add(bytes.length, 'AAAA'), /does not fit/)
  jobs.finishUpload(keeper.added(REQUEST))
  assert.equal((await jobIn('done', 'failed')).name, 'mine')
  assert.deepEqual(readdirSync(join(dataDir, 'models')).sort(), ['mine.json', 'mine.onnx'])
})

const blind = (): string =>
  writeModel(join(dataDir, 'models', 'blind.onnx'), {
    answers: [{ name: 'output0', shape: [1, 84, CELLS], values: new Float32Array(84 * CELLS) }],
  })

test('a blind model is refused when it is chosen; nothing changes', async () => {
  blind()
  await assert.rejects(keeper.choose('blind', REQUEST), /does not find the person and car on the check picture/)
  assert.equal(settings.get(VISION_MODEL), BUILT_IN)
  assert.deepEqual(changes, [])
})

test('a model that knows nothing of a home is refused', async () => {
  const file = writeModel(join(dataDir, 'models', 'fruit.onnx'), {
    names: ['apple', 'pear'],
    answers: [{ name: 'output0', shape: [1, 6, CELLS], values: new Float32Array(6 * CELLS) }],
  })
  assert.ok(existsSync(file))
  await assert.rejects(keeper.choose('fruit', REQUEST), /only apple, pear/)
})

/** An own model that works, chosen. */
async function chooseGood(): Promise<void> {
  copyFileSync(defaultModelFile, join(dataDir, 'models', 'good.onnx'))
  await keeper.choose('good', REQUEST)
  assert.equal(settings.get(VISION_MODEL), 'good')
}

test('a chosen model that does not open is given up by itself, with its reason', async () => {
  await chooseGood()
  assert.equal((await keeper.list()).previous, BUILT_IN)
  status = { ...ready(BUILT_IN), problem: 'good: it crashes. centernet-mb3-512 is used instead.' }
  keeper.onDetector(status)
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(settings.get(VISION_MODEL), BUILT_IN)
  const { rolledBack, previous } = await keeper.list()
  assert.deepEqual([rolledBack?.from, rolledBack?.to, previous], ['good', BUILT_IN, null])
  assert.match(rolledBack?.reason ?? '', /it crashes/)
  assert.deepEqual(
    changes.map(({ what }) => what),
    ['chosen', 'rolled-back'],
  )
})

test('one that is wildly slower in use is given up too; one that works stays, and one can go back by hand', async () => {
  await chooseGood()
  keeper.onDetector(ready('good', 1_500))
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(settings.get(VISION_MODEL), BUILT_IN)
  await chooseGood()
  keeper.onDetector({ ...ready(BUILT_IN), state: 'starting' })
  keeper.onDetector(ready('good', 60))
  assert.equal(settings.get(VISION_MODEL), 'good')
  await assert.rejects(keeper.remove('good', REQUEST), /in use/)
  await keeper.goBack(REQUEST)
  assert.equal(settings.get(VISION_MODEL), BUILT_IN)
  await keeper.remove('good', REQUEST)
  assert.deepEqual(readdirSync(join(dataDir, 'models')), [])
  await assert.rejects(keeper.remove(BUILT_IN, REQUEST), /built-in model stays/)
})

test('what counts as worse', () => {
  assert.equal(isWildlySlower(900, 10), false, 'quick enough all the same')
  assert.equal(isWildlySlower(1_200, 100), true)
  assert.equal(isWildlySlower(1_200, null), false)
  assert.equal(whyWorse({ ...ready('x'), state: 'starting' }, 'x', 10), null)
  assert.equal(whyWorse({ ...ready('x'), state: 'failed', problem: 'gone' }, 'x', 10), 'gone')
  assert.equal(whyWorse(ready('x', 2_000), 'x', 10), 'One look takes 2000 ms, where the model before took 10 ms.')
})
