import type { Clock } from '../../core/clock.ts'

export const LONGEST_MESSAGE_BYTES = 4_096
/** The app says something every 20 seconds, and a few words after each reconnect. */
export const MOST_MESSAGES = { count: 60, perMs: 10_000 } as const
/** More than this unsent means the phone is not reading. */
export const MOST_WAITING_BYTES = 1_048_576
export const MOST_CONNECTIONS_PER_USER = 10
export const BEAT_MS = 20_000

/** WebSocket close codes (4000–4999 are ours). After 4001 the app goes to the sign-in page. */
export const CLOSE_CODES = {
  stopping: 1001,
  badMessage: 1008,
  sessionEnded: 4001,
  tooMany: 4002,
  tooSlow: 4003,
} as const

/** True while one connection says no more than it may: windows of its own, no timers (SEC-C9). */
export function createMessageLimit(clock: Clock): () => boolean {
  let window = { endsAt: 0, count: 0 }
  return () => {
    const now = clock.monotonic()
    if (now >= window.endsAt) window = { endsAt: now + MOST_MESSAGES.perMs, count: 0 }
    window.count += 1
    return window.count <= MOST_MESSAGES.count
  }
}
