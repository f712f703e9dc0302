/** What became of one try, and what that means. */
export type SendOutcome =
  | { result: 'delivered' }
  /** There is nobody at this target any more: forget it. */
  | { result: 'gone'; words: string }
  /** Not now. `afterMs` when the other side said how long to wait. */
  | { result: 'later'; words: string; afterMs: number | null }
  /** Asking again with the same message cannot help. `bug` when it is ours. */
  | { result: 'refused'; words: string; bug: boolean }

export const DELIVERED: SendOutcome = { result: 'delivered' }
export const later = (words: string, afterMs: number | null = null): SendOutcome => ({
  result: 'later',
  words,
  afterMs,
})
export const refused = (words: string, bug = false): SendOutcome => ({ result: 'refused', words, bug })
export const gone = (words: string): SendOutcome => ({ result: 'gone', words })

/** Seconds or an HTTP date; null when absent or senseless. */
export function readRetryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null
  if (/^\s*\d{1,9}\s*$/.test(value)) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
