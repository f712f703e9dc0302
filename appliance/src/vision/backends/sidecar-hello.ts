import { z } from 'zod'
import { LaresError } from '../../core/errors.ts'
import type { PictureLayout } from '../picture-tensor.ts'

export const PROTOCOL = 'lares-sidecar'
export const VERSION = 1

const MAX_SIDE = 2_048

const hello = z.object({
  protocol: z.literal(PROTOCOL),
  version: z.literal(VERSION),
  name: z.string().min(1).max(64),
  model: z.string().min(1).max(128),
  input: z.object({
    layout: z.enum(['rgb24', 'bgr24', 'yuv420']),
    width: z.int().min(2).max(MAX_SIDE).multipleOf(2),
    height: z.int().min(2).max(MAX_SIDE).multipleOf(2),
    place: z.enum(['top-left', 'centre']).default('centre'),
    padding: z.int().min(0).max(255).default(114),
  }),
  classes: z.array(z.string().max(64)).min(1).max(1_000),
  atOnce: z.int().min(1).max(8).default(1),
})
/** What a sidecar says about itself before anything else. */
export type SidecarHello = z.infer<typeof hello>

/** Throws `invalid` with what is wrong, in words. */
export function readHello(body: Buffer): SidecarHello {
  const parsed = hello.safeParse(parseJson(body))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue?.path.join('.') ?? ''
  if (where === 'version') throw refused('The sidecar speaks another version of the protocol.')
  throw refused(`The sidecar introduces itself in a way that Lares does not know${where && ` (${where})`}.`)
}

const answer = z.object({
  id: z.int().min(0),
  ms: z.number().min(0).max(60_000),
  boxes: z.array(z.tuple([z.int().min(0), z.number(), z.number(), z.number(), z.number(), z.number()])).max(500),
})
export type SidecarAnswer = z.infer<typeof answer>

export function readSeen(body: Buffer): SidecarAnswer {
  const parsed = answer.safeParse(parseJson(body))
  if (parsed.success) return parsed.data
  throw refused('The sidecar sent an answer that makes no sense.')
}

const failure = z.object({ id: z.int().min(0), reason: z.string().max(500) })

export function readFailure(body: Buffer): { id: number; reason: string } {
  const parsed = failure.safeParse(parseJson(body))
  if (parsed.success) return parsed.data
  throw refused('The sidecar sent an answer that makes no sense.')
}

/** How the sidecar's picture is made out of a frame; null: it takes the frame as it is. */
export function layoutOf({ input }: SidecarHello): PictureLayout | null {
  if (input.layout === 'yuv420') return null
  const { width, height, place, padding } = input
  const order = input.layout === 'rgb24' ? 'rgb' : 'bgr'
  return { width, height, place, padding, order, isPlanar: false, mean: [0, 0, 0], deviation: [1, 1, 1] }
}

const refused = (words: string): LaresError => new LaresError('invalid', words, { code: 'SIDECAR_ANSWER' })

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
