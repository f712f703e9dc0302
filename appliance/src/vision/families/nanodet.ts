import { COCO_CLASSES } from '../coco.ts'
import { hasFixedSize, isShape, type ModelRecipe, type ModelSignature, type RawBox } from './family.ts'

const STRIDES = [8, 16, 32] as const
/** Each side of a box is a distribution over 0–7 strides. */
const BINS = 8
const SIDES = 4

interface Level {
  stride: number
  columns: number
  cells: number
}

/** NanoDet-m of the OpenCV zoo: three outputs of class scores, then three of box sides. */
export function recogniseNanodet({ inputs, outputs }: ModelSignature): ModelRecipe | null {
  const [input] = inputs
  if (inputs.length !== 1 || outputs.length !== STRIDES.length * 2) return null
  if (!input || !hasFixedSize(input) || !isShape(input, [1, 3, null, null])) return null
  const [, , height = 0, width = 0] = input.dims
  const levels = STRIDES.map((stride) => {
    const columns = Math.ceil(width / stride)
    return { stride, columns, cells: columns * Math.ceil(height / stride) }
  })
  const fits = (offset: number, values: number): boolean =>
    levels.every(({ cells }, i) => {
      const output = outputs[offset + i]
      return isShape(output, [1, cells, values]) || isShape(output, [cells, values])
    })
  if (!fits(0, COCO_CLASSES) || !fits(STRIDES.length, SIDES * BINS)) return null
  return {
    family: 'nanodet',
    inputName: input.name,
    inputDims: input.dims,
    picture: {
      width,
      height,
      isPlanar: true,
      order: 'bgr',
      mean: [103.53, 116.28, 123.675],
      deviation: [57.375, 57.12, 58.395],
      padding: 0,
      place: 'centre',
    },
    outputNames: outputs.map(({ name }) => name),
    decode: (tensors, minScore) => decodeNanodet(tensors, levels, minScore),
  }
}

function decodeNanodet(tensors: readonly Float32Array[], levels: readonly Level[], minScore: number): RawBox[] {
  const boxes: RawBox[] = []
  levels.forEach((level, i) => {
    const scores = tensors[i]
    const sides = tensors[i + levels.length]
    if (scores && sides) decodeLevel(scores, sides, level, minScore, boxes)
  })
  return boxes
}

/** Adds the boxes of one grid. `scores`: cells × 80, already 0–1; `sides`: cells × 4 × 8, before softmax. */
export function decodeLevel(
  scores: Float32Array,
  sides: Float32Array,
  { stride, columns, cells }: Level,
  minScore: number,
  into: RawBox[],
): void {
  for (let cell = 0; cell < cells; cell++) {
    let cocoClass = -1
    let score = minScore
    for (let i = 0; i < COCO_CLASSES; i++) {
      const value = scores[cell * COCO_CLASSES + i] ?? 0
      if (value >= score) {
        score = value
        cocoClass = i
      }
    }
    if (cocoClass < 0) continue
    const centreX = ((cell % columns) + 0.5) * stride
    const centreY = (Math.floor(cell / columns) + 0.5) * stride
    const side = (which: number): number => expectedBin(sides, (cell * SIDES + which) * BINS) * stride
    into.push({
      cocoClass,
      score,
      left: centreX - side(0),
      top: centreY - side(1),
      right: centreX + side(2),
      bottom: centreY + side(3),
    })
  }
}

/** Mean of the softmax distribution over the bins. */
export function expectedBin(values: Float32Array, from: number): number {
  let largest = -Infinity
  for (let i = 0; i < BINS; i++) largest = Math.max(largest, values[from + i] ?? 0)
  let sum = 0
  let weighted = 0
  for (let i = 0; i < BINS; i++) {
    const share = Math.exp((values[from + i] ?? 0) - largest)
    sum += share
    weighted += share * i
  }
  return weighted / sum
}
