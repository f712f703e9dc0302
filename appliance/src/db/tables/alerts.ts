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
  /** When this browser last said that it showed something. */
  last_shown_at: number | null
  /** Words for the owner while the last delivery failed. */
  problem: string | null
}

/** What is told, once. Its rows in the outbox say to whom. */
export interface AlertNoticesTable {
  id: string
  /** `incident:<id>`, `health:<code>[:<camera>]`: one visible notification each. */
  tag: string
  /** incident, health. */
  kind: string
  state: string
  incident_id: string | null
  camera_id: string | null
  code: string | null
  rule_id: string | null
  reason: string
  title: string
  body: string
  /** normal, high, critical. */
  urgency: string
  ttl_s: number
  picture_incident_id: string | null
  light_plug_id: string | null
  /** What somebody needs to be told. */
  permission: string
  created_at: number
}

/** Letterbox of alerts: written with its cause in one transaction, emptied by the sender. One row per target. */
export interface OutboxTable {
  id: string
  notice_id: string
  /** push, email, webhook, mqtt, ntfy. */
  channel: string
  /** The target within its channel: id of the browser, id of the person, or empty. */
  target_key: string
  /** The browser; null for other channels, and once it is forgotten. */
  target_id: string | null
  /** Whom it tells; null where a machine is told. */
  user_id: string | null
  /** On whose behalf the actions of this notice are done. */
  acts_as: string | null
  /** The phone, address or program, as it was called then. */
  label: string
  /** JSON list: expected, snooze, light. */
  actions: string
  /** At most 32 characters: a later state of the same subject replaces an undelivered earlier one. */
  topic: string
  /** queued, sent, failed, dropped, replaced, snoozed. */
  state: string
  attempts: number
  next_try_at: number
  expires_at: number
  created_at: number
  sent_at: number | null
  shown_at: number | null
  opened_at: number | null
  acted_at: number | null
  acted: string | null
  /** Why it failed, was dropped, or waits. */
  reason: string | null
}

/** How each way out is set up. */
export interface AlertChannelsTable {
  /** email, webhook, mqtt, ntfy. */
  id: string
  enabled: 0 | 1
  /** JSON. */
  settings: string
  /** Sealed JSON (context `channel:<id>`). */
  secrets: string | null
  changed_by: string | null
  changed_at: number
  last_sent_at: number | null
  problem: string | null
}

/** Somebody wants to hear nothing of one camera for a while. */
export interface AlertSnoozesTable {
  user_id: string
  /** Empty: everything without a camera. */
  camera_id: string
  until: number
}
