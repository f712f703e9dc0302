import { once } from 'node:events'

/**
 * Waits for `work`, but no longer than until `signal`: what asks somebody who may be silent must not hold up an end. Leaves
 * no listener behind, however often it is called with the same signal. Rejects as `work` does.
 */
export async function giveWay(work: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const over = new AbortController()
  try {
    await Promise.race([work, once(signal, 'abort', { signal: over.signal })])
  } finally {
    over.abort()
  }
}
