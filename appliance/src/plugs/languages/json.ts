import { LaresError } from '../../core/errors.ts'

/** A device's answer as an object. Throws `unavailable` (code BAD_REPLY) for anything else. */
export function parseAnswer(text: string): Record<string, unknown> {
  try {
    const reply: unknown = JSON.parse(text)
    if (typeof reply === 'object' && reply !== null && !Array.isArray(reply)) return reply as Record<string, unknown>
  } catch {
    // Falls through: what is no JSON object is told the same way.
  }
  throw badAnswer()
}

export function badAnswer(cause?: unknown): LaresError {
  return new LaresError('unavailable', 'The answer is not what a Kasa or Tapo plug says.', { code: 'BAD_REPLY', cause })
}
