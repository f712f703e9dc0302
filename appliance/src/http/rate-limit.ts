import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { LimitTier } from './route.ts'

/** `count` requests per `perS` seconds in the long run, at most `burst` of them at once. */
export interface Budget {
  readonly count: number
  readonly perS: number
  readonly burst: number
}

export interface TierBudgets {
  /** Per client address. */
  readonly anonymous: Budget
  /** Per account. Large enough that the app, however many cameras it shows, never limits itself. */
  readonly signedIn: Budget
}

const perMinute = (count: number, burst = count): Budget => ({ count, perS: 60, burst })

/** The tiers of the security specification (SEC-C1). */
export const LIMIT_TIERS: Readonly<Record<LimitTier, TierBudgets>> = {
  general: { anonymous: perMinute(60, 10), signedIn: perMinute(1_200, 300) },
  media: { anonymous: perMinute(120), signedIn: perMinute(3_000, 600) },
  login: { anonymous: perMinute(5), signedIn: perMinute(5) },
  devices: { anonymous: perMinute(10), signedIn: perMinute(240, 60) },
  costly: { anonymous: perMinute(5), signedIn: perMinute(30, 10) },
}

/** Everything an anonymous address may ask for, all tiers together. */
export const ANONYMOUS_OVERALL: readonly Budget[] = [perMinute(100), { count: 1_000, perS: 3_600, burst: 1_000 }]

const MOST_KEYS = 20_000

export interface LimitState {
  limit: number
  remaining: number
  /** Seconds until the whole budget is there again. */
  resetS: number
  /** Seconds until the next request is let through; 0 when this one was. */
  retryAfterS: number
}

/** Generic cell rate algorithm: one number a key (when its budget is whole again), no timers. */
export function createLimiter(budget: Budget, clock: Clock): (key: string) => LimitState {
  const stepMs = (budget.perS * 1_000) / budget.count
  const depthMs = stepMs * budget.burst
  const wholeAgainAt = new Map<string, number>()

  function forgetWhole(nowMs: number): void {
    if (wholeAgainAt.size < MOST_KEYS) return
    for (const [key, at] of wholeAgainAt) if (at <= nowMs) wholeAgainAt.delete(key)
    // Still full: a flood of addresses. The oldest go, memory stays bounded.
    for (const key of wholeAgainAt.keys()) if (wholeAgainAt.size >= MOST_KEYS) wholeAgainAt.delete(key)
  }

  return (key) => {
    const nowMs = clock.monotonic()
    const before = Math.max(wholeAgainAt.get(key) ?? 0, nowMs)
    const after = before + stepMs
    const waitMs = after - depthMs - nowMs
    const allowed = waitMs <= 0
    const kept = allowed ? after : before
    if (allowed) {
      forgetWhole(nowMs)
      wholeAgainAt.set(key, after)
    }
    return {
      limit: budget.count,
      remaining: Math.max(0, Math.floor((depthMs - (kept - nowMs)) / stepMs)),
      resetS: Math.ceil((kept - nowMs) / 1_000),
      retryAfterS: allowed ? 0 : Math.max(1, Math.ceil(waitMs / 1_000)),
    }
  }
}

export interface RateLimits {
  /** Counts one request of a person (by account) or of an address. Refused when `retryAfterS` is above 0. */
  take(tier: LimitTier, who: { userId: string | null; address: string }): LimitState
}

export const limitHeaders = (state: LimitState): Record<string, string> => ({
  'RateLimit-Limit': String(state.limit),
  'RateLimit-Remaining': String(state.remaining),
  'RateLimit-Reset': String(state.resetS),
})

export const limitReached = (state: LimitState): LaresError =>
  new LaresError('too-many', `Too many requests. Try again in ${state.retryAfterS} s.`, {
    retryAfterS: state.retryAfterS,
  })

export type LimitTable = Readonly<Record<LimitTier, TierBudgets>>

export function createRateLimits(
  clock: Clock,
  tiers: LimitTable = LIMIT_TIERS,
  overall = ANONYMOUS_OVERALL,
): RateLimits {
  const limitersFor = (who: keyof TierBudgets): Map<string, (key: string) => LimitState> =>
    new Map(Object.entries(tiers).map(([tier, budgets]) => [tier, createLimiter(budgets[who], clock)]))
  const anonymous = limitersFor('anonymous')
  const signedIn = limitersFor('signedIn')
  const overallLimiters = overall.map((budget) => createLimiter(budget, clock))

  return {
    take(tier, { userId, address }) {
      const limiter = (userId === null ? anonymous : signedIn).get(tier)
      if (!limiter) throw new LaresError('internal', 'A route names a rate-limit tier that does not exist.')
      const own = limiter(userId ?? address)
      if (userId !== null || own.retryAfterS > 0) return own
      return overallLimiters.map((check) => check(address)).find((state) => state.retryAfterS > 0) ?? own
    },
  }
}
