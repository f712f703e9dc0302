/** No stream is called silent sooner: Wi-Fi has its hiccups. */
const LEAST_MS = 800
const MOST_MS = 8_000
/** So many times the longest usual pause is out of the ordinary. */
const UNUSUAL = 2.5
/** With each picture the longest pause counts a little less: after ten seconds at five a second a third is left. */
const FADES = 0.98
/** After so long without a restart a stream is trusted as at first. */
const CALM_MS = 10 * 60_000

/**
 * How long a stream of pictures may be silent before it is begun anew: measured on the stream itself, and twice as long after
 * each time that it was begun anew, so that a camera with a poor connection is not cut off again and again.
 */
export class Patience {
  #usualGapMs = 0
  #lastAtMs: number | null = null
  #restarts = 0
  #isSpent = false
  #restartedAtMs = 0

  /** A picture came. */
  saw(nowMs: number): void {
    if (this.#isSpent) this.#countRestart(nowMs)
    const gapMs = this.#lastAtMs === null ? 0 : nowMs - this.#lastAtMs
    this.#usualGapMs = Math.max(gapMs, this.#usualGapMs * FADES)
    this.#lastAtMs = nowMs
  }

  /** A new connection: the pause before its first picture says nothing. */
  beginAnew(): void {
    this.#lastAtMs = null
  }

  /** The stream is begun anew for its silence: there is more patience from its next picture on, not during this silence. */
  spent(): void {
    this.#isSpent = true
  }

  limitMs(nowMs: number): number {
    const restarts = this.#isCalm(nowMs) ? 0 : this.#restarts
    return Math.min(MOST_MS, Math.max(LEAST_MS, this.#usualGapMs * UNUSUAL) * 2 ** restarts)
  }

  #countRestart(nowMs: number): void {
    this.#restarts = this.#isCalm(nowMs) ? 1 : this.#restarts + 1
    this.#restartedAtMs = nowMs
    this.#isSpent = false
  }

  #isCalm(nowMs: number): boolean {
    return nowMs - this.#restartedAtMs > CALM_MS
  }
}

/** Silence, counted in looks: a time in which this program itself stood still is no silence of a camera. */
export class SilenceCount {
  readonly #mostPerLookMs: number
  #silentMs = 0
  #lookedAtMs: number

  /** `lookEveryMs`: what lies between two looks may count at most twice of it. */
  constructor(nowMs: number, lookEveryMs: number) {
    this.#lookedAtMs = nowMs
    this.#mostPerLookMs = lookEveryMs * 2
  }

  /** `lastSignAtMs`: when the last picture came. Returns the silence so far. */
  look(nowMs: number, lastSignAtMs: number): number {
    const passedMs = Math.min(nowMs - this.#lookedAtMs, this.#mostPerLookMs)
    this.#silentMs = Math.min(this.#silentMs + passedMs, nowMs - lastSignAtMs)
    this.#lookedAtMs = nowMs
    return this.#silentMs
  }
}
