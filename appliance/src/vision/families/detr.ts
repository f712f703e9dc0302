import { COCO_CLASSES, COCO_ID_CLASSES } from '../coco.ts'
import type { PictureLayout } from '../picture-tensor.ts'
import {
  around,
  bestClass,
  classCountOf,
  hasFixedSize,
  isShape,
  type ModelRecipe,
  type ModelSignature,
  type RawBox,
  type TensorShape,
} from './family.ts'

const BOX_VALUES = 4
const SIZES_INPUT = 'orig_target_sizes'
/** RF-DETR was trained on COCO's own ids, and on pictures normalised as for ImageNet. */
const COCO_IDS = COCO_ID_CLASSES.length

/**
 * Detection transformers: RT-DETR, D-FINE and RF-DETR. Either class scores before the sigmoid and boxes as centre and size
 * in fractions (two outputs), or, with the sizes handed in, finished labels, boxes and scores (three outputs).
 */
export function recogniseDetr(signature: ModelSignature): ModelRecipe | null {
  return recogniseFinished(signature) ?? recogniseLogits(signature)
}

type FixedInput = TensorShape & { dims: readonly number[] }

function pictureInput({ inputs }: ModelSignature): FixedInput | null {
  const input = inputs.find(({ name }) => name !== SIZES_INPUT)
  return input && hasFixedSize(input) && isShape(input, [1, 3, null, null]) ? input : null
}

function pictureOf({ dims }: FixedInput, isImagenet: boolean): PictureLayout {
  const [, , height = 0, width = 0] = dims
  return {
    ...{ width, height, isPlanar: true, order: 'rgb', padding: 0, place: 'centre' },
    mean: isImagenet ? [123.675, 116.28, 103.53] : [0, 0, 0],
    deviation: isImagenet ? [58.395, 57.12, 57.375] : [255, 255, 255],
  }
}

/** Sizes behind the model's own sorting are often left open, so names decide here. */
function recogniseFinished(signature: ModelSignature): ModelRecipe | null {
  const { inputs, outputs } = signature
  const input = pictureInput(signature)
  const names = ['labels', 'boxes', 'scores']
  if (!input || inputs.length !== 2 || !inputs.some(({ name, type }) => name === SIZES_INPUT && type === 'int64'))
    return null
  if (outputs.length !== names.length || !names.every((name) => outputs.some((each) => each.name === name))) return null
  const picture = pictureOf(input, false)
  return {
    family: 'detr',
    inputName: input.name,
    inputDims: input.dims,
    picture,
    // Boxes come out in whatever size is named here: the model's own picture, like those of every other family.
    extraInputs: [{ name: SIZES_INPUT, values: [picture.width, picture.height], dims: [1, 2] }],
    outputNames: names,
    decode: ([labels, boxes, scores], minScore) =>
      labels && boxes && scores ? decodeFinishedDetr(labels, boxes, scores, minScore) : [],
  }
}

export function decodeFinishedDetr(
  labels: Float32Array,
  boxes: Float32Array,
  scores: Float32Array,
  minScore: number,
): RawBox[] {
  const found: RawBox[] = []
  scores.forEach((score, query) => {
    if (score < minScore) return
    const [left = 0, top = 0, right = 0, bottom = 0] = boxes.subarray(query * BOX_VALUES, (query + 1) * BOX_VALUES)
    found.push({ cocoClass: Math.round(labels[query] ?? -1), score, left, top, right, bottom })
  })
  return found
}

function recogniseLogits(signature: ModelSignature): ModelRecipe | null {
  const { inputs, outputs } = signature
  const input = pictureInput(signature)
  if (!input || inputs.length !== 1 || outputs.length !== 2) return null
  const named = classCountOf(signature)
  const boxes = outputs.find((each) => isShape(each, [1, null, BOX_VALUES]))
  const logits = outputs.find((each) => each !== boxes)
  const queries = Number(boxes?.dims[1])
  if (!boxes || !logits) return null
  // A head trained for own classes often keeps one more, for nothing.
  const counts = signature.classNames ? [named, named + 1] : [COCO_CLASSES, COCO_IDS]
  const classes = counts.find((count) => isShape(logits, [1, queries, count]))
  if (classes === undefined) return null
  const isRfDetr = classes === COCO_IDS || logits.name === 'labels'
  const toCoco = !signature.classNames && classes === COCO_IDS ? COCO_ID_CLASSES : null
  const picture = pictureOf(input, isRfDetr)
  return {
    family: isRfDetr ? 'rf-detr' : 'detr',
    inputName: input.name,
    inputDims: input.dims,
    picture,
    outputNames: [logits.name, boxes.name],
    decode: ([scores, sides], minScore) =>
      scores && sides ? decodeLogits(scores, sides, { classes, toCoco, picture }, minScore) : [],
  }
}

export interface LogitsLayout {
  classes: number
  /** Class number for each of the model's; -1 for none. null: they are the same. */
  toCoco: readonly number[] | null
  picture: Pick<PictureLayout, 'width' | 'height'>
}

export function decodeLogits(
  logits: Float32Array,
  sides: Float32Array,
  { classes, toCoco, picture: { width, height } }: LogitsLayout,
  minScore: number,
): RawBox[] {
  const found: RawBox[] = []
  for (let query = 0; query * classes < logits.length; query++) {
    const best = bestClass(logits, query * classes, classes)
    const score = 1 / (1 + Math.exp(-best.score))
    const cocoClass = toCoco ? (toCoco[best.cocoClass] ?? -1) : best.cocoClass
    if (score < minScore || cocoClass < 0) continue
    const [x = 0, y = 0, w = 0, h = 0] = sides.subarray(query * BOX_VALUES, (query + 1) * BOX_VALUES)
    found.push({ cocoClass, score, ...around(x * width, y * height, w * width, h * height) })
  }
  return found
}
