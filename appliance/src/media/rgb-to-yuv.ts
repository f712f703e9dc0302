/** RGB, three bytes a pixel → planar YUV 4:2:0 (BT.601, video range), the other way round of `yuvToRgb`. Both sides even. */
export function rgbToYuv(rgb: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer> {
  const pixels = width * height
  const yuv = new Uint8Array(pixels + (pixels >> 1))
  const stride = width * 3
  for (let at = 0, from = 0; at < pixels; at++, from += 3) {
    const luma = 66 * (rgb[from] as number) + 129 * (rgb[from + 1] as number) + 25 * (rgb[from + 2] as number)
    yuv[at] = ((luma + 128) >> 8) + 16
  }
  let u = pixels
  let v = pixels + (pixels >> 2)
  for (let row = 0; row < height; row += 2) {
    for (let column = 0; column < width; column += 2) {
      const a = row * stride + column * 3
      const b = a + stride
      const sum = (channel: number): number =>
        (rgb[a + channel] as number) +
        (rgb[a + 3 + channel] as number) +
        (rgb[b + channel] as number) +
        (rgb[b + 3 + channel] as number)
      const [red, green, blue] = [sum(0), sum(1), sum(2)]
      yuv[u++] = ((-38 * red - 74 * green + 112 * blue + 512) >> 10) + 128
      yuv[v++] = ((112 * red - 94 * green - 18 * blue + 512) >> 10) + 128
    }
  }
  return yuv
}
