import { BurstyRateLimiter, RateLimiterRes } from 'rate-limiter-flexible'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import { budgetAddress } from './client-address.ts'
import { limitBudgets, type Budget, type BudgetKeeper, type LimitBudgets, type TierBudgets } from './rate-budgets.ts'
import { RateCounter } from './rate-counter.ts'
import type { LimitTier } from './route.ts'

export interface LimitState {
  /** null: limits are switched off. */
  budget: Budget | null
  remaining: number
  /** Seconds until the whole budget is there again. */
  resetS: number
  /** Seconds until the next request is let through; 0 when this one was. */
  retryAfterS: number
}

/** Whose budget a request costs: that of an account or API key wherever it is, else that of the address. */
export interface Asker {
  userId: string | null
  address: string
}

export interface RateLimits {
  /** Counts one request. Refused when `retryAfterS` is above 0. */
  take(tier: LimitTier, asker: Asker): Promise<LimitState>
}

const UNLIMITED: LimitState = { budget: null, remaining: 0, resetS: 0, retryAfterS: 0 }

export interface RateLimitOptions {
  clock: Clock
  /** Asked at every request, so that changed numbers count at once. */
  budgets?: (() => LimitBudgets) | undefined
  /** For the budgets of sign-in. */
  keeper?: BudgetKeeper | undefined
}

export type Take = (key: string, budget: Budget) => Promise<LimitState>

const seconds = (ms: number): number => Math.ceil(Math.max(0, ms) / 1_000)

/** One budget: the rate, then the burst on top. */
export function createLimiter(name: string, first: Budget, clock: Clock, keeper?: BudgetKeeper): Take {
  const rate = new RateCounter({ name, allowance: first, clock, keeper })
  const onTop = new RateCounter({ name: `${name} burst`, allowance: { ...first, count: first.burst }, clock })
  const bursty = new BurstyRateLimiter(rate, onTop)

  return async (key, budget) => {
    rate.allow(budget)
    onTop.allow({ ...budget, count: budget.burst })
    const used = (result: RateLimiterRes, retryAfterS: number): LimitState => ({
      budget,
      remaining: result.remainingPoints,
      resetS: seconds(result.msBeforeNext),
      retryAfterS,
    })
    try {
      return used(await bursty.consume(key), 0)
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused
      return used(refused, Math.max(1, seconds(refused.msBeforeNext)))
    }
  }
}

/** Draft names of the IETF, which libraries know. */
export function limitHeaders({ budget, remaining, resetS }: LimitState): Record<string, string> {
  if (!budget) return {}
  const { count, perS, burst } = budget
  return {
    'RateLimit-Limit': String(count),
    'RateLimit-Remaining': String(remaining),
    'RateLimit-Reset': String(resetS),
    'RateLimit-Policy': `${count};w=${perS}${burst > 0 ? `;burst=${burst}` : ''}`,
  }
}

export const limitReached = (state: LimitState): LaresError =>
  new LaresError('too-many', `Too many requests. Try again in ${state.retryAfterS} s.`, {
    retryAfterS: state.retryAfterS,
  })

/** The tiers by name (SEC-C1): by account or key where there is one, else by address, and then all tiers together too. */
export function createRateLimits({ clock, budgets = () => limitBudgets(), keeper }: RateLimitOptions): RateLimits {
  const limiters = new Map<string, Take>()
  function takeFrom(name: string, key: string, budget: Budget): Promise<LimitState> {
    const limiter =
      limiters.get(name) ?? createLimiter(name, budget, clock, name.startsWith('login ') ? keeper : undefined)
    limiters.set(name, limiter)
    return limiter(key, budget)
  }

  return {
    async take(tier, { userId, address }) {
      const { enabled, tiers, anonymousOverall } = budgets()
      if (!enabled) return UNLIMITED
      const who: keyof TierBudgets = userId === null ? 'anonymous' : 'signedIn'
      const key = userId ?? budgetAddress(address)
      const own = await takeFrom(`${tier} ${who}`, key, tiers[tier][who])
      if (who === 'signedIn' || own.retryAfterS > 0) return own
      for (const budget of anonymousOverall) {
        const state = await takeFrom(`overall ${budget.perS}`, key, budget)
        if (state.retryAfterS > 0) return state
      }
      return own
    },
  }
}
