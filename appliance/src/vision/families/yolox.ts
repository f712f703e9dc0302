import { COCO_CLASSES } from '../coco.ts'
import { hasFixedSize, isShape, type ModelRecipe, type ModelSignature, type RawBox } from './family.ts'

const STRIDES = [8, 16, 32] as const
/** Centre x and y, width and height, objectness; then one score a class. */
const BOX_VALUES = 5
const ROW_VALUES = BOX_VALUES + COCO_CLASSES

/** YOLOX as exported since 0.2: one row a cell, coordinates still relative to their cell, scores already 0–1. */
export function recogniseYolox({ inputs, outputs }: ModelSignature): ModelRecipe | null {
  const [input] = inputs
  const [output] = outputs
  if (inputs.length !== 1 || outputs.length !== 1 || !input || !output) return null
  if (!hasFixedSize(input) || !isShape(input, [1, 3, null, null])) return null
  const [, , height = 0, width = 0] = input.dims
  const rows = STRIDES.reduce((sum, stride) => sum + Math.floor(width / stride) * Math.floor(height / stride), 0)
  if (!isShape(output, [1, rows, ROW_VALUES])) return null
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
    decode: ([values], minScore) => (values ? decodeYolox(values, width, height, minScore) : []),
  }
}

/** Reads the rows of all three grids (strides 8, 16, 32, each row by row). */
export function decodeYolox(values: Float32Array, width: number, height: number, minScore: number): RawBox[] {
  const boxes: RawBox[] = []
  let row = 0
  for (const stride of STRIDES) {
    const columns = Math.floor(width / stride)
    const cells = columns * Math.floor(height / stride)
    for (let cell = 0; cell < cells; cell++, row++) {
      const at = row * ROW_VALUES
      const objectness = values[at + 4] ?? 0
      // No class score is above 1, so most rows end here.
      if (objectness < minScore) continue
      const { cocoClass, score } = bestClass(values, at + BOX_VALUES)
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

function bestClass(values: Float32Array, from: number): { cocoClass: number; score: number } {
  let cocoClass = 0
  let score = -1
  for (let i = 0; i < COCO_CLASSES; i++) {
    const value = values[from + i] ?? 0
    if (value > score) {
      score = value
      cocoClass = i
    }
  }
  return { cocoClass, score }
}
