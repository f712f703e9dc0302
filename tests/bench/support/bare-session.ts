// A bare onnxruntime session, as anybody would open one: what the product is measured against.
import { recogniseModel, type ModelRecipe } from '../../../appliance/src/vision/families/index.ts'

process.env['ORT_DISABLE_TELEMETRY'] = '1'
const { default: ort } = await import('onnxruntime-node')

export interface BareSession {
  recipe: ModelRecipe
  run(input: Float32Array): Promise<Float32Array[]>
  release(): Promise<void>
}

export async function openBareSession(file: string): Promise<BareSession> {
  const session = await ort.InferenceSession.create(file, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  })
  const shapes = (list: typeof session.inputMetadata) =>
    list.map((each) => ({
      name: each.name,
      type: each.isTensor ? each.type : '',
      dims: each.isTensor ? each.shape : [],
    }))
  const recipe = recogniseModel({ inputs: shapes(session.inputMetadata), outputs: shapes(session.outputMetadata) })
  if (!recipe) throw new Error(`${file} is of no known family`)
  const { inputName, inputDims, outputNames } = recipe
  return {
    recipe,
    async run(input) {
      const results = await session.run({ [inputName]: new ort.Tensor('float32', input, inputDims) }, outputNames)
      return outputNames.map((name) => results[name]?.data as Float32Array)
    },
    release: () => session.release(),
  }
}
