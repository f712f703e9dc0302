import { createChromaRow, type Channel } from './chroma-row.ts'
import { createRowBlender } from './row-blender.ts'

/** How a model wants its picture. */
export interface PictureLayout {
  width: number
  height: number
  /** All of one colour, then the next; otherwise the three colours of a pixel side by side. */
  isPlanar: boolean
  order: 'rgb' | 'bgr'
  /** Taken off each channel (0–255), in the model's channel order. */
  mean: readonly [number, number, number]
  /** Then each channel is divided by this. */
  deviation: readonly [number, number, number]
  /** Gray value (0–255) beside the picture, normalised like the rest. */
  padding: number
  place: 'top-left' | 'centre'
}

/** Where the frame lies inside the model's picture, its shape kept. */
export interface Placement {
  left: number
  top: number
  width: number
  height: number
}

export interface YuvPicture {
  width: number
  height: number
  /** Planar 4:2:0: all luma, then both chroma planes at half size. */
  data: Uint8Array
}

/** A model's numbers, or bytes for a program that wants a picture. A writer is used for one of the two only. */
type Pixels = Float32Array | Uint8ClampedArray

/** Fills a model's input with frames of one size. All tables are made once; writing a frame allocates nothing. */
export interface PictureWriter {
  readonly placement: Placement
  write(data: Uint8Array, tensor: Pixels): void
  /** Fills the margins; needed once for a tensor that only this writer fills. */
  pad(tensor: Pixels): void
}

export function placeFrame(layout: PictureLayout, width: number, height: number): Placement {
  const scale = Math.min(layout.width / width, layout.height / height)
  // Even, because pixels are written in pairs that share their colour.
  const placed = { width: evenSize(width * scale), height: evenSize(height * scale) }
  if (layout.place === 'top-left') return { left: 0, top: 0, ...placed }
  const left = Math.floor((layout.width - placed.width) / 2)
  return { left, top: Math.floor((layout.height - placed.height) / 2), ...placed }
}

function evenSize(size: number): number {
  return Math.max(2, Math.round(size / 2) * 2)
}

// BT.601, limited range: what ffmpeg's yuv420p carries.
const LUMA_GAIN = 255 / 219
const LUMA_BLACK = 16 * LUMA_GAIN

/** Where each target column reads its two luma samples and its chroma. */
interface Columns {
  /** The left one of the two. */
  first: Int32Array
  weightLeft: Float32Array
  weightRight: Float32Array
  /** One a pair of columns. */
  chroma: Int32Array
}

/**
 * Luma is interpolated both ways, chroma taken from the nearest sample of each pair of pixels, and colours are not
 * clamped: measured, that costs no accuracy (bench `accuracy`), and it takes half the time.
 */
export function createPictureWriter(layout: PictureLayout, width: number, height: number): PictureWriter {
  const placement = placeFrame(layout, width, height)
  const pixelStep = layout.isPlanar ? 1 : 3
  const [first, green, last] = channelsOf(layout)
  const [red, blue] = layout.order === 'rgb' ? [first, last] : [last, first]
  const columns = makeColumns(placement.width, width)
  const blender = createRowBlender(width, height, placement.height)
  const pairs = placement.width >> 1
  const chroma = createChromaRow({
    width,
    height,
    columns: columns.chroma,
    targetHeight: placement.height,
    red,
    green,
    blue,
  })

  /** `luma` is one row of the frame's width. */
  function writeRow(luma: Uint8Array, tensor: Pixels, y: number): void {
    const { first, weightLeft, weightRight } = columns
    let to = ((placement.top + y) * layout.width + placement.left) * pixelStep
    for (let pair = 0, x = 0; pair < pairs; pair++, x += 2, to += 2 * pixelStep) {
      const a = first[x] as number
      const b = first[x + 1] as number
      const left =
        (luma[a] as number) * (weightLeft[x] as number) + (luma[a + 1] as number) * (weightRight[x] as number)
      const right =
        (luma[b] as number) * (weightLeft[x + 1] as number) + (luma[b + 1] as number) * (weightRight[x + 1] as number)
      const r = chroma.red[pair] as number
      const g = chroma.green[pair] as number
      const bl = chroma.blue[pair] as number
      tensor[to + red.offset] = left * red.gain + r
      tensor[to + pixelStep + red.offset] = right * red.gain + r
      tensor[to + green.offset] = left * green.gain + g
      tensor[to + pixelStep + green.offset] = right * green.gain + g
      tensor[to + blue.offset] = left * blue.gain + bl
      tensor[to + pixelStep + blue.offset] = right * blue.gain + bl
    }
  }

  return {
    placement,
    pad(tensor) {
      for (const { offset, gain, base } of [red, green, blue]) {
        const value = layout.padding * gain + base + LUMA_BLACK * gain
        for (let i = 0; i < layout.width * layout.height; i++) tensor[i * pixelStep + offset] = value
      }
    },
    write(data, tensor) {
      for (let y = 0; y < placement.height; y++) {
        if (y % 2 === 0) chroma.load(data, y)
        writeRow(blender.row(data, y), tensor, y)
      }
    },
  }
}

/** In the model's own order. */
function channelsOf({ width, height, isPlanar, mean, deviation }: PictureLayout): [Channel, Channel, Channel] {
  const channel = (place: 0 | 1 | 2): Channel => {
    const gain = 1 / deviation[place]
    return { offset: isPlanar ? place * width * height : place, gain, base: -(LUMA_BLACK + mean[place]) * gain }
  }
  return [channel(0), channel(1), channel(2)]
}

function makeColumns(targetWidth: number, sourceWidth: number): Columns {
  const columns: Columns = {
    first: new Int32Array(targetWidth),
    weightLeft: new Float32Array(targetWidth),
    weightRight: new Float32Array(targetWidth),
    chroma: new Int32Array(targetWidth >> 1),
  }
  const step = sourceWidth / targetWidth
  for (let x = 0; x < targetWidth; x++) {
    const at = Math.min(Math.max((x + 0.5) * step - 0.5, 0), sourceWidth - 1)
    const left = Math.min(Math.floor(at), sourceWidth - 2)
    columns.first[x] = left
    columns.weightLeft[x] = (1 - (at - left)) * LUMA_GAIN
    columns.weightRight[x] = (at - left) * LUMA_GAIN
  }
  for (let pair = 0; pair < targetWidth >> 1; pair++) {
    columns.chroma[pair] = Math.min(Math.floor(((2 * pair + 1) * step) / 2), (sourceWidth >> 1) - 1)
  }
  return columns
}
