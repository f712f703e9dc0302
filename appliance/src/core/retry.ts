import { sleep, type Clock } from './clock.ts'

export interface RetryOptions {
  clock: Clock
  /** Pause before each further try; its length is the number of further tries. */
  pausesMs: readonly number[]
  /** False ends the tries at once. */
  worthRetrying?(error: unknown): boolean
  signal?: AbortSignal
}

/** Calls `run` until it succeeds or the pauses are used up; rethrows the last error. */
export async function retry<T>(run: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      const pauseMs = options.pausesMs[attempt]
      const giveUp = pauseMs === undefined || options.signal?.aborted || options.worthRetrying?.(error) === false
      if (giveUp) throw error
      await sleep(options.clock, pauseMs, options.signal)
    }
  }
}
