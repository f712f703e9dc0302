import type { Clock } from '../../core/clock.ts'
import type { DetectorBackend } from './backend.ts'
import { costOf, type Entry } from './candidate-list.ts'
import { createWatched, type Watched } from './watched.ts'

export interface ChosenDeps {
  clock: Clock
  /** Cost of staying with the processor, or null while it is unknown. */
  processorCost(): number | null
  /** `auto`, or the id of the one that the owner wants. */
  wish(): string
  /** The chosen one died, hangs or failed too often; the processor looks already. */
  onLost(entry: Entry, reason: string, hung: boolean): void
}

/** The one place for the candidate that looks now. */
export interface Chosen {
  watched(): Watched | null
  entry(): Entry | null
  /** Takes it when it is better than what looks now, and closes what it replaces; otherwise closes it. */
  offer(entry: Entry, backend: DetectorBackend): boolean
  /** Back to the processor. */
  leave(): Promise<void>
}

const NOT_THE_BEST = { state: 'ready', reason: 'It works; another one is faster.' } as const

export function createChosen(deps: ChosenDeps): Chosen {
  let active: { entry: Entry; watched: Watched } | null = null

  function isBetter({ candidate, inferenceMs, atOnce }: Entry): boolean {
    const wish = deps.wish()
    if (candidate.id === wish) return true
    if (active?.entry.candidate.id === wish || wish === 'cpu') return false
    const against = active
      ? costOf(active.entry.candidate.kind, active.entry.inferenceMs ?? Infinity, active.entry.atOnce ?? 1)
      : (deps.processorCost() ?? Infinity)
    return costOf(candidate.kind, inferenceMs ?? Infinity, atOnce ?? 1) < against
  }

  function watch(entry: Entry, backend: DetectorBackend): Watched {
    const { failuresToLeave } = entry.candidate
    return createWatched({
      ...{ backend, clock: deps.clock, failuresToLeave },
      onUseless(reason, hung) {
        void backend.end(hung)
        // What was replaced or closed on purpose ends, too.
        if (active?.watched.backend !== backend) return
        active = null
        deps.onLost(entry, reason, hung)
      },
    })
  }

  return {
    watched: () => active?.watched ?? null,
    entry: () => active?.entry ?? null,
    offer(entry, backend) {
      if (!isBetter(entry)) {
        Object.assign(entry, NOT_THE_BEST)
        void backend.end()
        return false
      }
      const before = active
      active = { entry, watched: watch(entry, backend) }
      Object.assign(entry, { state: 'chosen', reason: 'It works and is the best one here.' })
      if (before) Object.assign(before.entry, NOT_THE_BEST)
      void before?.watched.backend.end()
      return true
    },
    async leave() {
      const left = active
      active = null
      await left?.watched.backend.end()
    },
  }
}
