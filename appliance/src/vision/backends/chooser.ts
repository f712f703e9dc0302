import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Part } from '../../core/part.ts'
import { supervise } from '../../core/supervise.ts'
import { NotFaster, type Candidate, type DetectorBackend, type Missing, type ModelChoice } from './backend.ts'
import { CRASHED_PAUSE_MS, RECHECK_MS, isDue, newEntry, noteFailure, type Entry } from './candidate-list.ts'
import { createChosen, type Chosen } from './chosen.ts'
import { noted, remember, type Memory } from './remembered.ts'
import type { Watched } from './watched.ts'

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
  memory: Memory
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

export function createChooser(deps: ChooserDeps): Chooser {
  const { clock, log, memory } = deps
  const entries = deps.candidates.map(newEntry)
  /** Counts up with every reload, so that what was opened for an older model is not kept. */
  let generation = 0
  const chosen = createChosen({ ...deps, onLost: (...lost) => noteLost(deps, ...lost) })
  noteCrash(entries, memory.get().trying, clock.now())

  async function runOnce(signal: AbortSignal): Promise<void> {
    const now = clock.now()
    const due = inOrder(entries, deps).filter((entry) => entry !== chosen.entry() && isDue(entry, now))
    let isNews = false
    for (const entry of due) {
      const model = deps.model()
      if (signal.aborted || !model || deps.processorCost() === null) return
      const missing = await missingOf(entry.candidate, deps.wish())
      if (missing) isNews = noteMissing(entry, missing) || isNews
      else await tryOne(entry, model, signal)
    }
    if (isNews) deps.onChange()
  }

  async function tryOne(entry: Entry, model: ModelChoice, signal: AbortSignal): Promise<void> {
    const begun = generation
    const isOutdated = (): boolean => signal.aborted || begun !== generation
    let backend: DetectorBackend | null = null
    try {
      const opened = await noted(memory, entry.candidate, () => entry.candidate.open(model, signal))
      backend = opened
      const inferenceMs = await measure(entry.candidate, opened, deps)
      if (isOutdated()) return await backend.end()
      noteSuccess(entry, inferenceMs, backend.facts.atOnce, clock.now())
      if (chosen.offer(entry, backend)) noteChosen(entry, deps)
    } catch (error) {
      await backend?.end(isTimeout(error))
      if (isOutdated()) return
      noteError(entry, error, clock.now())
      log.warn({ detector: entry.candidate.id, err: messageOf(error) }, 'Detector not taken')
    }
    deps.onChange()
  }

  const loop = supervise({ name: 'detector-choice', clock, log, runOnce, pauseMs: LOOK_AROUND_MS })
  return {
    ...partOf(loop, chosen),
    active: chosen.watched,
    activeId: () => chosen.entry()?.candidate.id ?? null,
    entries: () => entries,
    wake: () => loop.wake(),
    reload() {
      generation++
      void chosen.leave()
      for (const entry of entries) Object.assign(entry, newEntry(entry.candidate))
      loop.wake()
    },
  }
}

function partOf(loop: Part, chosen: Chosen): Part {
  return {
    name: loop.name,
    start: () => loop.start(),
    stop: async () => void (await Promise.all([loop.stop(), chosen.leave()])),
  }
}

/** The owner's wish, then the last winner: it is the likely one, and sight should be good soon. */
function inOrder(entries: readonly Entry[], { memory, wish }: ChooserDeps): Entry[] {
  const { winner } = memory.get()
  const rank = ({ candidate }: Entry): number => (candidate.id === wish() ? 0 : candidate.id === winner ? 1 : 2)
  return entries.toSorted((a, b) => rank(a) - rank(b))
}

async function missingOf(candidate: Candidate, wish: string): Promise<Missing | null> {
  const missing = await candidate.missing()
  if (missing || wish !== 'cpu') return missing
  return { state: 'present', reason: 'Not tried: the setting asks for the processor.' }
}

/** True when that is news. */
function noteMissing(entry: Entry, { state, reason }: Missing): boolean {
  const isNews = entry.state !== state || entry.reason !== reason
  Object.assign(entry, { state, reason, nextTryAt: null, failuresInARow: 0 })
  return isNews
}

async function measure({ checksItself }: Candidate, backend: DetectorBackend, deps: ChooserDeps): Promise<number> {
  const { inferenceMs } = backend.facts
  return checksItself && inferenceMs !== null ? inferenceMs : deps.check(backend)
}

function noteLost({ clock, log, onChange }: ChooserDeps, entry: Entry, reason: string, hung: boolean): void {
  noteFailure(entry, `It failed while running: ${reason}`, clock.now(), hung && entry.candidate.isRisky)
  log.warn({ detector: entry.candidate.id, err: reason }, 'Detector lost; the processor looks')
  onChange()
}

function noteSuccess(entry: Entry, inferenceMs: number, atOnce: number, now: number): void {
  Object.assign(entry, { inferenceMs, atOnce, failuresInARow: 0, nextTryAt: now + RECHECK_MS })
}

function noteChosen({ candidate: { id }, inferenceMs }: Entry, { log, memory }: ChooserDeps): void {
  log.info({ detector: id, inferenceMs }, 'Detector chosen')
  void remember(memory, { winner: id })
}

function noteError(entry: Entry, error: unknown, now: number): void {
  if (!(error instanceof NotFaster))
    return noteFailure(entry, messageOf(error), now, entry.candidate.isRisky && isTimeout(error))
  const { message: reason, inferenceMs } = error
  Object.assign(entry, { state: 'ready', reason, inferenceMs, nextTryAt: now + RECHECK_MS })
}

/** Whatever was being tried when the product ended may have ended it. */
function noteCrash(entries: readonly Entry[], trying: string | null, now: number): void {
  const entry = entries.find(({ candidate }) => candidate.id === trying)
  if (!entry) return
  noteFailure(entry, 'Lares ended while this was being tried; it is left in peace for a day.', now)
  entry.nextTryAt = now + CRASHED_PAUSE_MS
}

const isTimeout = (error: unknown): boolean => error instanceof LaresError && error.kind === 'timeout'
