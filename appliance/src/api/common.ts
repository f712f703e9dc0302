import { z } from 'zod'

/** Milliseconds since the Unix epoch. */
export const epochMs = z.int().nonnegative()
export const id = z.uuid()
export const idParams = z.strictObject({ id })
export const done = z.strictObject({ ok: z.literal(true) }).meta({ id: 'Done' })

/** Classes that matter to a home, in the order the app lists them. */
export const OBJECT_CLASSES = ['person', 'bicycle', 'car', 'motorcycle', 'bus', 'truck', 'bird', 'cat', 'dog'] as const
export const objectClass = z.enum(OBJECT_CLASSES)
export type ObjectClass = z.infer<typeof objectClass>

/** A rectangle in fractions of the picture: origin top left, 0–1. */
export const box = z
  .strictObject({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
  .meta({ id: 'Box' })
export type Box = z.infer<typeof box>
