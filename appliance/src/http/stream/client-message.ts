import { z } from 'zod'
import type { ClientMessage } from '../../api/stream.ts'

const clientMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('resume'), run: z.string().max(64), seq: z.int().nonnegative() }),
  z.strictObject({ type: z.literal('ping') }),
])

/** Null for anything that the app would not send. */
export function readClientMessage(text: string): ClientMessage | null {
  try {
    return clientMessage.parse(JSON.parse(text))
  } catch {
    return null
  }
}
