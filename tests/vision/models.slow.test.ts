import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { LaresError, type ErrorKind } from '../../appliance/src/core/errors.ts'
import { modelEntry } from '../../appliance/src/api/models.ts'
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
  assert.deepEqual(installed(), ['yolox-nano-416.json', 'yolox-nano-416.onnx'])
  assert.deepEqual(readFileSync(join(dataDir, 'models', 'yolox-nano-416.onnx')), readFileSync(yolox))
  const entry = (await listModels(deps(), { name: 'yolox-nano-416', inferenceMs: 12 })).find(
    ({ name }) => name === added.name,
  )
  assert.deepEqual([entry?.installed, entry?.active, entry?.licence], [true, true, 'Apache-2.0'])
  assert.deepEqual([entry?.inferenceMs, entry?.map50, entry?.canFetch], [12, 49, true])
})

test('an own file of a known family is installed under its own name and listed', async () => {
  const own = join(dataDir, 'My Model v2.onnx')
  // One byte more at the end of the file is another hash and, to ONNX, an unknown field at most.
  writeFileSync(own, Buffer.concat([readFileSync(defaultModelFile), Buffer.from([0x10, 0x01])]))
  await assert.rejects(addModel(deps(), own), refusal('invalid', /between you and its maker.*AGPL-3\.0/))
  assert.deepEqual(installed(), [])
  const { name, family, sha256, inferenceMs } = await addModel({ ...deps(), acknowledged: true }, own)
  assert.deepEqual([name, family], ['my-model-v2', 'centernet'])
  const list = await listModels(deps(), null)
  assert.deepEqual(list.at(-1), {
    name: 'my-model-v2',
    title: 'Your own: my-model-v2',
    family: 'centernet',
    licence: 'unknown',
    ...{ needsConsent: true, builtIn: false },
    ...{ sha256, inferenceMs, inputWidth: 512, inputHeight: 512, classes: 80, map50: null },
    sizeBytes: readFileSync(own).length,
    ...{ installed: true, active: false, canFetch: false },
    source: 'the file My Model v2.onnx',
  })
  for (const entry of list) modelEntry.parse(entry)
})

test('a damaged file, another kind of model and a folder are refused, and nothing is installed', async () => {
  const damaged = join(dataDir, 'damaged.onnx')
  writeFileSync(damaged, readFileSync(defaultModelFile).subarray(0, 1_000_000))
  await assert.rejects(addModel({ ...deps(), acknowledged: true }, damaged), refusal('invalid', /damaged/))
  await assert.rejects(addModel(deps(), dataDir), refusal('invalid', /not a file/))
  await assert.rejects(addModel(deps(), join(dataDir, 'nothing.onnx')), refusal('not-found', /no file/))
  const faces = dataFile('models/mobilefacenet_112.onnx')
  if (faces)
    await assert.rejects(
      addModel({ ...deps(), acknowledged: true }, faces),
      refusal('invalid', /of no family that Lares knows/),
    )
  assert.deepEqual(installed(), [])
})

test('a name without a known address is answered with the place to get the file; the built-in one is there already', async () => {
  await assert.rejects(addModel(deps(), 'yolox-tiny-416'), refusal('unavailable', /https:\/\/github.com\/Megvii/))
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
