import { LaresError } from '../../core/errors.ts'
import type { Settings } from '../../settings/types.ts'
import type { StoredSession } from './session-store.ts'
import { refreshTokenDays, sessionTimeoutMinutes, sessionWarningMinutes, sudoMinutes } from '../settings.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** What the settings say about how long things last. */
export const lifetimeMs = (settings: Settings): number => settings.get(refreshTokenDays) * DAY_MS
export const idleMs = (settings: Settings): number => settings.get(sessionTimeoutMinutes) * MINUTE_MS
export const freshMs = (settings: Settings): number => settings.get(sudoMinutes) * MINUTE_MS
/** Never so early that the question comes while somebody is at it. */
export const warnMs = (settings: Settings): number =>
  Math.min(settings.get(sessionWarningMinutes) * MINUTE_MS, Math.floor(idleMs(settings) / 2))

const WORDS: Readonly<Record<string, string>> = {
  'signed-out': 'You are signed out.',
  'signed-in-again': 'Somebody signed in anew in this browser.',
  idle: 'You were signed out because nobody used the app here for a while.',
  expired: 'It is some days since you signed in here. Please sign in again.',
  'too-many-sessions': 'You signed in on another phone or browser; this one was the oldest and was signed out.',
  'ended-by-owner': 'You were signed out here from another phone or browser.',
  'password-changed': 'Your password was changed, so you were signed out here.',
  'device-changed':
    'This session turned up in another browser and was ended. If that was not you, change your password.',
  'token-reuse': 'This session was used in two places and was ended. If that was not you, change your password.',
}

/** Tells why, now and whenever it is asked again (SEC-A8). */
export function sessionRevoked(reason: string): LaresError {
  const words = WORDS[reason] ?? 'You were signed out. Please sign in again.'
  return new LaresError('unauthenticated', words, { code: 'SESSION_REVOKED', details: { reason } })
}

/**
 * What a clock that was set back leaves behind: times that lie further ahead than any could. null when all is well.
 * Asked only while the clock is believed.
 */
export function corrected(
  session: StoredSession,
  nowMs: number,
  lifeMs: number,
): { expiresAt: number; lastSeenAt: number } | null {
  const expiresAt = Math.min(session.expiresAt, nowMs + lifeMs)
  const lastSeenAt = Math.min(session.lastSeenAt, nowMs)
  const off = Math.max(session.expiresAt - expiresAt, session.lastSeenAt - lastSeenAt)
  return off > MINUTE_MS ? { expiresAt, lastSeenAt } : null
}
