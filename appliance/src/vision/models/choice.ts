import type { DetectorStatus } from '../../api/system.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Settings } from '../../settings/index.ts'
import { VISION_MODEL } from '../settings.ts'
import { requireInstalled } from './add.ts'
import { MODEL_HISTORY, type ModelHistory } from './history.ts'
import { nameOfModel, type ModelPlaces } from './installed.ts'
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

/** Which model looks, and the way back. */
export interface ModelChoosing {
  /** Tries the model, then lets it look; the old one is taken back by itself when it fails. Throws `not-found`, `invalid`, `conflict`. */
  choose(name: string): Promise<void>
  /** Takes the previous one by hand. Throws `conflict` when there is none. */
  goBack(): Promise<void>
  /** To be told of every change of the detector's state. */
  onDetector(status: DetectorStatus): void
  history(): ModelHistory
}

/** A chosen model that has looked for this long without failing may stay. */
const PROBATION_MS = 10 * 60_000
/** Slower than the old one by this factor, and slow enough to matter, is worse. */
const WORSE_FACTOR = 10
const SLOW_MS = 1_000

export function isWildlySlower(ms: number | null, thanMs: number | null): boolean {
  return ms !== null && thanMs !== null && ms > SLOW_MS && ms > thanMs * WORSE_FACTOR
}

export function createModelChoosing(deps: ChoiceDeps): ModelChoosing {
  const { places, settings, clock, log, detector } = deps
  const history = (): ModelHistory => settings.get(MODEL_HISTORY)
  let endProbation: (() => void) | null = null
  let isGoingBack = false
  let oldMs: number | null = null

  async function switchTo(name: string, change: Partial<ModelHistory>): Promise<void> {
    await settings.set(MODEL_HISTORY, { ...history(), ...change })
    await settings.set(VISION_MODEL, name)
  }

  function beginProbation(): void {
    endProbation?.()
    endProbation = clock.after(PROBATION_MS, () => {
      endProbation = null
      void settings
        .set(MODEL_HISTORY, { ...history(), onProbation: false })
        .catch((error: unknown) =>
          log.warn({ err: messageOf(error) }, 'The new model’s time of trial could not be ended'),
        )
    })
  }

  async function rollBack(reason: string): Promise<void> {
    const { previous } = history()
    if (previous === null || isGoingBack) return
    isGoingBack = true
    endProbation?.()
    endProbation = null
    const from = nameOfModel(settings.get(VISION_MODEL))
    try {
      const rolledBack = { from, to: previous, reason, at: clock.now() }
      await switchTo(previous, { previous: null, onProbation: false, rolledBack })
      log.warn({ from, to: previous, reason }, 'A chosen model was given up')
      await deps.onRolledBack(from, previous, reason)
    } finally {
      isGoingBack = false
    }
  }

  return {
    history,
    async choose(name) {
      refuseFixed(deps.isFixed)
      const current = settings.get(VISION_MODEL)
      const file = await requireInstalled(places, name)
      if (name === current) return
      const trial = await tryModel(clock, file)
      const notes = await readNotes(places, name)
      if (notes) await writeNotes(places, name, { ...notes, ...trial })
      oldMs = detector().inferenceMsP50
      const slower = detector().provider === 'cpu' && isWildlySlower(trial.inferenceMs, oldMs)
      if (slower) throw new LaresError('invalid', slowWords(trial.inferenceMs, oldMs), { code: 'MODEL_REFUSED' })
      // Before the switch: the detector may answer at once.
      beginProbation()
      await switchTo(name, { previous: nameOfModel(current), onProbation: true, rolledBack: null })
    },
    async goBack() {
      refuseFixed(deps.isFixed)
      const { previous } = history()
      if (previous === null) throw new LaresError('conflict', 'There is no earlier model to go back to.')
      await requireInstalled(places, previous)
      const now = nameOfModel(settings.get(VISION_MODEL))
      endProbation?.()
      endProbation = null
      await switchTo(previous, { previous: now, onProbation: false, rolledBack: null })
    },
    onDetector(status) {
      if (!history().onProbation) return
      const reason = whyWorse(status, nameOfModel(settings.get(VISION_MODEL)), oldMs)
      if (reason === null) return
      rollBack(reason).catch((error: unknown) =>
        log.error({ err: messageOf(error) }, 'The old model could not be taken back'),
      )
    },
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
