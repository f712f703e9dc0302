import type { DetectorStatus } from '../../api/system.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Settings } from '../../settings/index.ts'
import { MODEL_HISTORY, VISION_MODEL } from '../settings.ts'
import { requireInstalled } from './add.ts'
import type { ModelHistory } from './history.ts'
import { nameOfModel, type ModelPlaces } from './places.ts'
import { readNotes, writeNotes } from './notes.ts'
import { tryModel } from './trial.ts'

export interface ChoiceDeps {
  places: ModelPlaces
  settings: Settings
  clock: Clock
  log: Log
  detector(): DetectorStatus
  /** LARES_MODEL decides: nothing can be chosen here. */
  isFixed: boolean
  onRolledBack(from: string, to: string, reason: string): Promise<void>
}

/** A chosen model that has looked for this long without failing may stay. */
const PROBATION_MS = 10 * 60_000
/** Slower than the old one by this factor, and slow enough to matter, is worse. */
const WORSE_FACTOR = 10
const SLOW_MS = 1_000

export function isWildlySlower(ms: number | null, thanMs: number | null): boolean {
  return ms !== null && thanMs !== null && ms > SLOW_MS && ms > thanMs * WORSE_FACTOR
}

/** Which model looks, and the way back. */
export class ModelChoosing {
  readonly #deps: ChoiceDeps
  #endProbation: (() => void) | null = null
  #isGoingBack = false
  #oldMs: number | null = null

  constructor(deps: ChoiceDeps) {
    this.#deps = deps
  }

  history(): ModelHistory {
    return this.#deps.settings.get(MODEL_HISTORY)
  }

  /** Tries the model, then lets it look; the old one is taken back by itself when it fails. Throws `not-found`, `invalid`, `conflict`. */
  async choose(name: string): Promise<void> {
    const { places, settings, clock, detector, isFixed } = this.#deps
    refuseFixed(isFixed)
    const current = settings.get(VISION_MODEL)
    const file = await requireInstalled(places, name)
    if (name === current) return
    const trial = await tryModel(clock, file)
    const notes = await readNotes(places, name)
    if (notes) await writeNotes(places, name, { ...notes, ...trial })
    const { provider, inferenceMsP50 } = detector()
    this.#oldMs = inferenceMsP50
    // Times of the processor say nothing beside those of a graphics card.
    if (provider === 'cpu' && isWildlySlower(trial.inferenceMs, inferenceMsP50))
      throw new LaresError('invalid', slowWords(trial.inferenceMs, inferenceMsP50), { code: 'MODEL_REFUSED' })
    // Before the switch: the detector may answer at once.
    this.#beginProbation()
    await this.#switchTo(name, { previous: nameOfModel(current), onProbation: true, rolledBack: null })
  }

  /** Takes the previous one by hand. Throws `conflict` when there is none. */
  async goBack(): Promise<void> {
    const { places, settings, isFixed } = this.#deps
    refuseFixed(isFixed)
    const { previous } = this.history()
    if (previous === null) throw new LaresError('conflict', 'There is no earlier model to go back to.')
    await requireInstalled(places, previous)
    const now = nameOfModel(settings.get(VISION_MODEL))
    this.#stopProbation()
    await this.#switchTo(previous, { previous: now, onProbation: false, rolledBack: null })
  }

  /** To be told of every change of the detector's state. */
  onDetector(status: DetectorStatus): void {
    if (!this.history().onProbation) return
    const reason = whyWorse(status, nameOfModel(this.#deps.settings.get(VISION_MODEL)), this.#oldMs)
    if (reason !== null) this.#try('The old model could not be taken back', this.#rollBack(reason))
  }

  /** Ends what waits for the clock. */
  stop(): void {
    this.#stopProbation()
  }

  async #switchTo(name: string, change: Partial<ModelHistory>): Promise<void> {
    const { settings } = this.#deps
    await settings.set(MODEL_HISTORY, { ...this.history(), ...change })
    await settings.set(VISION_MODEL, name)
  }

  #beginProbation(): void {
    const { clock, settings } = this.#deps
    this.#stopProbation()
    this.#endProbation = clock.after(PROBATION_MS, () => {
      this.#endProbation = null
      const passed = settings.set(MODEL_HISTORY, { ...this.history(), onProbation: false })
      this.#try('The time of trial could not be ended', passed)
    })
  }

  #stopProbation(): void {
    this.#endProbation?.()
    this.#endProbation = null
  }

  #try(words: string, work: Promise<void>): void {
    work.catch((error: unknown) => this.#deps.log.error({ err: messageOf(error) }, words))
  }

  async #rollBack(reason: string): Promise<void> {
    const { settings, clock, log, onRolledBack } = this.#deps
    const { previous } = this.history()
    if (previous === null || this.#isGoingBack) return
    this.#isGoingBack = true
    this.#stopProbation()
    const from = nameOfModel(settings.get(VISION_MODEL))
    try {
      const rolledBack = { from, to: previous, reason, at: clock.now() }
      await this.#switchTo(previous, { previous: null, onProbation: false, rolledBack })
      log.warn({ from, to: previous, reason }, 'A chosen model was given up')
      await onRolledBack(from, previous, reason)
    } finally {
      this.#isGoingBack = false
    }
  }
}

/** Why the chosen model is to be given up, or null. */
export function whyWorse(status: DetectorStatus, wanted: string, oldMs: number | null): string | null {
  const { state, model, problem, inferenceMsP50 } = status
  if (state === 'failed') return problem ?? 'It does not start.'
  if (state !== 'ready') return null
  if (model?.name !== wanted) return problem ?? 'It could not be opened.'
  return isWildlySlower(inferenceMsP50, oldMs) ? slowWords(inferenceMsP50, oldMs) : null
}

function slowWords(ms: number | null, thanMs: number | null): string {
  return `One look takes ${Math.round(ms ?? 0)} ms, where the model before took ${Math.round(thanMs ?? 0)} ms.`
}

function refuseFixed(isFixed: boolean): void {
  if (!isFixed) return
  const words = 'LARES_MODEL decides which model looks; it cannot be chosen here.'
  throw new LaresError('conflict', words, { code: 'SET_BY_ENVIRONMENT' })
}
