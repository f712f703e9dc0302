/** Interpolates a luma plane from top to bottom, one target row at a time. */
export interface RowBlender {
  /** Row `y` of `targetHeight`, as wide as the frame. Valid until the next call. */
  row(data: Uint8Array, y: number): Uint8Array
}

/** Weights are whole 256ths, so that two pixels fit into one 32-bit multiplication. */
const ONE = 256
const EVEN_BYTES = 0x00ff00ff

export function createRowBlender(width: number, height: number, targetHeight: number): RowBlender {
  const blended = new Uint8Array(width)
  const step = height / targetHeight

  return {
    row(data, y) {
      const at = Math.min(Math.max((y + 0.5) * step - 0.5, 0), height - 1)
      const upper = Math.min(Math.floor(at), height - 2)
      const weight = Math.round((at - upper) * ONE)
      if (weight === 0) return data.subarray(upper * width, (upper + 1) * width)
      if (weight === ONE) return data.subarray((upper + 1) * width, (upper + 2) * width)
      const isAligned = width % 4 === 0 && (data.byteOffset + upper * width) % 4 === 0
      if (isAligned) blendWords(data, upper * width, weight, blended)
      else blendBytes(data, upper * width, weight, blended)
      return blended
    },
  }
}

function blendBytes(data: Uint8Array, from: number, weight: number, into: Uint8Array): void {
  const width = into.length
  for (let x = 0; x < width; x++) {
    const above = data[from + x] as number
    into[x] = (above * (ONE - weight) + (data[from + width + x] as number) * weight) >> 8
  }
}

/** Four pixels at a time: the even and the odd bytes of a word are multiplied together. Same result as byte by byte. */
function blendWords(data: Uint8Array, from: number, weight: number, into: Uint8Array): void {
  const words = into.length >> 2
  const above = new Uint32Array(data.buffer, data.byteOffset + from, words)
  const below = new Uint32Array(data.buffer, data.byteOffset + from + into.length, words)
  const target = new Uint32Array(into.buffer, into.byteOffset, words)
  const weightAbove = ONE - weight
  for (let i = 0; i < words; i++) {
    const a = above[i] as number
    const b = below[i] as number
    const even = Math.imul(a & EVEN_BYTES, weightAbove) + Math.imul(b & EVEN_BYTES, weight)
    const odd = Math.imul((a >>> 8) & EVEN_BYTES, weightAbove) + Math.imul((b >>> 8) & EVEN_BYTES, weight)
    target[i] = ((even >>> 8) & EVEN_BYTES) | (odd & ~EVEN_BYTES)
  }
}
