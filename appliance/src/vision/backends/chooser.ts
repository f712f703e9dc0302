import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { supervise } from '../../core/supervise.ts'
import type { Part } from '../../core/part.ts'
import { NotFaster, type Candidate, type DetectorBackend, type ModelChoice } from './backend.ts'
import { CRASHED_PAUSE_MS, RECHECK_MS, costOf, isDue, newEntry, noteFailure, type Entry } from './candidate-list.ts'
import { createWatched, type Watched } from './watched.ts'

/** What survives a restart: who won, and who was being tried when it ended. */
export interface Remembered {
  winner: string | null
  trying: string | null
}

export interface ChooserDeps {
  clock: Clock
  log: Log
  candidates: readonly Candidate[]
  /** The model that the processor has open, once it has; null while nothing can be compared. */
  model(): ModelChoice | null
  /** Cost of staying with the processor, or null while it is unknown. */
  processorCost(): number | null
  /** Compares with the processor and times, milliseconds; throws what is wrong in words. */
  check(backend: DetectorBackend): Promise<number>
  /** `auto`, or the id of the one that the owner wants. */
  wish(): string
  remembered: { get(): Remembered; set(value: Remembered): Promise<void> }
  onChange(): void
}

/** Tries every candidate, keeps the best one open, and comes back to those that failed. */
export interface Chooser extends Part {
  /** null: the processor looks. */
  active(): Watched | null
  activeId(): string | null
  entries(): readonly Entry[]
  /** Everything is tried anew, for example with another model. */
  reload(): void
  /** What was not worth trying before may be now. */
  wake(): void
}

/** How often it is looked whether something was plugged in or started. */
const LOOK_AROUND_MS = 15_000

interface Active {
  entry: Entry
  watched: Watched
}

