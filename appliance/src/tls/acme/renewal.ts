const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Below this life a third would leave too little time for things to go wrong. */
const SHORT_LIFE_MS = 10 * DAY_MS
/** Later than this an authority's advice is not followed: a sixth of the life stays for what goes wrong. */
const LATEST_LEFT = 1 / 6
/** Pauses after the first, second, … failure in a row; the last one repeats, for as long as it takes. */
const BACKOFF_MS = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS] as const
/** Let's Encrypt's longest limit counts a week. */
const LONGEST_HOLD_MS = 7 * DAY_MS

export type RenewalReason = 'first' | 'names' | 'authority' | 'expired' | 'asked' | 'advice' | 'age'

/** All that decides when to renew. Times in epoch milliseconds. */
export interface RenewalFacts {
  nowMs: number
  certificate: { notBeforeMs: number; notAfterMs: number } | null
  /** Why it does not do any more, whatever its age: other names are wanted, or another authority. */
  mismatch: 'names' | 'authority' | null
  /** A moment out of the window that the authority suggests (RFC 9773); null: it suggests none. */
  advisedMs: number | null
  /** When the last certificates were issued, oldest first. */
  issuedAtMs: readonly number[]
  /** `notBeforeMs`: the authority asked to be left alone until then. */
  failures: { count: number; lastAtMs: number; notBeforeMs: number | null }
  /** Somebody pressed the button. */
  asked: boolean
}

export interface RenewalPlan {
  /** Due when this is not later than now. */
  atMs: number
  why: RenewalReason
  /** What moved it to later than `why` wants. */
  heldBy: 'failures' | 'authority' | 'twice-a-life' | null
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value))

/** Without advice: at a third of life left, half for lives below ten days. Never a fixed number of days. */
export function renewalByAge({ notBeforeMs, notAfterMs }: { notBeforeMs: number; notAfterMs: number }): number {
  const lifeMs = notAfterMs - notBeforeMs
  return notAfterMs - lifeMs * (lifeMs < SHORT_LIFE_MS ? 1 / 2 : 1 / 3)
}

function wanted({ nowMs, certificate, mismatch, advisedMs, asked }: RenewalFacts): Pick<RenewalPlan, 'atMs' | 'why'> {
  if (!certificate) return { atMs: nowMs, why: 'first' }
  if (mismatch) return { atMs: nowMs, why: mismatch }
  if (nowMs >= certificate.notAfterMs) return { atMs: nowMs, why: 'expired' }
  if (asked) return { atMs: nowMs, why: 'asked' }
  if (advisedMs === null) return { atMs: renewalByAge(certificate), why: 'age' }
  const { notBeforeMs, notAfterMs } = certificate
  return { atMs: Math.min(advisedMs, notAfterMs - (notAfterMs - notBeforeMs) * LATEST_LEFT), why: 'advice' }
}

/**
 * Two certificates a life at most, whatever an authority advises: one that always says "now" must not be asked all day.
 * A person, other names and an expired certificate are not held.
 */
function heldByLife({ certificate, issuedAtMs }: RenewalFacts, why: RenewalReason): number {
  if (!certificate || (why !== 'advice' && why !== 'age')) return 0
  const lastButOne = issuedAtMs.at(-2)
  return lastButOne === undefined ? 0 : lastButOne + (certificate.notAfterMs - certificate.notBeforeMs)
}

/** Pause after so many failures; shorter while the certificate runs out, never shorter than an hour for that reason. */
export function backoffMs(count: number, leftMs: number | null): number {
  if (count === 0) return 0
  const usual = BACKOFF_MS[Math.min(count, BACKOFF_MS.length) - 1] ?? DAY_MS
  return Math.min(usual, leftMs === null ? DAY_MS : clamp(leftMs / 8, HOUR_MS, DAY_MS))
}

function heldByFailures({ nowMs, certificate, failures, asked }: RenewalFacts): number {
  if (failures.count === 0 || asked) return 0
  const leftMs = certificate ? certificate.notAfterMs - nowMs : null
  // A failure that seems to lie ahead was recorded before the clock was set back.
  return Math.min(failures.lastAtMs, nowMs) + backoffMs(failures.count, leftMs)
}

function heldByAuthority({ nowMs, failures }: RenewalFacts): number {
  if (failures.notBeforeMs === null) return 0
  return Math.min(failures.notBeforeMs, Math.min(failures.lastAtMs, nowMs) + LONGEST_HOLD_MS)
}

/** When the next certificate is to be ordered, and why. The same facts give the same answer. */
export function planRenewal(facts: RenewalFacts): RenewalPlan {
  const { atMs, why } = wanted(facts)
  const holds = [
    { heldBy: 'twice-a-life' as const, untilMs: heldByLife(facts, why) },
    { heldBy: 'failures' as const, untilMs: heldByFailures(facts) },
    { heldBy: 'authority' as const, untilMs: heldByAuthority(facts) },
  ]
  const last = holds.reduce((latest, hold) => (hold.untilMs > latest.untilMs ? hold : latest))
  return last.untilMs > atMs ? { atMs: last.untilMs, why, heldBy: last.heldBy } : { atMs, why, heldBy: null }
}
