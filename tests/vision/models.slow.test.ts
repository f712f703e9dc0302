import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { LaresError, type ErrorKind } from '../../appliance/src/core/errors.ts'
import { hardwareReply } from '../../appliance/src/api/system.ts'
import { addModel, buildDefaultModel, listModels, useModel } from '../../appliance/src/vision/index.ts'
import { VISION_MODEL } from '../../appliance/src/vision/settings.ts'
import { createFakeSettings } from '../fakes/settings.ts'
import { dataFile, NO_DATA } from './data.ts'

let dataDir = ''
const settings = createFakeSettings()
const deps = () => ({ dataDir, defaultModelFile, clock: systemClock, settings })
const defaultModelFile = await buildDefaultModel()
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'lares-models-'))))
afterEach(() => rmSync(dataDir, { recursive: true }))

const refusal = (kind: ErrorKind, words: RegExp) => (error: unknown) =>
  error instanceof LaresError && error.kind === kind && words.test(error.message)

const installed = (): string[] => (existsSync(join(dataDir, 'models')) ? readdirSync(join(dataDir, 'models')) : [])

test('a known file is installed under its name, whatever it was called', async (t) => {
  const yolox = dataFile('models/yolox_nano_416.onnx')
  if (!yolox) return t.skip(NO_DATA)
  const odd = join(dataDir, 'download (3).bin')
  copyFileSync(yolox, odd)
  const added = await addModel(deps(), odd)
  assert.equal(added.name, 'yolox-nano-416')
  assert.deepEqual([added.family, added.inputWidth], ['yolox', 416])
  assert.deepEqual(installed(), ['yolox-nano-416.onnx'])
  assert.deepEqual(readFileSync(join(dataDir, 'models', 'yolox-nano-416.onnx')), readFileSync(yolox))
  const entry = (await listModels(deps(), 'yolox-nano-416')).find(({ name }) => name === added.name)
  assert.deepEqual([entry?.installed, entry?.active, entry?.licence], [true, true, 'Apache-2.0'])
})

test('an own file of a known family is installed under its own name and listed', async () => {
  const own = join(dataDir, 'My Model v2.onnx')
  // One byte more at the end of the file is another hash and, to ONNX, an unknown field at most.
  writeFileSync(own, Buffer.concat([readFileSync(defaultModelFile), Buffer.from([0x10, 0x01])]))
  const { name, family } = await addModel(deps(), own)
  assert.deepEqual([name, family], ['my-model-v2', 'centernet'])
  const list = await listModels(deps(), null)
  assert.deepEqual(list.at(-1), {
    name: 'my-model-v2',
    title: 'Your own: my-model-v2',
    licence: 'unknown',
    sizeBytes: readFileSync(own).length,
    installed: true,
    active: false,
    source: 'added from a file',
  })
  hardwareReply.shape.models.parse(list)
})

test('a damaged file, another kind of model and a folder are refused, and nothing is installed', async () => {
  const damaged = join(dataDir, 'damaged.onnx')
  writeFileSync(damaged, readFileSync(defaultModelFile).subarray(0, 1_000_000))
  await assert.rejects(addModel(deps(), damaged), refusal('invalid', /damaged/))
  await assert.rejects(addModel(deps(), dataDir), refusal('invalid', /not a file/))
  await assert.rejects(addModel(deps(), join(dataDir, 'nothing.onnx')), refusal('not-found', /no file/))
  const faces = dataFile('models/mobilefacenet_112.onnx')
  if (faces) await assert.rejects(addModel(deps(), faces), refusal('invalid', /of no family that Lares knows/))
  assert.deepEqual(installed(), [])
})

test('a name is answered with the place to get the file: nothing is fetched', async () => {
  await assert.rejects(addModel(deps(), 'yolox-s-640'), refusal('unavailable', /https:\/\/github.com\/opencv/))
  await assert.rejects(addModel(deps(), 'centernet-mb3-512'), refusal('conflict', /built in/))
  await assert.rejects(addModel(deps(), defaultModelFile), refusal('conflict', /built in/))
})

test('only an installed model can be chosen', async () => {
  await useModel(deps(), 'centernet-mb3-512')
  assert.equal(settings.get(VISION_MODEL), 'centernet-mb3-512')
  for (const name of ['yolox-s-640', '../../etc/passwd', 'x/y', '']) {
    await assert.rejects(useModel(deps(), name), refusal('not-found', /not installed/))
  }
  assert.equal(settings.get(VISION_MODEL), 'centernet-mb3-512')
})
