import type { Clock } from '../../core/clock.ts'
import { newToken } from '../../core/crypto.ts'

export const CHALLENGE_MS = 5 * 60_000
/** Of people who are not known yet: whoever asks for more pushes out the oldest, never those of somebody known. */
const MOST_ANONYMOUS = 1_000
/** Of one person. */
const MOST_EACH = 8

export type ChallengePurpose = 'sign-in' | 'second-factor' | 'sudo' | 'add'

export interface Challenge {
  readonly purpose: ChallengePurpose
  /** null: whoever it turns out to be. */
  readonly userId: string | null
  /** Session that asked, for `sudo` and `add`. */
  readonly sessionId: string | null
  /** Scheme, name and port of the page, and the name alone. */
  readonly origin: string
  readonly rpId: string
}

export interface IssuedChallenge extends Challenge {
  readonly id: string
  /** base64url. */
  readonly challenge: string
}

export interface PasskeyChallenges {
  issue(challenge: Challenge): IssuedChallenge
  /** Works once, whatever comes of it. null when there is none, it is too old, or it was made for something else. */
  take(id: string, purpose: ChallengePurpose, userId: string | null, sessionId: string | null): IssuedChallenge | null
}

/** Challenges that wait for an answer, in memory: a restart asks for one more touch. */
export function createPasskeyChallenges(clock: Clock): PasskeyChallenges {
  const anonymous = new Map<string, IssuedChallenge & { until: number }>()
  const known = new Map<string, Map<string, IssuedChallenge & { until: number }>>()

  function forgetOld(now: number): void {
    for (const [userId, own] of known) {
      for (const [id, { until }] of own) if (until <= now) own.delete(id)
      if (own.size === 0) known.delete(userId)
    }
    for (const [id, { until }] of anonymous) {
      if (until > now) break
      anonymous.delete(id)
    }
  }

  return {
    issue(challenge) {
      const now = clock.monotonic()
      forgetOld(now)
      const issued = { ...challenge, id: newToken(24), challenge: newToken() }
      const own =
        challenge.userId === null
          ? anonymous
          : (known.get(challenge.userId) ?? new Map<string, typeof issued & { until: number }>())
      const oldest = own.size >= (own === anonymous ? MOST_ANONYMOUS : MOST_EACH) ? own.keys().next().value : undefined
      if (oldest !== undefined) own.delete(oldest)
      own.set(issued.id, { ...issued, until: now + CHALLENGE_MS })
      if (challenge.userId !== null) known.set(challenge.userId, own)
      return issued
    },
    take(id, purpose, userId, sessionId) {
      const own = userId === null ? anonymous : known.get(userId)
      const found = own?.get(id)
      if (!own || !found) return null
      own.delete(id)
      const fits = found.purpose === purpose && found.sessionId === sessionId && found.until > clock.monotonic()
      return fits ? found : null
    },
  }
}
