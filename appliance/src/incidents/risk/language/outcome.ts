import type { StoredAssessment, StoredOpinion } from '../assessment-store.ts'
import { PROMPT_VERSION } from './prompt.ts'
import type { AskOutcome } from './client.ts'

/** Pauses before the model is asked anew, when its server could not be reached. */
const ASK_AGAIN_MS = [30_000, 120_000] as const

type Language = StoredAssessment['language']

/** What is kept of an answer, or of why there is none. Pure. */
export function languageAfter(
  before: Language,
  outcome: AskOutcome,
  { at, askedScore, pictureSent }: { at: number; askedScore: number | null; pictureSent: boolean },
): Language {
  const tries = before.tries + 1
  const common = { promptVersion: PROMPT_VERSION, pictureSent, latencyMs: outcome.latencyMs, at }
  if (outcome.ok) {
    const { opinion, ...from } = outcome.answered
    return { state: 'answered', dueAt: null, tries, askedScore, stored: { ...common, ...from, opinion, problem: null } }
  }
  const nothing = { summary: null, model: null, tokensIn: null, tokensOut: null, opinion: null }
  const stored = { ...(before.stored ?? nothing), ...common, problem: outcome.problem }
  const pauseMs = outcome.kind === 'server' ? ASK_AGAIN_MS[tries - 1] : undefined
  if (pauseMs !== undefined) return { ...before, tries, state: 'waiting', dueAt: at + pauseMs, stored }
  return { ...before, tries, state: 'failed', dueAt: null, askedScore, stored }
}

const NEVER_ASKED: StoredOpinion = {
  ...{ problem: null, summary: null, model: null, promptVersion: null, pictureSent: false },
  ...{ latencyMs: null, tokensIn: null, tokensOut: null, at: null, opinion: null },
}

/** It will not be asked, and why. */
export function languageGivenUp(before: Language, problem: string): Language {
  return { ...before, state: 'failed', dueAt: null, stored: { ...(before.stored ?? NEVER_ASKED), problem } }
}

/** Without what only the box needs. */
export function opinionAsShown({ state, stored }: Language) {
  const { opinion: _, ...shown } = stored ?? NEVER_ASKED
  return { state, ...shown }
}
