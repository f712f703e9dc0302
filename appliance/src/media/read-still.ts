import sharp from 'sharp'
import { LaresError } from '../core/errors.ts'
import type { Picture } from './picture-reader.ts'
import { rgbToYuv } from './rgb-to-yuv.ts'

/** Twice what the largest home cameras send. */
const MOST_PIXELS = 50_000_000
const LONGEST_SIDE_PX = 12_000
const SHORTEST_SIDE_PX = 64
/** Wider or taller than this is no camera's picture. */
const MOST_UNEVEN = 5
/** Share of each side that the second view leaves out. */
const RIM = 0.03

export interface StillFile {
  /** As the camera sent it. */
  width: number
  height: number
  /** `jpeg` or `png`. */
  codec: string
  /** The whole picture, then the same without its rim, drawn anew from the file. */
  views: [whole: Picture, closer: Picture]
}

const even = (value: number): number => Math.max(2, Math.trunc(value / 2) * 2)

/**
 * A JPEG or PNG file as small pictures, decoded to its last byte. Throws `invalid`: code PICTURE_TOO_LARGE or
 * PICTURE_DAMAGED.
 */
export async function readStill(bytes: Uint8Array, maxWidth: number): Promise<StillFile> {
  const { width, height, format } = await sizeOf(bytes)
  const shown = { width: even(Math.min(maxWidth, width)), height: even((height * Math.min(maxWidth, width)) / width) }
  const whole = await draw(bytes, { left: 0, top: 0, width, height }, shown)
  const [left, top] = [Math.round(width * RIM), Math.round(height * RIM)]
  const closer = await draw(bytes, { left, top, width: width - 2 * left, height: height - 2 * top }, shown)
  return { width, height, codec: format, views: [whole, closer] }
}

/** Upright size, from the header alone: nothing is decoded for a picture that is too large. */
async function sizeOf(bytes: Uint8Array): Promise<{ width: number; height: number; format: string }> {
  const { format, autoOrient } = await orDamaged(sharp(bytes, { limitInputPixels: false }).metadata())
  const { width, height } = autoOrient
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)]
  if (shorter < SHORTEST_SIDE_PX || longer > LONGEST_SIDE_PX || width * height > MOST_PIXELS) throw tooLarge()
  if (longer / shorter > MOST_UNEVEN) throw tooLarge()
  if (format !== 'jpeg' && format !== 'png') throw damaged()
  return { width, height, format }
}

interface Area {
  left: number
  top: number
  width: number
  height: number
}

async function draw(
  bytes: Uint8Array,
  area: Area,
  { width, height }: Pick<Area, 'width' | 'height'>,
): Promise<Picture> {
  const rgb = await orDamaged(
    sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'truncated', pages: 1 })
      .autoOrient()
      .extract(area)
      .resize(width, height, { fit: 'fill' })
      .flatten({ background: '#000000' })
      .toColourspace('srgb')
      .raw()
      .toBuffer(),
  )
  // A picture in shades of gray comes with one byte a pixel.
  const channels = rgb.length / (width * height)
  const full = channels === 1 ? new Uint8Array(rgb.length * 3).map((_, at) => rgb[Math.trunc(at / 3)] as number) : rgb
  if (full.length !== width * height * 3) throw damaged()
  return { width, height, data: rgbToYuv(full, width, height) }
}

const tooLarge = (): LaresError =>
  new LaresError('invalid', 'The picture is too large or too narrow.', { code: 'PICTURE_TOO_LARGE' })
const damaged = (cause?: unknown): LaresError =>
  new LaresError('invalid', 'The picture is damaged.', { code: 'PICTURE_DAMAGED', cause })

async function orDamaged<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw damaged(error)
  }
}
