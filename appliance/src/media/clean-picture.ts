import sharp from 'sharp'
import { LaresError } from '../core/errors.ts'

export interface CleanPicture {
  jpeg: Buffer
  width: number
  height: number
}

/** A phone's camera takes 12 to 50 million pixels; more is an attempt to fill the memory. */
const MOST_PIXELS = 60_000_000
const QUALITY = 82

/** What a file says it is by its first bytes; its name and what somebody says of it count for nothing. */
const SIGNATURES: readonly ((bytes: Uint8Array) => boolean)[] = [
  (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]),
  (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  (bytes) => startsWith(bytes, [0x52, 0x49, 0x46, 0x46]) && startsWith(bytes.subarray(8), [0x57, 0x45, 0x42, 0x50]),
]

const startsWith = (bytes: Uint8Array, wanted: readonly number[]): boolean =>
  bytes.length >= wanted.length && wanted.every((byte, index) => bytes[index] === byte)

/**
 * Somebody's picture, drawn anew: upright, at most `longestSidePx` a side, a plain JPEG with nothing else in it (no place,
 * no camera, no hidden second file). Throws `invalid` PICTURE_INVALID for anything but a JPEG, PNG or WebP file.
 */
export async function cleanPicture(bytes: Uint8Array, longestSidePx: number): Promise<CleanPicture> {
  if (!SIGNATURES.some((fits) => fits(bytes))) throw notAPicture()
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error', pages: 1 })
      .rotate()
      .resize({ width: longestSidePx, height: longestSidePx, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: QUALITY })
      .toBuffer({ resolveWithObject: true })
    return { jpeg: data, width: info.width, height: info.height }
  } catch (cause) {
    throw notAPicture(cause)
  }
}

function notAPicture(cause?: unknown): LaresError {
  const words = 'That is no picture that can be read here. Take a JPEG, PNG or WebP.'
  return new LaresError('invalid', words, { code: 'PICTURE_INVALID', details: { picture: words }, cause })
}
