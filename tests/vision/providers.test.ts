import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from '../../appliance/src/core/clock.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import type { ModelSignature } from '../../appliance/src/vision/families/index.ts'
import { chooseProvider } from '../../appliance/src/vision/providers.ts'
import { providersRuledOut } from '../../appliance/src/vision/providers-by-hardware.ts'
import type { InferenceRuntime } from '../../appliance/src/vision/runtime.ts'

const SIGNATURE: ModelSignature = {
  inputs: [{ name: 'images', type: 'float32', dims: [1, 3, 32, 32] }],
  outputs: [{ name: 'output', type: 'float32', dims: [1, 21, 85] }],
}

interface Behaviour {
  ms?: number
  opens?: string
  runs?: string
  answer?: number
}

/** A runtime whose providers take the time, and make the mistakes, that a test gives them. */
function createFakeRuntime(providers: Record<string, Behaviour>, signature = SIGNATURE) {
  let nowMs = 0
  const open = new Set<string>()
  const runtime: InferenceRuntime = {
    backends: () => Object.keys(providers),
    async open(_file, provider) {
      const { ms = 10, opens, runs, answer = 1 } = providers[provider] ?? {}
      if (opens) throw new Error(opens)
      open.add(provider)
      return {
        signature,
        async run() {
          nowMs += ms
          if (runs) throw new Error(runs)
          return [new Float32Array(21 * 85).fill(answer)]
        },
        async release() {
          open.delete(provider)
        },
      }
    },
  }
  const clock: Clock = { now: () => nowMs, monotonic: () => nowMs, after: () => () => undefined }
  return { runtime, clock, open }
}

const choose = (fake: ReturnType<typeof createFakeRuntime>, ruledOut: Record<string, string> = {}) =>
  chooseProvider({ ...fake, modelFile: 'x.onnx', threads: 1, ruledOut })

test('the fastest provider that works is chosen, the others are closed again', async () => {
  const fake = createFakeRuntime({ cpu: { ms: 30 }, cuda: { ms: 4 }, tensorrt: { ms: 9 }, webgpu: { ms: 12 } })
  const choice = await choose(fake)
  assert.equal(choice.provider, 'cuda')
  assert.equal(choice.inferenceMs, 4)
  assert.deepEqual([...fake.open], ['cuda'])
  assert.deepEqual(
    choice.tried.map(({ provider, outcome, inferenceMs }) => [provider, outcome, inferenceMs]),
    [
      ['tensorrt', 'works', 9],
      ['cuda', 'chosen', 4],
      ['webgpu', 'works', 12],
      ['cpu', 'works', 30],
    ],
  )
})

test('an accelerator that is slower than the processor is not taken', async () => {
  const fake = createFakeRuntime({ cpu: { ms: 10 }, webgpu: { ms: 50 } })
  assert.equal((await choose(fake)).provider, 'cpu')
  assert.deepEqual([...fake.open], ['cpu'])
})

test('each failure is told in words and the next one is tried', async () => {
  const fake = createFakeRuntime({
    cpu: {},
    tensorrt: { opens: 'OrtSessionOptionsAppendExecutionProvider_TensorRT: Failed to load shared library' },
    cuda: { ms: 1, answer: 7 },
    webgpu: { runs: 'device lost' },
  })
  const { provider, tried } = await choose(fake)
  assert.equal(provider, 'cpu')
  assert.deepEqual(
    tried.map(({ outcome }) => outcome),
    ['failed', 'failed', 'failed', 'chosen'],
  )
  assert.match(tried[0]?.reason ?? '', /libraries .* not installed/)
  assert.match(tried[1]?.reason ?? '', /something else than the processor/)
  assert.equal(tried[2]?.reason, 'device lost')
  assert.deepEqual([...fake.open], ['cpu'])
})

test('what cannot work on this machine, or is not built in, is not even tried', async () => {
  const fake = createFakeRuntime({ cpu: {}, webgpu: { ms: 1 } })
  const { tried, provider } = await choose(fake, { webgpu: 'No graphics card.' })
  assert.equal(provider, 'cpu')
  assert.deepEqual(
    tried.map(({ outcome, reason }) => [outcome, reason]),
    [
      ['not-available', 'This build of ONNX Runtime does not know it.'],
      ['not-available', 'This build of ONNX Runtime does not know it.'],
      ['not-available', 'No graphics card.'],
      ['chosen', 'It works.'],
    ],
  )
})

test('a damaged file and a model of another kind are refused with a sentence each', async () => {
  const isRefusal = (code: string, words: RegExp) => (error: unknown) =>
    error instanceof LaresError && error.kind === 'invalid' && error.code === code && words.test(error.message)
  await assert.rejects(
    choose(createFakeRuntime({ cpu: { opens: 'Protobuf parsing failed' } })),
    isRefusal('MODEL_BROKEN', /damaged/),
  )
  await assert.rejects(
    choose(createFakeRuntime({ cpu: { opens: "File doesn't exist" } })),
    isRefusal('MODEL_BROKEN', /missing/),
  )
  const faces = createFakeRuntime({ cpu: {} }, { inputs: SIGNATURE.inputs, outputs: [] })
  await assert.rejects(choose(faces), isRefusal('MODEL_UNKNOWN', /of no family that Lares knows/))
  assert.equal(faces.open.size, 0)
})

test('a box without graphics card rules out all but the processor; a ready NVIDIA card rules out nothing', () => {
  const report = { board: '', cpu: { model: '', cores: 1, features: [] }, memoryMb: 1, accelerators: [], decoders: [] }
  assert.deepEqual(Object.keys(providersRuledOut(report)).sort(), ['cuda', 'tensorrt', 'webgpu'])
  const card = {
    kind: 'nvidia-gpu',
    name: '',
    present: true,
    ready: true,
    state: 'ready' as const,
    hint: '',
    fix: null,
  }
  assert.deepEqual(providersRuledOut({ ...report, accelerators: [card] }), {})
  assert.equal(Object.keys(providersRuledOut({ ...report, accelerators: [{ ...card, ready: false }] })).length, 3)
  const intel = { ...card, kind: 'intel-gpu' }
  assert.deepEqual(Object.keys(providersRuledOut({ ...report, accelerators: [intel] })).sort(), ['cuda', 'tensorrt'])
})
