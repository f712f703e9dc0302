import { z } from 'zod'
import { LaresError } from '../../../core/errors.ts'

/** The few fields of a TensorFlow.js graph model that a conversion needs. */
const attribute = z.looseObject({
  b: z.boolean().optional(),
  i: z.coerce.number().optional(),
  s: z.string().optional(),
  type: z.string().optional(),
  list: z.object({ i: z.array(z.coerce.number()).optional(), s: z.array(z.string()).optional() }).optional(),
})
const node = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), attribute).default({}),
})
const tensorInfo = z.object({
  name: z.string(),
  tensorShape: z.object({ dim: z.array(z.object({ size: z.coerce.number() })) }),
})
const weight = z.object({
  name: z.string(),
  shape: z.array(z.int().nonnegative()),
  dtype: z.enum(['float32', 'int32']),
  quantization: z.object({ dtype: z.literal('float16') }).optional(),
})
const modelFile = z.object({
  format: z.literal('graph-model'),
  signature: z.object({ inputs: z.record(z.string(), tensorInfo), outputs: z.record(z.string(), tensorInfo) }),
  modelTopology: z.object({ node: z.array(node) }),
  weightsManifest: z.array(z.object({ weights: z.array(weight) })).min(1),
})

export type TfjsNode = z.infer<typeof node>
export type TfjsTensorInfo = z.infer<typeof tensorInfo>
type TfjsWeightInfo = z.infer<typeof weight>
export interface TfjsWeight {
  shape: readonly number[]
  data: Float32Array | Int32Array
}
export interface TfjsModel {
  inputs: readonly TfjsTensorInfo[]
  outputs: readonly TfjsTensorInfo[]
  nodes: ReadonlyMap<string, TfjsNode>
  weights: ReadonlyMap<string, TfjsWeight>
}

/** Reads a graph model: its JSON text and the concatenated weight file. Throws `invalid` when it is not one. */
export function readTfjsModel(json: string, weightBytes: Uint8Array): TfjsModel {
  const parsed = modelFile.safeParse(parseJson(json))
  if (!parsed.success)
    throw new LaresError('invalid', 'This is not a TensorFlow.js graph model.', { cause: parsed.error })
  const { signature, modelTopology, weightsManifest } = parsed.data
  return {
    inputs: Object.values(signature.inputs),
    outputs: Object.values(signature.outputs),
    nodes: new Map(modelTopology.node.map((each) => [each.name, each])),
    weights: readWeights(
      weightsManifest.flatMap((group) => group.weights),
      weightBytes,
    ),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new LaresError('invalid', 'This is not a TensorFlow.js graph model: it is not JSON.', { cause })
  }
}

function readWeights(infos: readonly TfjsWeightInfo[], bytes: Uint8Array): Map<string, TfjsWeight> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const weights = new Map<string, TfjsWeight>()
  let offset = 0
  for (const { name, shape, dtype, quantization } of infos) {
    const count = shape.reduce((product, size) => product * size, 1)
    const bytesEach = quantization ? 2 : 4
    if (offset + count * bytesEach > bytes.byteLength) throw new LaresError('invalid', 'The weight file is too short.')
    const data = dtype === 'int32' ? new Int32Array(count) : new Float32Array(count)
    for (let i = 0; i < count; i++, offset += bytesEach) {
      if (quantization) data[i] = view.getFloat16(offset, true)
      else data[i] = dtype === 'int32' ? view.getInt32(offset, true) : view.getFloat32(offset, true)
    }
    weights.set(name, { shape, data })
  }
  return weights
}
