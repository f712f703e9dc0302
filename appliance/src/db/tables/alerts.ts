/** Browsers that asked for push. */
export interface PushTargetsTable {
  id: string
  user_id: string
  /** The sign-in that asked for it. When that ends on purpose, the alerts to this browser end with it. */
  session_id: string
  /** Scheme, name and port under which this browser reaches the box: where a tap leads. */
  origin: string
  /** Sealed (context `push:<id>`): whoever has it can try to send. */
  endpoint: string
  /** SHA-256 of the endpoint: the same browser subscribing again replaces its row. */
  endpoint_hash: string
  /** Sealed JSON {p256dh, auth}. */
  keys: string
  label: string
  created_at: number
  last_delivered_at: number | null
  /** Words for the owner while the last delivery failed. */
  problem: string | null
}

/** Letterbox of alerts: written with its cause in one transaction, emptied by the sender. One row per target. */
export interface OutboxTable {
  id: string
  target_id: string
  incident_id: string | null
  /** incident, test. */
  kind: string
  /** JSON of the push message. */
  payload: string
  /** very-low, low, normal, high. */
  urgency: string
  /** At most 32 characters: a later state of the same incident replaces an undelivered earlier one. */
  topic: string
  ttl_s: number
  /** queued, sent, failed, dropped. */
  state: string
  attempts: number
  next_try_at: number
  created_at: number
  sent_at: number | null
  /** Why it failed or was dropped. */
  reason: string | null
}
