import sharp from 'sharp'
import { LaresError } from '../core/errors.ts'
import type { Picture } from './picture-reader.ts'
import { rgbToYuv } from './rgb-to-yuv.ts'

/** 8K and a little: what claims to be more is not decoded. */
const MOST_PIXELS = 40_000_000

/**
 * A JPEG as a picture of at most `maxWidth`, and how large it was. Whole or not at all: a torn file throws `invalid`
 * PICTURE_INVALID.
 */
export async function pictureOfJpeg(
  jpeg: Uint8Array,
  maxWidth: number,
): Promise<{ picture: Picture; width: number; height: number }> {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) throw noJpeg()
  try {
    const image = sharp(jpeg, { limitInputPixels: MOST_PIXELS, failOn: 'error', pages: 1 })
    const { width, height } = await image.metadata()
    const small = even(Math.min(width, maxWidth))
    const { data, info } = await image
      .resize({ width: small, height: even((height * small) / width), fit: 'fill', kernel: 'linear' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    if (info.channels !== 3) throw noJpeg()
    return {
      picture: { width: info.width, height: info.height, data: rgbToYuv(data, info.width, info.height) },
      width,
      height,
    }
  } catch (cause) {
    throw noJpeg(cause)
  }
}

const even = (side: number): number => Math.max(2, 2 * Math.round(side / 2))

function noJpeg(cause?: unknown): LaresError {
  return new LaresError('invalid', 'The camera sent something that is no whole JPEG picture.', {
    ...{ code: 'PICTURE_INVALID', cause },
  })
}
