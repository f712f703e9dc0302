import { z } from 'zod'
import { LaresError } from '../../core/errors.ts'
import type { ForeignBox } from './foreign-boxes.ts'

/** One of the protocols that a remote detector may speak: how it is asked, and how its answer is read. */
export interface Dialect {
  readonly name: 'lares' | 'deepstack'
  readonly model: string
  readonly atOnce: number
  readonly inputWidth: number
  readonly inputHeight: number
  /** Pixels as they are instead of a JPEG. */
  readonly takesPixels: boolean
}

const MOST_BOXES = 500
/** Planar 4:2:0, its size beside it in the question. */
export const PIXELS_TYPE = 'image/x-lares-yuv420'

const about = z.object({
  protocol: z.literal('lares-detector'),
  version: z.literal(1),
  name: z.string().min(1).max(64),
  model: z.string().min(1).max(128),
  atOnce: z.int().min(1).max(16).default(1),
  inputWidth: z.int().min(1).max(8_192).default(640),
  inputHeight: z.int().min(1).max(8_192).default(640),
  accepts: z.array(z.string().max(64)).max(16).default([]),
})

/** What `GET /v1/detector` says; null when this server speaks something else. */
export function readAbout(body: string): Dialect | null {
  const parsed = about.safeParse(parseJson(body))
  if (!parsed.success) return null
  const { model, atOnce, inputWidth, inputHeight, accepts } = parsed.data
  return { name: 'lares', model, atOnce, inputWidth, inputHeight, takesPixels: accepts.includes(PIXELS_TYPE) }
}

export interface Read {
  boxes: ForeignBox[]
  inferenceMs: number | null
}

const own = z.object({
  inferenceMs: z.number().min(0).max(600_000).optional(),
  detections: z
    .array(
      z.object({
        class: z.string().max(64),
        score: z.number(),
        left: z.number(),
        top: z.number(),
        right: z.number(),
        bottom: z.number(),
      }),
    )
    .max(MOST_BOXES),
})

/** Our own protocol: corners in fractions of the picture. Throws `invalid`. */
export function readOwnAnswer(body: string): Read {
  const parsed = own.safeParse(parseJson(body))
  if (!parsed.success) throw nonsense()
  const { detections, inferenceMs = null } = parsed.data
  return { inferenceMs, boxes: detections.map(({ class: name, ...box }) => ({ name, ...box })) }
}

const deepstack = z.object({
  success: z.literal(true),
  inferenceMs: z.number().min(0).max(600_000).optional(),
  predictions: z
    .array(
      z.object({
        label: z.string().max(64),
        confidence: z.number(),
        x_min: z.number(),
        y_min: z.number(),
        x_max: z.number(),
        y_max: z.number(),
      }),
    )
    .max(MOST_BOXES),
})

/** DeepStack and CodeProject.AI: corners in pixels of the picture that was sent. Throws `invalid`. */
export function readDeepstackAnswer(body: string, width: number, height: number): Read {
  const parsed = deepstack.safeParse(parseJson(body))
  if (!parsed.success) throw nonsense()
  const { predictions, inferenceMs = null } = parsed.data
  const boxes = predictions.map((each) => ({
    ...{ name: each.label, score: each.confidence, left: each.x_min / width, top: each.y_min / height },
    ...{ right: each.x_max / width, bottom: each.y_max / height },
  }))
  return { inferenceMs, boxes }
}

export const nonsense = (): LaresError =>
  new LaresError('invalid', 'The remote detector sent an answer that makes no sense.', { code: 'REMOTE_ANSWER' })

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
