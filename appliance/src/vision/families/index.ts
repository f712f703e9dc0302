import { cocoClassByName } from '../coco.ts'
import { recogniseCenternet } from './centernet.ts'
import { recogniseDetr } from './detr.ts'
import type { ModelRecipe, ModelSignature, Recognise, TensorShape } from './family.ts'
import { recogniseNanodet } from './nanodet.ts'
import { recogniseYolo } from './yolo.ts'
import { recogniseYolox } from './yolox.ts'

/** A further family is its file and one line here. The first that says yes wins: YOLOX is told apart by its grid. */
const FAMILIES: readonly Recognise[] = [
  recogniseYolox,
  recogniseNanodet,
  recogniseCenternet,
  recogniseYolo,
  recogniseDetr,
]

/** For the person whose model was refused. */
export const FAMILY_NAMES = 'YOLOX, NanoDet, CenterNet, YOLOv5 and v8 to v12, RT-DETR, D-FINE, RF-DETR'

export function recogniseModel(signature: ModelSignature): ModelRecipe | null {
  const one = { ...signature, inputs: onePicture(signature.inputs), outputs: onePicture(signature.outputs) }
  for (const recognise of FAMILIES) {
    const recipe = recognise(one)
    if (recipe) return signature.classNames ? withNames(recipe, signature.classNames) : recipe
  }
  return null
}

/** Exports often leave open how many pictures come at once: we hand in one. */
function onePicture(tensors: readonly TensorShape[]): TensorShape[] {
  return tensors.map((tensor) => {
    const [batch, ...rest] = tensor.dims
    const isOpen = rest.length > 0 && (typeof batch === 'string' || batch === -1)
    return isOpen ? { ...tensor, dims: [1, ...rest] } : tensor
  })
}

/** A model with a list of its own speaks of other class numbers; what does not matter to a home is dropped. */
function withNames(recipe: ModelRecipe, names: readonly string[]): ModelRecipe {
  const toCoco = names.map(cocoClassByName)
  return {
    ...recipe,
    decode: (outputs, minScore) =>
      recipe.decode(outputs, minScore).flatMap((box) => {
        const cocoClass = toCoco[box.cocoClass] ?? null
        return cocoClass === null ? [] : [{ ...box, cocoClass }]
      }),
  }
}

/** What a file looks like from outside, in words, for the person whose model was refused. */
export function describeSignature({ inputs, outputs }: ModelSignature): string {
  const list = (tensors: readonly TensorShape[]): string =>
    tensors.map(({ type, dims }) => `${type} ${dims.join('×')}`).join(', ') || 'nothing'
  return `it takes ${list(inputs)} and gives ${list(outputs)}`
}

export type { ExtraInput, ModelRecipe, ModelSignature, RawBox, TensorShape } from './family.ts'
