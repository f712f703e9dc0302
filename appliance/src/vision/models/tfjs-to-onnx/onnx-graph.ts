import onnxProto from 'onnx-proto'
import { LaresError } from '../../../core/errors.ts'

const { onnx } = onnxProto
const { AttributeProto, TensorProto } = onnx

/** Element types of the ONNX format, by its own numbers. */
export const FLOAT32 = TensorProto.DataType.FLOAT
export const INT32 = TensorProto.DataType.INT32
export const INT64 = TensorProto.DataType.INT64

const OPERATOR_SET = 18
const IR_VERSION = 8

export type AttributeValue = number | string | readonly number[]
export interface OnnxTensorInfo {
  name: string
  /** A text names a size that stays open. */
  shape: readonly (number | string)[]
  /** Floats when left out. */
  type?: number
}

/** Collects nodes and constants of one graph and writes it as a model file. Same calls, same bytes. */
export interface OnnxGraph {
  /** Adds a node with one output called `output` (a fresh name when left out) and returns that name. */
  node(type: string, inputs: readonly string[], attributes?: Record<string, AttributeValue>, output?: string): string
  /** Adds a node with two outputs. */
  pair(type: string, inputs: readonly string[], attributes: Record<string, AttributeValue>): [string, string]
  floats(name: string, shape: readonly number[], data: Float32Array): string
  ints(name: string, shape: readonly number[], data: Int32Array): string
  /** Shapes, axes and sizes are 64-bit in ONNX. Equal ones are stored once. */
  longs(values: readonly number[]): string
  encode(inputs: readonly OnnxTensorInfo[], outputs: readonly OnnxTensorInfo[]): Uint8Array
}

export function createOnnxGraph(graphName: string): OnnxGraph {
  const nodes: onnxProto.onnx.INodeProto[] = []
  const constants = new Map<string, onnxProto.onnx.ITensorProto>()

  const add = (
    type: string,
    inputs: readonly string[],
    outputs: string[],
    attributes: Record<string, AttributeValue>,
  ) =>
    nodes.push({
      name: `${type}_${nodes.length}`,
      opType: type,
      input: [...inputs],
      output: outputs,
      attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
    })
  const constant = (name: string, shape: readonly number[], dataType: number, raw: ArrayBufferView): string => {
    const rawData = new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength)
    constants.set(name, { name, dims: [...shape], dataType, rawData })
    return name
  }

  return {
    node(type, inputs, attributes = {}, output = `${type}_${nodes.length}_out`) {
      add(type, inputs, [output], attributes)
      return output
    },
    pair(type, inputs, attributes) {
      const outputs: [string, string] = [`${type}_${nodes.length}_out0`, `${type}_${nodes.length}_out1`]
      add(type, inputs, outputs, attributes)
      return outputs
    },
    floats: (name, shape, data) => constant(name, shape, FLOAT32, data),
    ints: (name, shape, data) => constant(name, shape, INT32, data),
    longs(values) {
      const data = BigInt64Array.from(values, BigInt)
      return constant(`longs_${values.join('_')}`, [values.length], TensorProto.DataType.INT64, data)
    },
    encode(inputs, outputs) {
      // Some constants are only read during the conversion (shapes, filters in their old order).
      const used = new Set(nodes.flatMap((each) => each.input ?? []))
      const model = {
        irVersion: IR_VERSION,
        opsetImport: [{ domain: '', version: OPERATOR_SET }],
        producerName: 'lares',
        graph: {
          name: graphName,
          node: nodes,
          initializer: [...constants.values()].filter(({ name }) => used.has(name ?? '')),
          input: inputs.map(valueInfo),
          output: outputs.map(valueInfo),
        },
      }
      return onnx.ModelProto.encode(model).finish()
    },
  }
}

function attributeProto(name: string, value: AttributeValue): onnxProto.onnx.IAttributeProto {
  const { INT, STRING, INTS } = AttributeProto.AttributeType
  if (typeof value === 'string') return { name, type: STRING, s: Buffer.from(value) }
  if (typeof value !== 'number') return { name, type: INTS, ints: [...value] }
  if (!Number.isInteger(value)) throw new LaresError('internal', `Attribute ${name} must be a whole number.`)
  return { name, type: INT, i: value }
}

function valueInfo({ name, shape, type = FLOAT32 }: OnnxTensorInfo): onnxProto.onnx.IValueInfoProto {
  const dim = shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }))
  return { name, type: { tensorType: { elemType: type, shape: { dim } } } }
}
