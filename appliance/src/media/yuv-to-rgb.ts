/** Fixed point: BT.601 video range, scaled by 2^16. */
const LUMA = 76_309
const RED_V = 104_597
const GREEN_U = 25_675
const GREEN_V = 53_279
const BLUE_U = 132_201
const HALF = 32_768

/** Planar YUV 4:2:0 (video range) → RGB, three bytes a pixel. Both sides even. */
export function yuvToRgb(yuv: Uint8Array, width: number, height: number): Uint8ClampedArray {
  const rgb = new Uint8ClampedArray(width * height * 3)
  const halfWidth = width >> 1
  const uStart = width * height
  const vStart = uStart + (uStart >> 2)
  for (let row = 0; row < height; row++) {
    const chromaRow = (row >> 1) * halfWidth
    for (let column = 0; column < width; column += 2) {
      const chroma = chromaRow + (column >> 1)
      const u = (yuv[uStart + chroma] as number) - 128
      const v = (yuv[vStart + chroma] as number) - 128
      const red = RED_V * v + HALF
      const green = HALF - GREEN_U * u - GREEN_V * v
      const blue = BLUE_U * u + HALF
      const pixel = row * width + column
      for (let at = pixel; at < pixel + 2; at++) {
        const y = LUMA * ((yuv[at] as number) - 16)
        const out = at * 3
        rgb[out] = (y + red) >> 16
        rgb[out + 1] = (y + green) >> 16
        rgb[out + 2] = (y + blue) >> 16
      }
    }
  }
  return rgb
}
