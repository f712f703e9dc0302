import type { PictureLayout } from '../picture-tensor.ts'
import { decodeFinished, FINISHED_VALUES } from './finished.ts'
import {
  around,
  bestClass,
  cellsOf,
  classCountOf,
  hasFixedSize,
  isShape,
  type ModelRecipe,
  type ModelSignature,
  type RawBox,
  type TensorShape,
} from './family.ts'

const STRIDES = [8, 16, 32] as const
const ANCHORS_A_CELL = 3
/** Centre x and y, width and height. */
const BOX_VALUES = 4

/** Where the numbers of one proposal lie. */
interface Rows {
  count: number
  /** From one value of a proposal to its next. */
  step: number
  /** From one proposal to the next. */
  stride: number
  classes: number
  /** A value after the box says how sure the model is that there is anything at all (YOLOv5). */
  hasObjectness: boolean
}

/**
 * The YOLO exports of version 5 and 8 to 12, in all four shapes: [1, 4+classes, cells], the same transposed,
 * [1, 3 × cells, 5+classes] of version 5, and [1, n, 6] where suppression is built in. Coordinates are pixels.
 */
export function recogniseYolo(signature: ModelSignature): ModelRecipe | null {
  const [input] = signature.inputs
  const [output] = signature.outputs
  if (signature.inputs.length !== 1 || signature.outputs.length !== 1 || !input || !output) return null
  if (!hasFixedSize(input) || !isShape(input, [1, 3, null, null])) return null
  const [, , height = 0, width = 0] = input.dims
  const common = {
    ...{ inputName: input.name, inputDims: input.dims, picture: pictureOf(width, height), outputNames: [output.name] },
  }
  const rows = rowsOf(output, cellsOf(STRIDES, width, height), classCountOf(signature))
  if (rows) {
    const family = rows.hasObjectness ? 'yolov5' : 'yolov8'
    return { ...common, family, decode: ([values], minScore) => (values ? decodeRows(values, rows, minScore) : []) }
  }
  if (!isShape(output, [1, null, FINISHED_VALUES])) return null
  return {
    ...common,
    family: 'yolo-nms',
    decode: ([values], minScore) => (values ? decodeFinished(values, minScore) : []),
  }
}

function pictureOf(width: number, height: number): PictureLayout {
  return {
    ...{ width, height, isPlanar: true, order: 'rgb', padding: 114, place: 'centre' },
    ...{ mean: [0, 0, 0], deviation: [255, 255, 255] },
  }
}

function rowsOf(output: TensorShape, cells: number, classes: number): Rows | null {
  const values = BOX_VALUES + classes
  if (isShape(output, [1, values, cells])) {
    return { count: cells, step: cells, stride: 1, classes, hasObjectness: false }
  }
  if (isShape(output, [1, cells, values])) {
    return { count: cells, step: 1, stride: values, classes, hasObjectness: false }
  }
  const count = cells * ANCHORS_A_CELL
  if (isShape(output, [1, count, values + 1])) {
    return { count, step: 1, stride: values + 1, classes, hasObjectness: true }
  }
  return null
}

export function decodeRows(values: Float32Array, rows: Rows, minScore: number): RawBox[] {
  const { count, step, stride, classes, hasObjectness } = rows
  const boxes: RawBox[] = []
  for (let row = 0; row < count; row++) {
    const at = row * stride
    const sure = hasObjectness ? (values[at + BOX_VALUES * step] ?? 0) : 1
    if (sure < minScore) continue
    const first = at + (BOX_VALUES + (hasObjectness ? 1 : 0)) * step
    const { cocoClass, score } = bestClass(values, first, classes, step)
    if (sure * score < minScore) continue
    const value = (which: number): number => values[at + which * step] ?? 0
    boxes.push({ cocoClass, score: sure * score, ...around(value(0), value(1), value(2), value(3)) })
  }
  return boxes
}
