import type { LimitTier } from './route.ts'

/** `count` requests in any window of `perS` seconds that begins with a client's first request. */
export interface Allowance {
  readonly count: number
  readonly perS: number
}

export interface Budget extends Allowance {
  /** How many more may come on top, once in a while (as often as the window). */
  readonly burst: number
}

export interface TierBudgets {
  /** Per client address. */
  readonly anonymous: Budget
  /** Per account or API key. Large enough that the app, however many cameras it shows, never limits itself. */
  readonly signedIn: Budget
}

export type LimitTable = Readonly<Record<LimitTier, TierBudgets>>

export interface LimitBudgets {
  /** False: nothing is limited (the growing delays of sign-in stay). */
  readonly enabled: boolean
  readonly tiers: LimitTable
  /** Everything an anonymous address may ask for, all tiers together. */
  readonly anonymousOverall: readonly Budget[]
}

/** Remembers budgets across restarts: those of sign-in. Neither may throw: a full disk is no reason to lock people out. */
export interface BudgetKeeper {
  read(key: string): Promise<{ points: number; expiresAt: number } | null>
  write(key: string, used: { points: number; expiresAt: number }): Promise<void>
}

const perMinute = (count: number, burst = 0): Budget => ({ count, perS: 60, burst })
const perHour = (count: number): Budget => ({ count, perS: 3_600, burst: 0 })

/** What an owner may change (`RATE_LIMIT_*`), all of it about clients that are not signed in. */
export interface LimitNumbers {
  readonly enabled: boolean
  readonly requestsPerMinute: number
  readonly burst: number
  readonly mediaRequestsPerMinute: number
  readonly searchRequestsPerMinute: number
  readonly webSocketConnectionsPerMinute: number
}

/** The numbers of the security specification (SEC-C1). */
export const USUAL_NUMBERS: LimitNumbers = {
  enabled: true,
  requestsPerMinute: 60,
  burst: 10,
  mediaRequestsPerMinute: 120,
  searchRequestsPerMinute: 30,
  webSocketConnectionsPerMinute: 10,
}

/** Signed-in budgets grow with the anonymous ones, and never shrink below what the app needs. */
const forPeople = (count: number, usual: number, times: number, burst = 0): Budget =>
  perMinute(Math.max(count, usual) * times, burst)

/** All budgets, out of the numbers that an owner may change. */
export function limitBudgets(numbers: LimitNumbers = USUAL_NUMBERS): LimitBudgets {
  const { requestsPerMinute: general, burst, mediaRequestsPerMinute: media } = numbers
  const { searchRequestsPerMinute: search, webSocketConnectionsPerMinute: stream } = numbers
  // Whoever raises one tier wants it to be of use: the overall budget must not take it back.
  const raised = Math.max(1, general / USUAL_NUMBERS.requestsPerMinute, media / USUAL_NUMBERS.mediaRequestsPerMinute)
  return {
    enabled: numbers.enabled,
    tiers: {
      general: { anonymous: perMinute(general, burst), signedIn: forPeople(general, 60, 20, 300) },
      media: { anonymous: perMinute(media), signedIn: forPeople(media, 120, 100) },
      search: { anonymous: perMinute(search), signedIn: forPeople(search, 30, 10) },
      stream: { anonymous: perMinute(stream), signedIn: forPeople(stream, 10, 12) },
      devices: { anonymous: perMinute(10), signedIn: perMinute(240, 60) },
      login: { anonymous: perMinute(5), signedIn: perMinute(5) },
      costly: { anonymous: perMinute(5), signedIn: perMinute(30, 10) },
      exports: { anonymous: perHour(10), signedIn: perHour(10) },
    },
    anonymousOverall: [perMinute(Math.floor(100 * raised)), perHour(Math.floor(1_000 * raised))],
  }
}

/** The usual tiers, for tests and the reference. */
export const LIMIT_TIERS: LimitTable = limitBudgets().tiers
