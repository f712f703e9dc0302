import { LaresError } from '../../../core/errors.ts'
import { FLOAT32, INT32, type AttributeValue, type OnnxGraph } from './onnx-graph.ts'
import type { TfjsNode, TfjsWeight } from './tfjs-model.ts'

/** What an operator's conversion gets to work with. Names are those of the TensorFlow graph. */
export interface NodeContext {
  graph: OnnxGraph
  node: TfjsNode
  /** ONNX names of the inputs, already converted. */
  inputs: readonly string[]
  /** The constant behind input `index`; throws `unsupported` when it is computed. */
  constant(index: number): TfjsWeight
}

/** Returns the ONNX names of the node's outputs. */
type Convert = (context: NodeContext) => readonly string[]

const TO_NCHW = { perm: [0, 3, 1, 2] }
const TO_NHWC = { perm: [0, 2, 3, 1] }

/** Every operator that the conversion knows. Layout stays NHWC outside; ONNX Runtime removes most of the transposes. */
export const OPERATORS: Readonly<Record<string, Convert>> = {
  _FusedConv2D: (context) => convolution(context, false),
  Conv2D: (context) => convolution(context, false),
  FusedDepthwiseConv2dNative: (context) => convolution(context, true),
  DepthwiseConv2dNative: (context) => convolution(context, true),
  MaxPool: (context) =>
    inNchw(context, (input) => context.graph.node('MaxPool', [input], poolAttributes(context.node))),
  ResizeBilinear: (context) => inNchw(context, (input) => resize(context, input)),
  Mul: same('Mul'),
  Add: same('Add'),
  Sub: same('Sub'),
  Relu: same('Relu'),
  Sigmoid: same('Sigmoid'),
  Identity: same('Identity'),
  Equal: same('Equal'),
  // Both are used on non-negative whole numbers only, where truncation is the floor.
  FloorDiv: same('Div'),
  FloorMod: same('Mod'),
  Relu6: ({ graph, inputs }) => [relu6(graph, input(inputs, 0))],
  Cast: ({ graph, node, inputs }) => [graph.node('Cast', [input(inputs, 0)], { to: castType(node) })],
  Mean: (context) => {
    const keepdims = context.node.attr['keep_dims']?.b ? 1 : 0
    return [context.graph.node('ReduceMean', [input(context.inputs, 0), longsOf(context, 1)], { keepdims })]
  },
  Reshape: (context) => [context.graph.node('Reshape', [input(context.inputs, 0), longsOf(context, 1)])],
  ExpandDims: (context) => [context.graph.node('Unsqueeze', [input(context.inputs, 0), longsOf(context, 1)])],
  ConcatV2: (context) => {
    const axis = scalarOf(context, context.inputs.length - 1)
    return [context.graph.node('Concat', context.inputs.slice(0, -1), { axis })]
  },
  GatherV2: (context) => {
    const axis = scalarOf(context, 2)
    return [context.graph.node('Gather', context.inputs.slice(0, 2), { axis })]
  },
  TopKV2: (context) => {
    const [values, indices] = context.graph.pair('TopK', [input(context.inputs, 0), longsOf(context, 1)], { axis: -1 })
    return [values, context.graph.node('Cast', [indices], { to: INT32 })]
  },
  StridedSlice: slice,
}

function same(type: string): Convert {
  return ({ graph, inputs }) => [graph.node(type, inputs)]
}

function input(inputs: readonly string[], index: number): string {
  const name = inputs[index]
  if (name === undefined) throw new LaresError('invalid', 'A node of the model has too few inputs.')
  return name
}

function longsOf(context: NodeContext, index: number): string {
  return context.graph.longs([...context.constant(index).data])
}

function scalarOf(context: NodeContext, index: number): number {
  return context.constant(index).data[0] ?? 0
}

function inNchw(context: NodeContext, run: (input: string) => string): readonly string[] {
  const turned = context.graph.node('Transpose', [input(context.inputs, 0)], TO_NCHW)
  return [context.graph.node('Transpose', [run(turned)], TO_NHWC)]
}

function relu6(graph: OnnxGraph, name: string): string {
  const low = graph.floats('zero', [], Float32Array.of(0))
  const high = graph.floats('six', [], Float32Array.of(6))
  return graph.node('Clip', [name, low, high])
}

function textOf(node: TfjsNode, attribute: string): string {
  return Buffer.from(node.attr[attribute]?.s ?? '', 'base64').toString()
}

function autoPad(node: TfjsNode): string {
  const padding = textOf(node, 'padding')
  if (padding === 'SAME') return 'SAME_UPPER'
  if (padding === 'VALID') return 'VALID'
  throw new LaresError('unsupported', `The padding ${padding} of ${node.name} is not known.`)
}

