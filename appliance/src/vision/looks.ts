import { LaresError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { LookResult } from './backends/backend.ts'
import type { DetectorThread } from './detector-thread.ts'
import type { YuvPicture } from './picture-tensor.ts'

export interface LooksDeps {
  log: Log
  thread(): DetectorThread | null
  /** The thread fails again and again: another one is needed. */
  onUseless(reason: string): void
}

/** One look at a time of one thread of the processor, and how the last ones went. */
export interface Looks {
  look(picture: YuvPicture, minScore: number): Promise<LookResult>
  isBusy(): boolean
  /** Median time of the model, milliseconds, or null before the first look. */
  medianMs(): number | null
  /** Another model or provider begins. */
  reset(): void
}

const KEPT_TIMES = 100
/** On the processor a failed look is rare and odd; this many in a row mean that the thread is better started afresh. */
const FAILURES_BEFORE_RESTART = 3

export function createLooks({ log, thread, onUseless }: LooksDeps): Looks {
  let isBusy = false
  let failuresInARow = 0
  const timesMs: number[] = []

  function onSuccess(inferenceMs: number): void {
    failuresInARow = 0
    timesMs.push(inferenceMs)
    if (timesMs.length > KEPT_TIMES) timesMs.shift()
  }

  function onFailure(error: unknown): void {
    failuresInARow++
    log.warn({ err: messageOf(error) }, 'A look failed')
    if (failuresInARow >= FAILURES_BEFORE_RESTART) onUseless(messageOf(error))
  }

  return {
    isBusy: () => isBusy,
    medianMs: () => timesMs.toSorted((a, b) => a - b)[timesMs.length >> 1] ?? null,
    reset() {
      failuresInARow = 0
      timesMs.length = 0
    },
    async look(picture, minScore) {
      const current = thread()
      if (!current || isBusy) throw new LaresError('unavailable', 'The detector is not ready.')
      isBusy = true
      try {
        const result = await current.look(picture, minScore)
        onSuccess(result.inferenceMs)
        return result
      } catch (error) {
        onFailure(error)
        throw error
      } finally {
        isBusy = false
      }
    },
  }
}
