// Tiny model files with the inputs and outputs of real families, whose answers are written into them. They prove how
// answers are read, not that a real export looks like this: docs/reference/untested.md says so.
import { writeFileSync } from 'node:fs'
import { createOnnxGraph, INT64 } from '../../appliance/src/vision/models/tfjs-to-onnx/onnx-graph.ts'

/** Neither square nor of as many cells as there are values a row, so that no two shapes can be mixed up. */
export const WIDTH = 96
export const HEIGHT = 64
export const CELLS = 12 * 8 + 6 * 4 + 3 * 2

export interface Answer {
  name: string
  shape: readonly (number | string)[]
  values: Float32Array
  isWhole?: boolean
}

export interface GeneratedModel {
  answers: readonly Answer[]
  /** The size of the whole picture is asked for, as RT-DETR and D-FINE do. */
  takesSizes?: boolean
  /** How many pictures at once stays open. */
  hasOpenBatch?: boolean
  /** Written into the file as Python writes a dictionary. */
  names?: readonly string[]
  width?: number
  height?: number
}

export function writeModel(file: string, model: GeneratedModel): string {
  const { answers, takesSizes = false, hasOpenBatch = false, names, width = WIDTH, height = HEIGHT } = model
  const graph = createOnnxGraph('generated')
  const batch = hasOpenBatch ? 'N' : 1
  const zero = graph.floats('zero', [1], new Float32Array(1))
  // Every answer hangs on the picture, as in a real model; its weight is nought.
  const ofPicture = graph.node('Mul', [graph.node('ReduceMean', ['images'], { keepdims: 0 }), zero])
  for (const [at, { name, shape, values, isWhole }] of answers.entries()) {
    const sizes = shape.map((size) => (typeof size === 'string' ? 1 : size))
    const wanted = graph.floats(`answer_${at}`, sizes, values)
    if (isWhole) graph.node('Cast', [graph.node('Add', [wanted, ofPicture])], { to: INT64 }, name)
    else graph.node('Add', [wanted, ofPicture], {}, name)
  }
  if (takesSizes) graph.node('Cast', ['orig_target_sizes'], { to: 1 }, 'sizes_seen')
  const inputs = [{ name: 'images', shape: [batch, 3, height, width] }]
  const sizes = takesSizes ? [{ name: 'orig_target_sizes', shape: [batch, 2], type: INT64 }] : []
  const outputs = answers.map(({ name, shape, isWhole }) => ({ name, shape, ...(isWhole && { type: INT64 }) }))
  const bytes = Buffer.from(graph.encode([...inputs, ...sizes], outputs))
  writeFileSync(file, names ? Buffer.concat([bytes, metadata(names)]) : bytes)
  return file
}

/** Field 14 of the format: key and value. All of it fits into lengths of two bytes. */
function metadata(names: readonly string[]): Buffer {
  const text = `{${names.map((name, at) => `${at}: '${name}'`).join(', ')}}`
  const field = (number: number, content: Buffer): Buffer => {
    const { length } = content
    const size = length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7]
    return Buffer.concat([Buffer.from([number * 8 + 2, ...size]), content])
  }
  return field(14, Buffer.concat([field(1, Buffer.from('names')), field(2, Buffer.from(text))]))
}

/** A person and a car, in pixels of the model's picture: centre and size. */
export const PERSON = { x: 24, y: 32, width: 16, height: 40, score: 0.9 }
export const CAR = { x: 70, y: 40, width: 36, height: 20, score: 0.75 }
