import type { DetectorCandidate, DetectorStatus } from '../api/system.ts'
import { toStatus, type Entry } from './backends/candidate-list.ts'
import type { Watched } from './backends/watched.ts'
import type { FirstOpened } from './open-first.ts'

export interface StatusFacts {
  /** What the processor has open. */
  opened: FirstOpened | null
  problem: string | null
  sessions: number
  processorMs: number | null
  active: Watched | null
  activeId: string | null
  entries: readonly Entry[]
}

/** The state of everything in the words of the API. `room` is added by who knows the cameras. */
export function statusOf(facts: StatusFacts): DetectorStatus {
  const { opened, problem, processorMs, active, activeId, entries } = facts
  const candidates = [...entries.map(toStatus), processorStatus(facts)]
  if (active) {
    const inferenceMsP50 = active.medianMs() ?? active.backend.facts.inferenceMs
    const { model } = active.backend.facts
    const about = { model, provider: activeId, inferenceMsP50, candidates, room: null }
    return { state: 'ready', ...about, problem: opened?.problem ?? null }
  }
  if (!opened) {
    const state = problem === null ? 'starting' : 'failed'
    return { state, model: null, provider: null, inferenceMsP50: null, candidates, room: null, problem }
  }
  const { family, inputWidth, inputHeight } = opened.opened
  const model = { name: opened.name, family, inputWidth, inputHeight }
  const about = { model, provider: 'cpu', inferenceMsP50: processorMs, candidates, room: null }
  return { state: 'ready', ...about, problem: opened.problem }
}

function processorStatus({ opened, problem, sessions, processorMs, active }: StatusFacts): DetectorCandidate {
  const about = { id: 'cpu', kind: 'processor' as const, title: 'Processor', nextTryAt: null }
  if (!opened) {
    const state = problem === null ? 'present' : 'failed'
    return { ...about, state, reason: problem ?? 'It is being opened.', inferenceMs: null, atOnce: null }
  }
  const measured = { inferenceMs: processorMs, atOnce: sessions }
  if (active) return { ...about, ...measured, state: 'ready', reason: 'Open and ready to take over at once.' }
  return { ...about, ...measured, state: 'chosen', reason: 'It works.' }
}