/** Height and width out of a NHWC list. */
function spatial(node: TfjsNode, attribute: string): number[] {
  const list = node.attr[attribute]?.list?.i ?? [1, 1, 1, 1]
  return list.slice(1, 3)
}

function poolAttributes(node: TfjsNode): Record<string, AttributeValue> {
  return { kernel_shape: spatial(node, 'ksize'), strides: spatial(node, 'strides'), auto_pad: autoPad(node) }
}

function castType(node: TfjsNode): number {
  const type = node.attr['DstT']?.type
  if (type === 'DT_FLOAT') return FLOAT32
  if (type === 'DT_INT32') return INT32
  throw new LaresError('unsupported', `The type ${type ?? 'of a cast'} is not known.`)
}

function convolution(context: NodeContext, isDepthwise: boolean): readonly string[] {
  const { graph, node } = context
  const fused = (node.attr['fused_ops']?.list?.s ?? []).map((each) => Buffer.from(each, 'base64').toString())
  const filter = context.constant(1)
  const [height = 1, width = 1, channels = 1] = filter.shape
  const weights = isDepthwise ? depthwiseWeights(filter) : orderedWeights(filter)
  const name = graph.floats(`${input(context.inputs, 1)}/oihw`, weights.shape, weights.data)
  const bias = fused.includes('BiasAdd') ? [input(context.inputs, 2)] : []
  const attributes = {
    kernel_shape: [height, width],
    strides: spatial(node, 'strides'),
    dilations: spatial(node, 'dilations'),
    group: isDepthwise ? channels : 1,
    auto_pad: autoPad(node),
  }
  return inNchw(context, (picture) =>
    activate(graph, graph.node('Conv', [picture, name, ...bias], attributes), fused, node),
  )
}

function activate(graph: OnnxGraph, name: string, fused: readonly string[], node: TfjsNode): string {
  const [activation, ...more] = fused.filter((each) => each !== 'BiasAdd')
  if (activation === undefined) return name
  if (more.length === 0 && activation === 'Relu') return graph.node('Relu', [name])
  if (more.length === 0 && activation === 'Relu6') return relu6(graph, name)
  throw new LaresError('unsupported', `The fused operator ${fused.join('+')} of ${node.name} is not known.`)
}

interface FloatWeights {
  shape: readonly number[]
  data: Float32Array
}

/** height, width, in, out → out, in, height, width. */
function orderedWeights({ shape, data }: TfjsWeight): FloatWeights {
  const [height = 1, width = 1, inputs = 1, outputs = 1] = shape
  const ordered = new Float32Array(data.length)
  let from = 0
  for (let place = 0; place < height * width; place++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) ordered[(o * inputs + i) * height * width + place] = data[from++] ?? 0
    }
  }
  return { shape: [outputs, inputs, height, width], data: ordered }
}

/** height, width, in, multiplier → in × multiplier groups of one channel. */
function depthwiseWeights({ shape, data }: TfjsWeight): FloatWeights {
  const [height = 1, width = 1, inputs = 1, multiplier = 1] = shape
  const flat = orderedWeights({ shape: [height, width, 1, inputs * multiplier], data })
  return { shape: [inputs * multiplier, 1, height, width], data: flat.data }
}

function resize(context: NodeContext, picture: string): string {
  const { graph, node } = context
  if (node.attr['align_corners']?.b) throw new LaresError('unsupported', 'Resizing with aligned corners is not known.')
  const mode = node.attr['half_pixel_centers']?.b ? 'half_pixel' : 'asymmetric'
  const attributes = { mode: 'linear', coordinate_transformation_mode: mode, axes: [2, 3] }
  return graph.node('Resize', [picture, '', '', longsOf(context, 1)], attributes)
}

function slice(context: NodeContext): readonly string[] {
  const { graph, node } = context
  const mask = (name: string): number => node.attr[name]?.i ?? 0
  if (mask('ellipsis_mask') || mask('new_axis_mask') || mask('shrink_axis_mask')) {
    throw new LaresError('unsupported', `The slice ${node.name} changes the number of axes, which is not known.`)
  }
  const isOpen = (name: string, axis: number): boolean => (mask(name) & (1 << axis)) !== 0
  const starts = [...context.constant(1).data].map((at, axis) => (isOpen('begin_mask', axis) ? 0 : at))
  const ends = [...context.constant(2).data].map((at, axis) => (isOpen('end_mask', axis) ? 2 ** 31 - 1 : at))
  const axes = starts.map((_, axis) => axis)
  const operands = [starts, ends, axes, [...context.constant(3).data]].map((values) => graph.longs(values))
  return [graph.node('Slice', [input(context.inputs, 0), ...operands])]
}
