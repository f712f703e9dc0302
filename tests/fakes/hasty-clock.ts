import { systemClock, type Clock } from '../../appliance/src/core/clock.ts'

/** A clock that runs `factor` times as fast as the real one: what takes a home seconds takes a test milliseconds. */
export function createHastyClock(factor: number): Clock {
  const startedAt = systemClock.now()
  const started = systemClock.monotonic()
  const elapsed = (): number => (systemClock.monotonic() - started) * factor
  return {
    now: () => Math.floor(startedAt + elapsed()),
    monotonic: elapsed,
    after: (delayMs, run) => systemClock.after(delayMs / factor, run),
  }
}
