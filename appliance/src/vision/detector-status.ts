import type { DetectorCandidate, DetectorStatus } from '../api/system.ts'
import { toStatus } from './backends/candidate-list.ts'
import type { Chooser } from './backends/chooser.ts'
import type { Processor } from './backends/processor.ts'

/** The state of everything in the words of the API. `room` is added by who knows the cameras. */
export function statusOf(processor: Processor, chooser: Chooser): DetectorStatus {
  const opened = processor.opened()
  const problem = processor.problem()
  const active = chooser.active()
  const candidates = [...chooser.entries().map(toStatus), processorStatus(processor, active !== null)]
  if (active) {
    const inferenceMsP50 = active.medianMs() ?? active.backend.facts.inferenceMs
    const { model } = active.backend.facts
    const about = { model, provider: chooser.activeId(), inferenceMsP50, candidates, room: null }
    return { state: 'ready', ...about, problem: opened?.problem ?? null }
  }
  if (!opened) {
    const state = problem === null ? 'starting' : 'failed'
    return { state, model: null, provider: null, inferenceMsP50: null, candidates, room: null, problem }
  }
  const { family, inputWidth, inputHeight } = opened.opened
  const model = { name: opened.name, family, inputWidth, inputHeight }
  const about = { model, provider: 'cpu', inferenceMsP50: processor.inferenceMs(), candidates, room: null }
  return { state: 'ready', ...about, problem: opened.problem }
}

function processorStatus(processor: Processor, isSpare: boolean): DetectorCandidate {
  const problem = processor.problem()
  const about = { id: 'cpu', kind: 'processor' as const, title: 'Processor', nextTryAt: null }
  if (!processor.opened()) {
    const state = problem === null ? 'present' : 'failed'
    return { ...about, state, reason: problem ?? 'It is being opened.', inferenceMs: null, atOnce: null }
  }
  const measured = { inferenceMs: processor.inferenceMs(), atOnce: Math.max(processor.sessions(), 1) }
  if (isSpare) return { ...about, ...measured, state: 'ready', reason: 'Open and ready to take over at once.' }
  return { ...about, ...measured, state: 'chosen', reason: 'It works.' }
}
