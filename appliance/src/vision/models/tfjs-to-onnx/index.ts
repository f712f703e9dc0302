import { LaresError } from '../../../core/errors.ts'
import { createOnnxGraph, type OnnxGraph } from './onnx-graph.ts'
import { OPERATORS } from './operators.ts'
import { readTfjsModel, type TfjsModel, type TfjsTensorInfo } from './tfjs-model.ts'

/**
 * Converts a TensorFlow.js graph model to ONNX (operator set 18). The same input gives the same bytes.
 * Throws `invalid` for a broken model and `unsupported` for one that uses an operator we do not know.
 */
export function convertTfjsToOnnx(json: string, weightBytes: Uint8Array, graphName: string): Uint8Array {
  const model = readTfjsModel(json, weightBytes)
  const graph = createOnnxGraph(graphName)
  const outputsOf = new Map<string, readonly string[]>()
  for (const { name } of model.inputs) outputsOf.set(name, [name])
  for (const { name } of model.outputs) {
    convertUpTo(name, model, graph, outputsOf)
    graph.node('Identity', [outputsOf.get(name)?.[0] ?? name], {}, name)
  }
  return graph.encode(model.inputs.map(tensorInfo), model.outputs.map(tensorInfo))
}

function tensorInfo({ name, tensorShape }: TfjsTensorInfo): { name: string; shape: number[] } {
  return { name, shape: tensorShape.dim.map(({ size }) => size) }
}

/** `name:1` is the second output of `name`. */
function parseReference(reference: string): { name: string; output: number } {
  const [name = '', output = '0'] = reference.split(':')
  return { name, output: Number(output) }
}

/** Converts a node after everything it depends on, each once: ONNX wants its nodes in that order. */
function convertUpTo(
  name: string,
  model: TfjsModel,
  graph: OnnxGraph,
  outputsOf: Map<string, readonly string[]>,
): void {
  if (outputsOf.has(name)) return
  const node = model.nodes.get(name)
  if (!node) throw new LaresError('invalid', `The model mentions ${name} but does not contain it.`)
  if (node.op === 'Const') {
    outputsOf.set(name, [addConstant(name, model, graph)])
    return
  }
  const references = node.input.map(parseReference)
  for (const reference of references) convertUpTo(reference.name, model, graph, outputsOf)
  const inputs = references.map((each) => outputsOf.get(each.name)?.[each.output] ?? each.name)
  const convert = OPERATORS[node.op]
  if (!convert) throw new LaresError('unsupported', `The operator ${node.op} of this model cannot be converted.`)
  const constant = (index: number) => {
    const weight = model.weights.get(references[index]?.name ?? '')
    if (!weight) throw new LaresError('unsupported', `Input ${index} of ${name} must be a constant.`)
    return weight
  }
  outputsOf.set(name, convert({ graph, node, inputs, constant }))
}

function addConstant(name: string, model: TfjsModel, graph: OnnxGraph): string {
  const weight = model.weights.get(name)
  if (!weight) throw new LaresError('invalid', `The weights of ${name} are missing.`)
  const { shape, data } = weight
  return data instanceof Float32Array ? graph.floats(name, shape, data) : graph.ints(name, shape, data)
}
