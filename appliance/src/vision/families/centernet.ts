import { decodeFinished, FINISHED_VALUES } from './finished.ts'
import { hasFixedSize, isShape, type ModelRecipe, type ModelSignature } from './family.ts'

/** MobileNetV3-CenterNet: peaks are already picked inside the model, so one output holds the best boxes. */
export function recogniseCenternet({ inputs, outputs }: ModelSignature): ModelRecipe | null {
  const [input] = inputs
  if (inputs.length !== 1 || !input || !hasFixedSize(input) || !isShape(input, [1, null, null, 3])) return null
  const output = outputs.find(({ name }) => /(^|\/)detections$/.test(name))
  if (!output || !isShape(output, [1, null, FINISHED_VALUES])) return null
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
    decode: ([values], minScore) => (values ? decodeFinished(values, minScore) : []),
  }
}
