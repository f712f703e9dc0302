import { hasFixedSize, isShape, type ModelRecipe, type ModelSignature, type RawBox } from './family.ts'

/** left, top, right, bottom, score, class. */
const ROW_VALUES = 6

/** MobileNetV3-CenterNet: peaks are already picked inside the model, so one output holds the best boxes. */
export function recogniseCenternet({ inputs, outputs }: ModelSignature): ModelRecipe | null {
  const [input] = inputs
  if (inputs.length !== 1 || !input || !hasFixedSize(input) || !isShape(input, [1, null, null, 3])) return null
  const output = outputs.find(({ name }) => /(^|\/)detections$/.test(name))
  if (!output || !isShape(output, [1, null, ROW_VALUES])) return null
  const [, height = 0, width = 0] = input.dims
  return {
    family: 'centernet',
    inputName: input.name,
    inputDims: input.dims,
    picture: {
      width,
      height,
      isPlanar: false,
      order: 'rgb',
      mean: [0, 0, 0],
      deviation: [1, 1, 1],
      padding: 0,
      place: 'centre',
    },
    outputNames: [output.name],
    decode: ([values], minScore) => (values ? decodeCenternet(values, minScore) : []),
  }
}

export function decodeCenternet(values: Float32Array, minScore: number): RawBox[] {
  const boxes: RawBox[] = []
  for (let at = 0; at + ROW_VALUES <= values.length; at += ROW_VALUES) {
    const [left = 0, top = 0, right = 0, bottom = 0, score = 0, cocoClass = 0] = values.subarray(at, at + ROW_VALUES)
    if (score >= minScore) boxes.push({ cocoClass: Math.round(cocoClass), score, left, top, right, bottom })
  }
  return boxes
}
