/** One colour of the model's picture: where it goes in a pixel and how it is normalised. */
export interface Channel {
  /** Distance from a pixel's place to this colour's value. */
  offset: number
  gain: number
  /** What black luma comes to, so that one addition does it all. */
  base: number
}

/** What each colour adds to luma, normalised, for the pairs of pixels of two target rows. */
export interface ChromaRow {
  readonly red: Float32Array
  readonly green: Float32Array
  readonly blue: Float32Array
  /** Loads the nearest row of chroma for target rows `y` and `y + 1`. */
  load(data: Uint8Array, y: number): void
}

export interface ChromaOptions {
  /** Size of the frame. */
  width: number
  height: number
  /** Chroma column of each pair. */
  columns: Int32Array
  targetHeight: number
  red: Channel
  green: Channel
  blue: Channel
}

// BT.601.
const RED_V = 1.596027
const GREEN_U = -0.391762
const GREEN_V = -0.812968
const BLUE_U = 2.017232

export function createChromaRow(options: ChromaOptions): ChromaRow {
  const { width, height, columns, targetHeight, red, green, blue } = options
  const pairs = columns.length
  const chromaWidth = width >> 1
  const parts = { red: new Float32Array(pairs), green: new Float32Array(pairs), blue: new Float32Array(pairs) }
  return {
    ...parts,
    load(data, y) {
      const row = Math.min(Math.floor(((y + 1) * height) / targetHeight / 2), (height >> 1) - 1)
      const planeU = width * height + row * chromaWidth
      const planeV = planeU + chromaWidth * (height >> 1)
      for (let pair = 0; pair < pairs; pair++) {
        const at = columns[pair] as number
        const u = (data[planeU + at] as number) - 128
        const v = (data[planeV + at] as number) - 128
        parts.red[pair] = RED_V * v * red.gain + red.base
        parts.green[pair] = (GREEN_U * u + GREEN_V * v) * green.gain + green.base
        parts.blue[pair] = BLUE_U * u * blue.gain + blue.base
      }
    },
  }
}
