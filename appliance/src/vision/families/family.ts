import { COCO_CLASSES } from '../coco.ts'
import type { PictureLayout } from '../picture-tensor.ts'

export interface TensorShape {
  name: string
  /** ONNX element type, for example `float32`. */
  type: string
  /** A text stands for a size that the model leaves open. */
  dims: readonly (number | string)[]
}

/** Inputs and outputs of a model file, in their order. */
export interface ModelSignature {
  inputs: readonly TensorShape[]
  outputs: readonly TensorShape[]
  /** What its classes are called, when its file or a file beside it says so; otherwise they are COCO's. */
  classNames?: readonly string[] | null
}

/** A box that a model proposes, in pixels of its input. */
export interface RawBox {
  cocoClass: number
  /** 0–1. */
  score: number
  left: number
  top: number
  right: number
  bottom: number
}

/** An input besides the picture that is the same for every picture. */
export interface ExtraInput {
  name: string
  /** 64-bit whole numbers. */
  values: readonly number[]
  dims: readonly number[]
}

/** How to feed one model file and read what it says. */
export interface ModelRecipe {
  family: string
  inputName: string
  inputDims: readonly number[]
  picture: PictureLayout
  extraInputs?: readonly ExtraInput[]
  /** Only these outputs are fetched, in this order. */
  outputNames: readonly string[]
  /** Boxes scoring at least `minScore` out of the fetched outputs. Pure. */
  decode(outputs: readonly Float32Array[], minScore: number): RawBox[]
}

/** Looks at a signature and returns the recipe, or null when the model belongs to another family. */
export type Recognise = (signature: ModelSignature) => ModelRecipe | null

/** True for a tensor of 32-bit floats whose sizes are all fixed. */
export function hasFixedSize(tensor: TensorShape | undefined): tensor is TensorShape & { dims: readonly number[] } {
  return tensor?.type === 'float32' && tensor.dims.every((size) => typeof size === 'number' && size > 0)
}

export function isShape(tensor: TensorShape | undefined, expected: readonly (number | null)[]): boolean {
  if (!hasFixedSize(tensor) || tensor.dims.length !== expected.length) return false
  return tensor.dims.every((size, axis) => expected[axis] === null || expected[axis] === size)
}

/** How many classes the model tells apart: as many as are named, otherwise COCO's. */
export function classCountOf({ classNames }: ModelSignature): number {
  return classNames?.length ?? COCO_CLASSES
}

/** Cells of all grids of a picture of this size. */
export function cellsOf(strides: readonly number[], width: number, height: number): number {
  return strides.reduce((sum, stride) => sum + Math.floor(width / stride) * Math.floor(height / stride), 0)
}

/** The box around a centre. */
export function around(x: number, y: number, width: number, height: number): Omit<RawBox, 'cocoClass' | 'score'> {
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 }
}

/** The best of `count` scores that lie `step` apart. */
export function bestClass(
  values: Float32Array,
  from: number,
  count: number,
  step = 1,
): { cocoClass: number; score: number } {
  let cocoClass = 0
  let score = -Infinity
  for (let i = 0; i < count; i++) {
    const value = values[from + i * step] ?? 0
    if (value > score) {
      score = value
      cocoClass = i
    }
  }
  return { cocoClass, score }
}
