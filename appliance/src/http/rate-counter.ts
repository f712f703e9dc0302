/// <reference path="./rate-limiter-store.d.ts" />
import { RateLimiterRes } from 'rate-limiter-flexible'
import RateLimiterStore from 'rate-limiter-flexible/lib/RateLimiterStoreAbstract.js'
import type { Clock } from '../core/clock.ts'
import type { Allowance, BudgetKeeper } from './rate-budgets.ts'

/** More clients at once than any home has: a flood of addresses pushes out the oldest, memory stays bounded. */
export const MOST_KEYS = 20_000

/** What one client has used since its window began. */
interface Window {
  points: number
  /** Monotonic milliseconds. */
  endsAt: number
  isNew: boolean
}

export interface RateCounterOptions {
  /** Unique among all counters: what a keeper remembers it by. */
  name: string
  allowance: Allowance
  clock: Clock
  /** Remembers across restarts. */
  keeper?: BudgetKeeper | undefined
  mostKeys?: number
}

/**
 * The library decides, this keeps its numbers: on our clock (which never jumps), without a timer per client, and bounded.
 * What a keeper remembers is read when a client is first seen and written before its request goes on.
 */
export class RateCounter extends RateLimiterStore {
  readonly #clock: Clock
  readonly #keeper: BudgetKeeper | undefined
  readonly #mostKeys: number
  /** All windows last equally long and begin at the end of the map: the first one is the oldest. */
  readonly #windows = new Map<string, Window>()
  readonly #reading = new Map<string, Promise<void>>()

  constructor({ name, allowance, clock, keeper, mostKeys = MOST_KEYS }: RateCounterOptions) {
    super({ keyPrefix: name, points: allowance.count, duration: allowance.perS, storeClient: null })
    this.#clock = clock
    this.#keeper = keeper
    this.#mostKeys = mostKeys
  }

  /** How many clients are remembered. */
  get size(): number {
    return this.#windows.size
  }

  /** Other numbers from now on; what was used stays used. */
  allow({ count }: Allowance): void {
    if (this.points !== count) this.points = count
  }

  /** Called by the library for every request. */
  async _upsert(key: string, points: number, durationMs: number): Promise<Window> {
    if (this.#keeper && !this.#open(key)) await this.#recall(key, this.#keeper, durationMs)
    const used = this.#count(key, points, durationMs)
    // What is refused anyway is not worth a write each time.
    if (this.#keeper && used.points <= this.points + 1) {
      const expiresAt = this.#clock.now() + used.endsAt - this.#clock.monotonic()
      await this.#keeper.write(key, { points: used.points, expiresAt })
    }
    return used
  }

  /** Called by the library with what `_upsert` gave. */
  _getRateLimiterRes(_key: string, _points: number, { points, endsAt, isNew }: Window): RateLimiterRes {
    return new RateLimiterRes(Math.max(0, this.points - points), endsAt - this.#clock.monotonic(), points, isNew)
  }

  #open(key: string): Window | undefined {
    const window = this.#windows.get(key)
    return window && window.endsAt > this.#clock.monotonic() ? window : undefined
  }

  #count(key: string, points: number, durationMs: number): Window {
    const open = this.#open(key)
    const endsAt = open?.endsAt ?? this.#clock.monotonic() + durationMs
    const window: Window = { points: (open?.points ?? 0) + points, endsAt, isNew: open === undefined }
    this.#keep(key, window)
    return window
  }

  #keep(key: string, window: Window): void {
    if (window.isNew) this.#windows.delete(key)
    this.#windows.set(key, window)
    const [oldest] = this.#windows.keys()
    if (this.#windows.size > this.#mostKeys && oldest !== undefined) this.#windows.delete(oldest)
  }

  #recall(key: string, keeper: BudgetKeeper, durationMs: number): Promise<void> {
    const reading = this.#reading.get(key) ?? this.#read(key, keeper, durationMs)
    this.#reading.set(key, reading)
    return reading
  }

  async #read(key: string, keeper: BudgetKeeper, durationMs: number): Promise<void> {
    try {
      const kept = await keeper.read(key)
      // A clock that was set back must not make a minute last for years.
      const leftMs = kept ? Math.min(durationMs, kept.expiresAt - this.#clock.now()) : 0
      if (!kept || leftMs <= 0 || this.#open(key)) return
      this.#keep(key, { points: kept.points, endsAt: this.#clock.monotonic() + leftMs, isNew: true })
    } finally {
      this.#reading.delete(key)
    }
  }
}
