import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../../appliance/src/core/clock.ts'

interface Timer {
  dueAt: number
  order: number
  run: () => void
}

/** A clock that a test owns: time moves only by `advance`. Starts at 2026-07-01T12:00:00Z unless told. */
export interface FakeClock extends Clock {
  /** Moves time, running every timer that falls due, in order; promises and quick I/O settle between them. */
  advance(ms: number): Promise<void>
  /** Jumps the wall clock only, as a person or NTP setting it does: no timer runs, `monotonic` stays. */
  setWallClock(epochMs: number): void
  /** Timers that wait, with the milliseconds until each is due. */
  pending(): number[]
}

const DEFAULT_START_MS = Date.UTC(2026, 6, 1, 12)
const SETTLING_TURNS = 4

/** Lets what is already resolvable run: promise callbacks and I/O that is ready. */
export async function settle(turns = SETTLING_TURNS): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await nextTurn()
}

export function createFakeClock(startMs = DEFAULT_START_MS): FakeClock {
  let elapsedMs = 0
  let wallOffsetMs = startMs
  let orders = 0
  const timers = new Set<Timer>()

  function nextDue(untilMs: number): Timer | undefined {
    const due = [...timers].filter((timer) => timer.dueAt <= untilMs)
    return due.sort((a, b) => a.dueAt - b.dueAt || a.order - b.order)[0]
  }

  return {
    now: () => wallOffsetMs + elapsedMs,
    monotonic: () => elapsedMs,
    after(delayMs, run) {
      const timer: Timer = { dueAt: elapsedMs + Math.max(0, delayMs), order: orders++, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    async advance(ms) {
      const untilMs = elapsedMs + ms
      await settle()
      for (let timer = nextDue(untilMs); timer; timer = nextDue(untilMs)) {
        timers.delete(timer)
        elapsedMs = Math.max(elapsedMs, timer.dueAt)
        timer.run()
        await settle()
      }
      elapsedMs = untilMs
      await settle()
    },
    setWallClock(epochMs) {
      wallOffsetMs = epochMs - elapsedMs
    },
    pending: () => [...timers].map((timer) => timer.dueAt - elapsedMs).sort((a, b) => a - b),
  }
}
