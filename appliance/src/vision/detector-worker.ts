// The detector's thread, and the only place that knows ONNX Runtime: its `run` blocks the thread it is called on.
import { parentPort } from 'node:worker_threads'
import { systemClock } from '../core/clock.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import { createFrameDetector, type FrameDetector } from './frame-detector.ts'
import type { ModelSignature } from './families/index.ts'
import { chooseProvider } from './providers.ts'
import type { InferenceRuntime, InferenceSession } from './runtime.ts'
import type { FromWorker, ToWorker } from './worker-protocol.ts'

// Must be set before the library is loaded: it reports to its maker otherwise, and nothing leaves the house.
process.env['ORT_DISABLE_TELEMETRY'] = '1'
const { default: ort } = await import('onnxruntime-node')
type OrtSession = Awaited<ReturnType<typeof ort.InferenceSession.create>>

const ERRORS_ONLY = 3

const runtime: InferenceRuntime = {
  backends: () => ort.listSupportedBackends().map(({ name }) => name),
  async open(modelFile, provider, threads) {
    const session = await ort.InferenceSession.create(modelFile, {
      executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      logSeverityLevel: ERRORS_ONLY,
      // Threads that wait by spinning burn three times the processor time of the work itself.
      extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
    })
    return wrap(session)
  },
}

function wrap(session: OrtSession): InferenceSession {
  // Wrapping the buffer once a session, not once a frame.
  let wrapped: { input: Float32Array; tensor: InstanceType<typeof ort.Tensor> } | null = null
  return {
    signature: signatureOf(session),
    async run({ inputName, inputDims, input, extraInputs = [], outputNames }) {
      if (wrapped?.input !== input) wrapped = { input, tensor: new ort.Tensor('float32', input, [...inputDims]) }
      const extras = extraInputs.map(({ name, values, dims }) => [
        name,
        new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [...dims]),
      ])
      const results = await session.run({ [inputName]: wrapped.tensor, ...Object.fromEntries(extras) }, outputNames)
      return outputNames.map((name) => asFloats(results[name]?.data))
    },
    release: () => session.release(),
  }
}

/** Class numbers come as 64-bit whole numbers from some models; everything else is floats already. */
function asFloats(data: unknown): Float32Array {
  return data instanceof BigInt64Array ? Float32Array.from(data, Number) : (data as Float32Array)
}

function signatureOf({ inputMetadata, outputMetadata }: OrtSession): ModelSignature {
  const shapes = (list: OrtSession['inputMetadata']): ModelSignature['inputs'] =>
    list.map((each) =>
      each.isTensor
        ? { name: each.name, type: each.type, dims: each.shape }
        : { name: each.name, type: 'no tensor', dims: [] },
    )
  return { inputs: shapes(inputMetadata), outputs: shapes(outputMetadata) }
}

let detector: FrameDetector | null = null

function answer(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer)
}

async function open({ modelFile, threads, ruledOut }: ToWorker & { kind: 'open' }): Promise<void> {
  try {
    const choice = await chooseProvider({ runtime, clock: systemClock, modelFile, threads, ruledOut })
    detector = createFrameDetector(choice.model, systemClock)
    const { family, picture } = choice.model.recipe
    const { provider, inferenceMs, tried } = choice
    const opened = { family, inputWidth: picture.width, inputHeight: picture.height, provider, inferenceMs, tried }
    answer({ kind: 'opened', opened })
  } catch (error) {
    const code = error instanceof LaresError ? error.code : 'MODEL_BROKEN'
    answer({ kind: 'not-opened', code, message: messageOf(error) })
  }
}

async function look({ id, width, height, data, minScore }: ToWorker & { kind: 'look' }): Promise<void> {
  const transfer = [data.buffer as ArrayBuffer]
  try {
    if (!detector) throw new LaresError('unavailable', 'No model is open.')
    const { detections, inferenceMs } = await detector.look({ width, height, data }, minScore)
    answer({ kind: 'seen', id, detections, inferenceMs, data }, transfer)
  } catch (error) {
    answer({ kind: 'look-failed', id, message: messageOf(error), data }, transfer)
  }
}

parentPort?.on('message', (message: ToWorker) => void (message.kind === 'open' ? open(message) : look(message)))
