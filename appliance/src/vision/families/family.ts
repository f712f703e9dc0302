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

/** How to feed one model file and read what it says. */
export interface ModelRecipe {
  family: string
  inputName: string
  inputDims: readonly number[]
  picture: PictureLayout
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
