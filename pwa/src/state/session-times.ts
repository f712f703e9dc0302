// When something has to be done about a session. Pure: times of the box in, milliseconds from now out.
import type { CurrentSession } from '../wire.ts'

/** New tokens are fetched this long before the old ones end (SEC-A6). */
export const REFRESH_BEFORE_MS = 5 * 60_000

export type Times = Pick<CurrentSession, 'accessExpiresAt' | 'expiresAt' | 'idleEndsAt' | 'warnMs' | 'boxTime'>

export interface Due {
  /** 0: now. */
  refreshInMs: number
  /** When to warn that it idles out; null: it never does. */
  warnInMs: number | null
  /** When it ends unless somebody uses it; never below 0. */
  endsInMs: number
}

/** `sinceMs`: how long ago the box said so. A token that lives shorter than the usual lead is renewed at half its life. */
export function dueAfter(times: Times, sinceMs: number): Due {
  const left = (at: number) => Math.max(0, at - times.boxTime - sinceMs)
  const life = Math.max(0, times.accessExpiresAt - times.boxTime)
  const lead = Math.min(REFRESH_BEFORE_MS, life / 2)
  return {
    refreshInMs: left(times.accessExpiresAt - lead),
    warnInMs: times.idleEndsAt === null ? null : left(times.idleEndsAt - times.warnMs),
    endsInMs: Math.min(left(times.expiresAt), times.idleEndsAt === null ? Infinity : left(times.idleEndsAt)),
  }
}

/** Seconds as a clock shows them: "4:59". */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000))
  return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, '0')}`
}
