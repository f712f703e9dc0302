import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { YuvPicture } from '../picture-tensor.ts'
import type { DetectorBackend, LookResult } from './backend.ts'

/** Without an answer for so long, it is left for the processor. */
export const HANGS_AFTER_MS = 2_000
/** Long before that, new pictures no longer wait for it. */
const SILENT_AFTER_MS = 700
const KEPT_TIMES = 100

export interface WatchedDeps {
  backend: DetectorBackend
  clock: Clock
  failuresToLeave: number
  /** It died, hangs, or failed too often. Told once. */
  onUseless(reason: string, hung: boolean): void
}

/** A backend, how it does, and the moment it is no longer worth asking. */
export interface Watched {
  readonly backend: DetectorBackend
  look(picture: YuvPicture, minScore: number): Promise<LookResult>
  /** One more look would be taken at once. */
  isFree(): boolean
  /** It owes an answer for so long that new pictures should go elsewhere. */
  isSilent(): boolean
  medianMs(): number | null
}

export function createWatched({ backend, clock, failuresToLeave, onUseless }: WatchedDeps): Watched {
  const begun = new Set<{ at: number }>()
  const timesMs: number[] = []
  let failuresInARow = 0
  let isUseless = false

  function leave(reason: string, hung = false): void {
    if (isUseless) return
    isUseless = true
    onUseless(reason, hung)
  }
  void backend.died.then((reason) => leave(reason))

  function onSuccess(ms: number): void {
    failuresInARow = 0
    timesMs.push(ms)
    if (timesMs.length > KEPT_TIMES) timesMs.shift()
  }

  return {
    backend,
    isFree: () => !isUseless && begun.size < backend.facts.atOnce,
    isSilent: () => [...begun].some(({ at }) => clock.monotonic() - at > SILENT_AFTER_MS),
    medianMs: () => timesMs.toSorted((a, b) => a - b)[timesMs.length >> 1] ?? null,
    async look(picture, minScore) {
      const look = { at: clock.monotonic() }
      begun.add(look)
      const hangs = Promise.withResolvers<never>()
      const cancel = clock.after(HANGS_AFTER_MS, () => {
        const reason = `No answer within ${HANGS_AFTER_MS / 1000} seconds.`
        hangs.reject(new LaresError('timeout', reason, { code: 'LOOK_HANGS' }))
        leave(reason, true)
      })
      try {
        const result = await Promise.race([backend.look(picture, minScore), hangs.promise])
        onSuccess(clock.monotonic() - look.at)
        return result
      } catch (error) {
        if (++failuresInARow >= failuresToLeave) leave(messageOf(error))
        throw error
      } finally {
        cancel()
        begun.delete(look)
      }
    },
  }
}
