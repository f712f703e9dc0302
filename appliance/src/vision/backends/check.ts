import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { iou } from '../boxes.ts'
import { mayBeTheSame } from '../coco.ts'
import type { YuvPicture } from '../picture-tensor.ts'
import type { Detection } from '../types.ts'
import { HANGS_AFTER_MS } from './watched.ts'
import type { DetectorBackend } from './backend.ts'

/** Somebody with a motorcycle; where it comes from is said in NOTICE. */
const PICTURE_FILE = new URL('./check-picture.jpg', import.meta.url)
const LOOK_SCORE = 0.25
/** What the processor is so sure of has to be found; smaller models are not sure of more than one thing. */
const SURE = 0.4
/** In a plain gray picture nobody is this sure of anything. */
const NOTHING_SCORE = 0.6
const SAME_PLACE_IOU = 0.4
const TIMED_LOOKS = 3

export interface CheckPictures {
  somebody: YuvPicture
  nothing: YuvPicture
}

/** The pictures that every backend outside this process is shown before it is believed. */
export async function readCheckPictures(): Promise<CheckPictures> {
  const image = sharp(await readFile(PICTURE_FILE)).greyscale()
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  const [width, height] = [info.width & ~1, info.height & ~1]
  const yuv = new Uint8Array((width * height * 3) / 2).fill(128)
  const range = 219 / 255
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) yuv[y * width + x] = 16 + (data[y * info.width + x] as number) * range
  }
  return { somebody: { width, height, data: yuv }, nothing: { width, height, data: grayOf(width, height) } }
}

const grayOf = (width: number, height: number): Uint8Array => new Uint8Array((width * height * 3) / 2).fill(128)

/** Why `seen` cannot be believed, given what the processor saw in the same picture; null when it can. */
export function disagreement(expected: readonly Detection[], seen: readonly Detection[]): string | null {
  const [best] = expected.toSorted((a, b) => b.score - a.score)
  if (!best || best.score < SURE || seen.some((one) => isSame(best, one))) return null
  return `It does not see the ${best.class} that the processor sees in the same picture.`
}

function isSame(wanted: Detection, one: Detection): boolean {
  return mayBeTheSame(wanted.class, one.class) && iou(wanted.box, one.box) >= SAME_PLACE_IOU
}

type Look = (picture: YuvPicture, minScore: number) => Promise<{ detections: Detection[] }>

/** Shows the pictures to a backend and compares with the processor; throws `unavailable` with what is wrong, in words. */
export async function checkBackend(
  backend: DetectorBackend,
  { processor, pictures, clock }: { processor: Look; pictures: CheckPictures; clock: Clock },
): Promise<number> {
  const look = withPatience(backend, clock)
  const expected = await processor(copyOf(pictures.somebody), LOOK_SCORE)
  const wrong = disagreement(expected.detections, (await look(pictures.somebody)).detections)
  if (wrong) throw new LaresError('unavailable', wrong, { code: 'SEES_WRONG' })
  const ghost = (await look(pictures.nothing)).detections.find(({ score }) => score >= NOTHING_SCORE)
  if (ghost) throw new LaresError('unavailable', `It sees a ${ghost.class} where nothing is.`, { code: 'SEES_WRONG' })
  const times: number[] = []
  for (let i = 0; i < TIMED_LOOKS; i++) {
    const startedAt = clock.monotonic()
    await look(pictures.somebody)
    times.push(clock.monotonic() - startedAt)
  }
  return times.sort((a, b) => a - b)[TIMED_LOOKS >> 1] ?? 0
}

const copyOf = (picture: YuvPicture): YuvPicture => ({ ...picture, data: picture.data.slice() })

/** The first look may load something: it gets more time than those that count. */
function withPatience(backend: DetectorBackend, clock: Clock): (picture: YuvPicture) => ReturnType<Look> {
  let patienceMs = 5 * HANGS_AFTER_MS
  return async (picture) => {
    const hangs = Promise.withResolvers<never>()
    const cancel = clock.after(patienceMs, () => hangs.reject(new LaresError('timeout', 'It does not answer in time.')))
    patienceMs = HANGS_AFTER_MS
    try {
      return await Promise.race([backend.look(copyOf(picture), LOOK_SCORE), hangs.promise])
    } finally {
      cancel()
    }
  }
}
