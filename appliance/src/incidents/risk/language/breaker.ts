export type BreakerState = 'closed' | 'open' | 'half-open'

const FAILURES_TO_OPEN = 5
const OPEN_MS = 60_000

/**
 * Leaves a server in peace that does not answer: after five failures in a row nothing is asked for a minute, then one
 * question decides. Times of the clock that never jumps.
 */
export class Breaker {
  #failures = 0
  #openedAtMs: number | null = null
  #isProbing = false

  state(nowMs: number): BreakerState {
    if (this.#openedAtMs === null) return 'closed'
    return nowMs - this.#openedAtMs < OPEN_MS ? 'open' : 'half-open'
  }

  /** May be asked now? In half-open only one question goes out. */
  tryPass(nowMs: number): boolean {
    const state = this.state(nowMs)
    if (state === 'closed') return true
    if (state === 'open' || this.#isProbing) return false
    this.#isProbing = true
    return true
  }

  succeeded(): void {
    this.#failures = 0
    this.#openedAtMs = null
    this.#isProbing = false
  }

  failed(nowMs: number): void {
    this.#failures += 1
    if (this.#isProbing || this.#failures >= FAILURES_TO_OPEN) this.#openedAtMs = nowMs
    this.#isProbing = false
  }

  /** Neither: the question itself was at fault, or the answer was slow. */
  undecided(): void {
    this.#isProbing = false
  }

  /** Milliseconds until something may be asked again; 0 when it may be now. */
  waitMs(nowMs: number): number {
    return this.#openedAtMs === null ? 0 : Math.max(0, this.#openedAtMs + OPEN_MS - nowMs)
  }
}
