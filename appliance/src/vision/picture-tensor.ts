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

/** Where the frame lies inside the model's picture; scaled by the same factor both ways. */
export interface Placement {
  /** Model pixels a frame pixel. */
  scale: number
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

/** Fills a model's input with frames of one size. All tables are made once; writing a frame allocates nothing. */
export interface PictureWriter {
  readonly placement: Placement
  write(data: Uint8Array, tensor: Float32Array): void
  /** Fills the margins; needed once for a tensor that only this writer fills. */
  pad(tensor: Float32Array): void
}

export function placeFrame(layout: PictureLayout, width: number, height: number): Placement {
  const scale = Math.min(layout.width / width, layout.height / height)
  const placed = { width: Math.round(width * scale), height: Math.round(height * scale) }
  if (layout.place === 'top-left') return { scale, left: 0, top: 0, ...placed }
  const left = Math.floor((layout.width - placed.width) / 2)
  return { scale, left, top: Math.floor((layout.height - placed.height) / 2), ...placed }
}

/** For each target pixel: the two source pixels it lies between and the weight of the second. */
interface Axis {
  first: Int32Array
  second: Int32Array
  weight: Float32Array
  /** The chroma sample that covers it. */
  chroma: Int32Array
}

function makeAxis(targetSize: number, sourceSize: number): Axis {
  const axis: Axis = {
    first: new Int32Array(targetSize),
    second: new Int32Array(targetSize),
    weight: new Float32Array(targetSize),
    chroma: new Int32Array(targetSize),
  }
  const step = sourceSize / targetSize
  for (let i = 0; i < targetSize; i++) {
    const at = Math.min(Math.max((i + 0.5) * step - 0.5, 0), sourceSize - 1)
    const first = Math.floor(at)
    axis.first[i] = first
    axis.second[i] = Math.min(first + 1, sourceSize - 1)
    axis.weight[i] = at - first
    axis.chroma[i] = Math.min(Math.floor(((i + 0.5) * step) / 2), (sourceSize >> 1) - 1)
  }
  return axis
}

// BT.601, limited range: what ffmpeg's yuv420p carries.
const LUMA_GAIN = 255 / 219
const LUMA_BLACK = 16
const RED_V = 1.596027
const GREEN_U = -0.391762
const GREEN_V = -0.812968
const BLUE_U = 2.017232

export function createPictureWriter(layout: PictureLayout, width: number, height: number): PictureWriter {
  const placement = placeFrame(layout, width, height)
  const columns = makeAxis(placement.width, width)
  const rows = makeAxis(placement.height, height)
  const pixels = layout.width * layout.height
  const channelStep = layout.isPlanar ? pixels : 1
  const pixelStep = layout.isPlanar ? 1 : 3
  const redPlace = layout.order === 'rgb' ? 0 : 2
  const bluePlace = 2 - redPlace
  const [redMean, redScale] = channel(layout, redPlace)
  const [greenMean, greenScale] = channel(layout, 1)
  const [blueMean, blueScale] = channel(layout, bluePlace)
  const red = new Float32Array(placement.width)
  const green = new Float32Array(placement.width)
  const blue = new Float32Array(placement.width)

  /** What chroma adds to each colour, for one row. */
  function loadChroma(data: Uint8Array, chromaRow: number): void {
    const chromaWidth = width >> 1
    const planeU = width * height + chromaRow * chromaWidth
    const planeV = planeU + chromaWidth * (height >> 1)
    for (let x = 0; x < placement.width; x++) {
      const at = columns.chroma[x] as number
      const u = (data[planeU + at] as number) - 128
      const v = (data[planeV + at] as number) - 128
      red[x] = RED_V * v
      green[x] = GREEN_U * u + GREEN_V * v
      blue[x] = BLUE_U * u
    }
  }

  function writeRow(data: Uint8Array, tensor: Float32Array, y: number): void {
    const upper = (rows.first[y] as number) * width
    const lower = (rows.second[y] as number) * width
    const weightY = rows.weight[y] as number
    let to = ((placement.top + y) * layout.width + placement.left) * pixelStep
    const toRed = redPlace * channelStep
    const toBlue = bluePlace * channelStep
    for (let x = 0; x < placement.width; x++, to += pixelStep) {
      const a = columns.first[x] as number
      const b = columns.second[x] as number
      const weightX = columns.weight[x] as number
      const upperLeft = data[upper + a] as number
      const lowerLeft = data[lower + a] as number
      const above = upperLeft + ((data[upper + b] as number) - upperLeft) * weightX
      const below = lowerLeft + ((data[lower + b] as number) - lowerLeft) * weightX
      const luma = (above + (below - above) * weightY - LUMA_BLACK) * LUMA_GAIN
      const r = luma + (red[x] as number)
      const g = luma + (green[x] as number)
      const bl = luma + (blue[x] as number)
      tensor[to + toRed] = ((r < 0 ? 0 : r > 255 ? 255 : r) - redMean) * redScale
      tensor[to + channelStep] = ((g < 0 ? 0 : g > 255 ? 255 : g) - greenMean) * greenScale
      tensor[to + toBlue] = ((bl < 0 ? 0 : bl > 255 ? 255 : bl) - blueMean) * blueScale
    }
  }

  return {
    placement,
    pad(tensor) {
      for (const place of [0, 1, 2]) {
        const [mean, factor] = channel(layout, place)
        const value = (layout.padding - mean) * factor
        for (let i = 0; i < pixels; i++) tensor[place * channelStep + i * pixelStep] = value
      }
    },
    write(data, tensor) {
      let loaded = -1
      for (let y = 0; y < placement.height; y++) {
        const chromaRow = rows.chroma[y] as number
        if (chromaRow !== loaded) loadChroma(data, chromaRow)
        loaded = chromaRow
        writeRow(data, tensor, y)
      }
    },
  }
}

function channel({ mean, deviation }: PictureLayout, place: number): [mean: number, factor: number] {
  return [mean[place] ?? 0, 1 / (deviation[place] ?? 1)]
}
