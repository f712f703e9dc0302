import type { YuvPicture } from '../picture-tensor.ts'
import type { Detection } from '../types.ts'

/** A part of a picture in whole pixels; all four are even, because two by two pixels share their colour. */
export interface Region {
  left: number
  top: number
  width: number
  height: number
}

/** A detection in fractions of the whole frame; `isCut` when the region's edge, not the frame's, ends its box. */
export interface RegionDetection extends Detection {
  isCut: boolean
}

/** A box this close to its region's edge may go on beyond it. Fraction of the region. */
const EDGE = 0.015

export function isWhole({ width, height }: Region, frame: Pick<YuvPicture, 'width' | 'height'>): boolean {
  return width === frame.width && height === frame.height
}

export function bytesOf({ width, height }: Region): number {
  return (width * height * 3) / 2
}

/** Copies a region out of a planar 4:2:0 picture; `into` has `bytesOf(region)` bytes. */
export function cutOut(picture: YuvPicture, region: Region, into: Uint8Array): YuvPicture {
  const { width, height } = region
  copyPlane(picture.data, picture.width, region, into, 0)
  const half = { left: region.left >> 1, top: region.top >> 1, width: width >> 1, height: height >> 1 }
  const lumaBytes = picture.width * picture.height
  const chromaBytes = (picture.width >> 1) * (picture.height >> 1)
  for (const plane of [0, 1]) {
    const from = picture.data.subarray(lumaBytes + plane * chromaBytes)
    copyPlane(from, picture.width >> 1, half, into, width * height + plane * half.width * half.height)
  }
  return { width, height, data: into }
}

function copyPlane(from: Uint8Array, stride: number, region: Region, into: Uint8Array, at: number): void {
  const { left, top, width, height } = region
  for (let row = 0; row < height; row++) {
    const start = (top + row) * stride + left
    into.set(from.subarray(start, start + width), at + row * width)
  }
}

/** From fractions of a region to fractions of the frame it was cut out of. */
export function toFrame(
  detection: Detection,
  region: Region,
  frame: { width: number; height: number },
): RegionDetection {
  const { x, y, width, height } = detection.box
  const isCut =
    (x < EDGE && region.left > 0) ||
    (y < EDGE && region.top > 0) ||
    (x + width > 1 - EDGE && region.left + region.width < frame.width) ||
    (y + height > 1 - EDGE && region.top + region.height < frame.height)
  return {
    ...detection,
    isCut,
    box: {
      x: (region.left + x * region.width) / frame.width,
      y: (region.top + y * region.height) / frame.height,
      width: (width * region.width) / frame.width,
      height: (height * region.height) / frame.height,
    },
  }
}