export function createChooser(deps: ChooserDeps): Chooser {
  const { clock, log } = deps
  const entries = deps.candidates.map(newEntry)
  let active: Active | null = null
  /** Counts up with every reload, so that what was opened for an older model is not kept. */
  let generation = 0
  /** Something came or went without a try: told once a round. */
  let isNews = false

  noteCrash(entries, deps.remembered.get(), clock.now())

  async function runOnce(signal: AbortSignal): Promise<void> {
    const now = clock.now()
    const due = inOrder().filter((entry) => entry !== active?.entry && isDue(entry, now))
    for (const entry of due) {
      const model = deps.model()
      if (signal.aborted || !model || deps.processorCost() === null) return
      await tryOne(entry, model, signal)
    }
    if (isNews) deps.onChange()
    isNews = false
  }

  /** The last winner first: it is the likely one, and sight should be good soon. */
  function inOrder(): Entry[] {
    const { winner } = deps.remembered.get()
    const rank = ({ candidate }: Entry): number => (candidate.id === deps.wish() ? 0 : candidate.id === winner ? 1 : 2)
    return entries.toSorted((a, b) => rank(a) - rank(b))
  }

  async function tryOne(entry: Entry, model: ModelChoice, signal: AbortSignal): Promise<void> {
    const missing = await missingOf(entry.candidate, deps.wish())
    if (missing) return setMissing(entry, missing)
    const opened = generation
    let backend: DetectorBackend | null = null
    try {
      backend = await openNoted(entry.candidate, model, signal)
      const inferenceMs = await measure(entry.candidate, backend)
      if (signal.aborted || opened !== generation) return await backend.end()
      succeed(entry, backend, inferenceMs)
    } catch (error) {
      await backend?.end(isTimeout(error))
      if (!signal.aborted) fail(entry, error)
    }
  }

  async function openNoted(candidate: Candidate, model: ModelChoice, signal: AbortSignal): Promise<DetectorBackend> {
    if (!candidate.isRisky) return candidate.open(model, signal)
    await remember({ trying: candidate.id })
    try {
      return await candidate.open(model, signal)
    } finally {
      await remember({ trying: null })
    }
  }

  async function measure({ checksItself }: Candidate, backend: DetectorBackend): Promise<number> {
    const { inferenceMs } = backend.facts
    return checksItself && inferenceMs !== null ? inferenceMs : deps.check(backend)
  }

  function succeed(entry: Entry, backend: DetectorBackend, inferenceMs: number): void {
    const { atOnce } = backend.facts
    Object.assign(entry, { inferenceMs, atOnce, failuresInARow: 0, nextTryAt: clock.now() + RECHECK_MS })
    if (!isBetter(entry)) {
      Object.assign(entry, { state: 'ready', reason: 'It works; another one is faster.' })
      void backend.end()
      return deps.onChange()
    }
    const before = active
    active = { entry, watched: watch(entry, backend) }
    Object.assign(entry, { state: 'chosen', reason: 'It works and is the best one here.' })
    if (before) Object.assign(before.entry, { state: 'ready', reason: 'It works; another one is faster.' })
    void before?.watched.backend.end()
    log.info({ detector: entry.candidate.id, inferenceMs }, 'Detector chosen')
    void remember({ winner: entry.candidate.id })
    deps.onChange()
  }

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
    const { failuresToLeave, isRisky } = entry.candidate
    return createWatched({
      ...{ backend, clock, failuresToLeave },
      onUseless(reason, hung) {
        void backend.end(hung)
        // What was replaced or closed on purpose ends, too.
        if (active?.watched.backend !== backend) return
        active = null
        noteFailure(entry, `It failed while running: ${reason}`, clock.now(), hung && isRisky)
        log.warn({ detector: entry.candidate.id, err: reason }, 'Detector lost; the processor looks')
        deps.onChange()
      },
    })
  }

  function fail(entry: Entry, error: unknown): void {
    if (error instanceof NotFaster) {
      Object.assign(entry, { state: 'ready', reason: error.message, inferenceMs: error.inferenceMs })
      entry.nextTryAt = clock.now() + RECHECK_MS
    } else {
      noteFailure(entry, messageOf(error), clock.now(), entry.candidate.isRisky && isTimeout(error))
      log.warn({ detector: entry.candidate.id, err: messageOf(error) }, 'Detector not usable')
    }
    deps.onChange()
  }

  function setMissing(entry: Entry, { state, reason }: { state: 'absent' | 'present'; reason: string }): void {
    isNews ||= entry.state !== state || entry.reason !== reason
    Object.assign(entry, { state, reason, nextTryAt: null, failuresInARow: 0 })
  }

  const remember = (change: Partial<Remembered>): Promise<void> =>
    deps.remembered.set({ ...deps.remembered.get(), ...change })

  function leave(): void {
    generation++
    const left = active
    active = null
    void left?.watched.backend.end()
  }

  const loop = supervise({ name: 'detector-choice', clock, log, runOnce, pauseMs: LOOK_AROUND_MS })
  return {
    name: loop.name,
    start: () => loop.start(),
    async stop() {
      const ended = active?.watched.backend.end()
      active = null
      await Promise.all([loop.stop(), ended])
    },
    active: () => active?.watched ?? null,
    activeId: () => active?.entry.candidate.id ?? null,
    entries: () => entries,
    wake: () => loop.wake(),
    reload() {
      leave()
      for (const entry of entries) Object.assign(entry, newEntry(entry.candidate))
      loop.wake()
    },
  }
}

async function missingOf(candidate: Candidate, wish: string): Promise<Awaited<ReturnType<Candidate['missing']>>> {
  const missing = await candidate.missing()
  if (missing || wish !== 'cpu') return missing
  return { state: 'present', reason: 'Not tried: the setting asks for the processor.' }
}

/** Whatever was being tried when the product ended may have ended it. */
function noteCrash(entries: readonly Entry[], { trying }: Remembered, now: number): void {
  const entry = entries.find(({ candidate }) => candidate.id === trying)
  if (!entry) return
  noteFailure(entry, 'Lares ended while this was being tried; it is left in peace for a day.', now)
  entry.nextTryAt = now + CRASHED_PAUSE_MS
}

const isTimeout = (error: unknown): boolean => error instanceof LaresError && error.kind === 'timeout'
