import type { PictureLayout } from './picture-tensor.ts'

/**
 * A picture of smooth waves and hard edges, the same every time: enough for every layer of a model to have something to
 * do, so that a provider that computes nonsense is caught.
 */
export function sampleInput({ width, height, isPlanar, mean, deviation }: PictureLayout): Float32Array {
  const input = new Float32Array(width * height * 3)
  const pixels = width * height
  for (let pixel = 0; pixel < pixels; pixel++) {
    const x = pixel % width
    const y = Math.floor(pixel / width)
    for (let channel = 0; channel < 3; channel++) {
      const wave = 127.5 + 80 * Math.sin((x * (channel + 1)) / 23) * Math.cos((y * (3 - channel)) / 31)
      const edge = (Math.floor(x / 64) + Math.floor(y / 64)) % 2 === 0 ? 40 : -40
      const at = isPlanar ? channel * pixels + pixel : pixel * 3 + channel
      input[at] = (wave + edge - (mean[channel] ?? 0)) / (deviation[channel] ?? 1)
    }
  }
  return input
}

/**
 * Mean distance of two answers ÷ mean size of the expected one; Infinity for nonsense. Values are compared in order of
 * size: a model that lists its best boxes first may swap two equal ones on other hardware, which is no mistake.
 */
export function largestDifference(expected: readonly Float32Array[], actual: readonly Float32Array[]): number {
  if (expected.length !== actual.length) return Infinity
  return Math.max(...expected.map((values, i) => difference(values, actual[i] ?? new Float32Array())))
}

function difference(expected: Float32Array, actual: Float32Array): number {
  if (expected.length !== actual.length) return Infinity
  const wanted = expected.toSorted()
  const given = actual.toSorted()
  let distance = 0
  let size = 0
  for (let i = 0; i < wanted.length; i++) {
    distance += Math.abs((wanted[i] as number) - (given[i] as number))
    size += Math.abs(wanted[i] as number)
  }
  const share = size === 0 ? distance : distance / size
  return Number.isFinite(share) ? share : Infinity
}
