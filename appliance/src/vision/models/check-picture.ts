import sharp from 'sharp'
import type { Box, ObjectClass } from '../../api/common.ts'
import { iou } from '../boxes.ts'
import { cocoClassByName } from '../coco.ts'
import type { YuvPicture } from '../picture-tensor.ts'
import type { Detection } from '../types.ts'
import { CHECK_DRAWING } from './check-drawing.ts'

interface Wanted {
  class: ObjectClass
  box: Box
}

const [WIDTH, HEIGHT] = [640, 416]
/** What has to be found on the drawing, in fractions of it. */
const WANTED: readonly Wanted[] = [
  { class: 'person', box: { x: 66 / WIDTH, y: 78 / HEIGHT, width: 110 / WIDTH, height: 314 / HEIGHT } },
  { class: 'car', box: { x: 226 / WIDTH, y: 222 / HEIGHT, width: 366 / WIDTH, height: 135 / HEIGHT } },
]

/** A drawing is not a photograph: models are less sure than of a real person. */
export const CHECK_MIN_SCORE = 0.2
const LEAST_IOU = 0.5

/** The drawing as a camera would deliver it. */
export async function checkPicture(): Promise<YuvPicture> {
  const drawn = sharp(Buffer.from(CHECK_DRAWING)).flatten({ background: '#808080' }).blur(0.8).removeAlpha()
  const { data, info } = await drawn.raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: toYuv(data, info.width, info.height) }
}

/** What a model does not find although it says that it knows it; null when all is well. Names null: those of COCO. */
export function whatIsMissed(detections: readonly Detection[], classNames: readonly string[] | null): string | null {
  const knows = (name: ObjectClass): boolean =>
    classNames === null || classNames.some((each) => cocoClassByName(each) === cocoClassByName(name))
  const missed = WANTED.filter((wanted) => knows(wanted.class) && !isFound(wanted, detections))
  return missed.length === 0 ? null : missed.map((wanted) => wanted.class).join(' and ')
}

function isFound(wanted: Wanted, detections: readonly Detection[]): boolean {
  return detections.some((found) => found.class === wanted.class && iou(found.box, wanted.box) >= LEAST_IOU)
}

/** BT.601, limited range, chroma of each square of four pixels from its first: what `picture-tensor.ts` expects. */
function toYuv(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const pixels = width * height
  const yuv = new Uint8Array((pixels * 3) / 2)
  for (let at = 0; at < pixels; at++) {
    const [r = 0, g = 0, b = 0] = rgb.subarray(at * 3, at * 3 + 3)
    yuv[at] = 16 + 0.257 * r + 0.504 * g + 0.098 * b
    const [x, y] = [at % width, Math.floor(at / width)]
    if (x % 2 === 1 || y % 2 === 1) continue
    const chroma = (y >> 1) * (width >> 1) + (x >> 1)
    yuv[pixels + chroma] = 128 - 0.148 * r - 0.291 * g + 0.439 * b
    yuv[(pixels * 5) / 4 + chroma] = 128 + 0.439 * r - 0.368 * g - 0.071 * b
  }
  return yuv
}
