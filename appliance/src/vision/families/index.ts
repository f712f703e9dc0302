import { recogniseCenternet } from './centernet.ts'
import type { ModelRecipe, ModelSignature, Recognise, TensorShape } from './family.ts'
import { recogniseNanodet } from './nanodet.ts'
import { recogniseYolox } from './yolox.ts'

/** A further family is its file and one line here. */
const FAMILIES: readonly Recognise[] = [recogniseYolox, recogniseNanodet, recogniseCenternet]

export function recogniseModel(signature: ModelSignature): ModelRecipe | null {
  for (const recognise of FAMILIES) {
    const recipe = recognise(signature)
    if (recipe) return recipe
  }
  return null
}

/** What a file looks like from outside, in words, for the person whose model was refused. */
export function describeSignature({ inputs, outputs }: ModelSignature): string {
  const list = (tensors: readonly TensorShape[]): string =>
    tensors.map(({ type, dims }) => `${type} ${dims.join('×')}`).join(', ') || 'nothing'
  return `it takes ${list(inputs)} and gives ${list(outputs)}`
}

export type { ModelRecipe, ModelSignature, RawBox, TensorShape } from './family.ts'
