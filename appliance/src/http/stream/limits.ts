export const LONGEST_MESSAGE_BYTES = 4_096
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
