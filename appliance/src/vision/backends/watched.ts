import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { YuvPicture } from '../picture-tensor.ts'
import { LookFailed, type DetectorBackend, type LookResult } from './backend.ts'

/** Without an answer for so long, it is left for the processor. */
export const HANGS_AFTER_MS = 2_000
/** Long before that, no picture waits for it any longer: the processor looks at this one and at new ones. */
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
  /** Throws `LookFailed`, also when it is silent or dies: the picture in it is whole. */
  look(picture: YuvPicture, minScore: number): Promise<LookResult>
  /** One more look would be taken at once. */
  isFree(): boolean
  /** It owes an answer for so long that new pictures should go elsewhere. */
  isSilent(): boolean
  medianMs(): number | null
}

export function createWatched({ backend, clock, failuresToLeave, onUseless }: WatchedDeps): Watched {
  const begun = new Set<{ at: number }>()
  const times = createTimes()
  let failuresInARow = 0
  let isUseless = false
  const keeper = createKeeper(backend.facts.takesPictures)

  function leave(reason: string, hung = false): void {
    if (isUseless) return
    isUseless = true
    onUseless(reason, hung)
  }
  void backend.died.then((reason) => leave(reason))

  /** Told of the end of a look whatever becomes of it, also when nobody waits for it any more. */
  async function follow(picture: YuvPicture, minScore: number): Promise<LookResult> {
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
      failuresInARow = 0
      times.add(clock.monotonic() - look.at)
      return result
    } catch (error) {
      if (++failuresInARow >= failuresToLeave) leave(messageOf(error))
      throw error
    } finally {
      cancel()
      begun.delete(look)
    }
  }

  return {
    backend,
    isFree: () => !isUseless && begun.size < backend.facts.atOnce,
    isSilent: () => [...begun].some(({ at }) => clock.monotonic() - at > SILENT_AFTER_MS),
    medianMs: times.median,
    look(picture, minScore) {
      const spare = keeper.keep(picture)
      const answer = follow(picture, minScore)
      const silence = Promise.withResolvers<never>()
      const giveUp = (): void => silence.reject(new LookFailed('It is silent.', keeper.handOut(spare)))
      const cancel = clock.after(SILENT_AFTER_MS, giveUp)
      return Promise.race([answer, silence.promise]).catch(asLookFailed).finally(cancel)

      function asLookFailed(error: unknown): never {
        throw error instanceof LookFailed ? error : new LookFailed(messageOf(error), keeper.handOut(spare), error)
      }
    },
  }
}

/** The last looks' times, milliseconds. */
function createTimes() {
  const timesMs: number[] = []
  return {
    add(ms: number): void {
      timesMs.push(ms)
      if (timesMs.length > KEPT_TIMES) timesMs.shift()
    },
    median: (): number | null => timesMs.toSorted((a, b) => a - b)[timesMs.length >> 1] ?? null,
  }
}

/** Keeps what a picture showed where the backend takes its buffer over; one buffer is used again and again. */
function createKeeper(takesPictures: boolean) {
  let free: Uint8Array | null = null
  return {
    keep({ data }: YuvPicture): Uint8Array {
      if (!takesPictures) return data
      if (free?.length !== data.length) free = new Uint8Array(data.length)
      free.set(data)
      return free
    },
    /** The next picture gets another buffer. */
    handOut(spare: Uint8Array): Uint8Array {
      if (spare === free) free = null
      return spare
    },
  }
}
