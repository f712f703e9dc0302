import type { Clock } from '../../core/clock.ts'
import { failure } from './failures.ts'
import type { LoginGuard } from './types.ts'

const FIRST_PAUSE_MS = 3_000
const LONGEST_PAUSE_MS = 300_000

/** Nobody knows whether plugs lock out who fails too often; cameras do. So: 3 s after the first failure, doubled to 5 min. */
export function createLoginGuard(clock: Clock): LoginGuard {
  let pauseMs = 0
  let notBefore = -Infinity
  return {
    check() {
      const waitMs = notBefore - clock.monotonic()
      if (waitMs > 0) throw failure.loginPaused(Math.ceil(waitMs / 1000))
    },
    failed() {
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs === 0 ? FIRST_PAUSE_MS : pauseMs * 2)
      notBefore = clock.monotonic() + pauseMs
    },
    succeeded() {
      pauseMs = 0
      notBefore = -Infinity
    },
  }
}
