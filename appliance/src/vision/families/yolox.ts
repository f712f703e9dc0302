import { COCO_CLASSES } from '../coco.ts'
import {
  bestClass,
  cellsOf,
  classCountOf,
  hasFixedSize,
  isShape,
  type ModelRecipe,
  type ModelSignature,
  type RawBox,
} from './family.ts'

const STRIDES = [8, 16, 32] as const
/** Centre x and y, width and height, objectness; then one score a class. */
const BOX_VALUES = 5

/** YOLOX as exported since 0.2: one row a cell, coordinates still relative to their cell, scores already 0–1. */
export function recogniseYolox(signature: ModelSignature): ModelRecipe | null {
  const { inputs, outputs } = signature
  const [input] = inputs
  const [output] = outputs
  if (inputs.length !== 1 || outputs.length !== 1 || !input || !output) return null
  if (!hasFixedSize(input) || !isShape(input, [1, 3, null, null])) return null
  const [, , height = 0, width = 0] = input.dims
  const classes = classCountOf(signature)
  if (!isShape(output, [1, cellsOf(STRIDES, width, height), BOX_VALUES + classes])) return null
  return {
    family: 'yolox',
    inputName: input.name,
    inputDims: input.dims,
    picture: {
      width,
      height,
      isPlanar: true,
      order: 'bgr',
      mean: [0, 0, 0],
      deviation: [1, 1, 1],
      padding: 114,
      place: 'top-left',
    },
    outputNames: [output.name],
    decode: ([values], minScore) => (values ? decodeYolox(values, width, height, minScore, classes) : []),
  }
}

/** Reads the rows of all three grids (strides 8, 16, 32, each row by row). */
export function decodeYolox(
  values: Float32Array,
  width: number,
  height: number,
  minScore: number,
  classes = COCO_CLASSES,
): RawBox[] {
  const rowValues = BOX_VALUES + classes
  const boxes: RawBox[] = []
  let row = 0
  for (const stride of STRIDES) {
    const columns = Math.floor(width / stride)
    const cells = columns * Math.floor(height / stride)
    for (let cell = 0; cell < cells; cell++, row++) {
      const at = row * rowValues
      const objectness = values[at + 4] ?? 0
      // No class score is above 1, so most rows end here.
      if (objectness < minScore) continue
      const { cocoClass, score } = bestClass(values, at + BOX_VALUES, classes)
      if (objectness * score < minScore) continue
      const centreX = ((values[at] ?? 0) + (cell % columns)) * stride
      const centreY = ((values[at + 1] ?? 0) + Math.floor(cell / columns)) * stride
      const halfWidth = (Math.exp(values[at + 2] ?? 0) * stride) / 2
      const halfHeight = (Math.exp(values[at + 3] ?? 0) * stride) / 2
      boxes.push({
        cocoClass,
        score: objectness * score,
        left: centreX - halfWidth,
        top: centreY - halfHeight,
        right: centreX + halfWidth,
        bottom: centreY + halfHeight,
      })
    }
  }
  return boxes
}
