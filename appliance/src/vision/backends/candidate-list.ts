import type { DetectorCandidate } from '../../api/system.ts'
import type { Candidate } from './backend.ts'

/** A candidate and what came of it. */
export interface Entry {
  readonly candidate: Candidate
  state: DetectorCandidate['state']
  reason: string
  inferenceMs: number | null
  atOnce: number | null
  failuresInARow: number
  /** Epoch milliseconds; null: it is tried in the next round. Infinity: not by itself. */
  nextTryAt: number | null
}

const MINUTE_MS = 60_000
/** Pauses after the first, second, … failure in a row; the last one repeats. */
const PAUSES_MS = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 120 * MINUTE_MS] as const
/** What works and was not the fastest gets another chance: drivers, loads and networks change. */
export const RECHECK_MS = 6 * 60 * MINUTE_MS
/** One that took the whole product down is given a long rest. */
export const CRASHED_PAUSE_MS = 24 * 60 * MINUTE_MS
/** The processor also decodes and does everything else: what takes the looking off it may be so much slower. */
const PROCESSOR_FACTOR = 3

export const NOT_TRIED = 'Not tried yet.'

export function newEntry(candidate: Candidate): Entry {
  const nothing = { inferenceMs: null, atOnce: null, failuresInARow: 0, nextTryAt: null }
  return { candidate, state: 'present', reason: NOT_TRIED, ...nothing }
}

/** It failed, or hangs: when it may be tried again. A hung driver holds a thread for good, so it is not tried again. */
export function noteFailure(entry: Entry, reason: string, now: number, forGood = false): void {
  entry.failuresInARow++
  entry.state = 'failed'
  entry.reason = reason
  const pauseMs = PAUSES_MS[Math.min(entry.failuresInARow, PAUSES_MS.length) - 1] as number
  entry.nextTryAt = forGood ? Infinity : now + pauseMs
}

/** Lower is better. */
export function costOf(kind: DetectorCandidate['kind'], inferenceMs: number, atOnce: number): number {
  const ownWork = kind === 'processor' ? PROCESSOR_FACTOR : 1
  return (inferenceMs / Math.max(1, atOnce)) * ownWork
}

export function isDue({ nextTryAt }: Entry, now: number): boolean {
  return nextTryAt === null || nextTryAt <= now
}

export function toStatus({ candidate, nextTryAt, ...entry }: Entry): DetectorCandidate {
  const { id, kind, title } = candidate
  const { state, reason, inferenceMs, atOnce } = entry
  const tells = state === 'failed' && nextTryAt !== null && Number.isFinite(nextTryAt)
  return { id, kind, title, state, reason, inferenceMs, atOnce, nextTryAt: tells ? Math.round(nextTryAt) : null }
}
