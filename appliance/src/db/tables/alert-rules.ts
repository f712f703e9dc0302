/** Who chose which mode of the home, and when it comes into force. The newest that is in force and not cancelled holds. */
export interface ModeChangesTable {
  id: string
  /** Counts up: clocks jump, and two can fall into one millisecond. */
  turn: number
  /** home, away, night, disarmed. */
  mode: string
  requested_at: number
  /** Later than `requested_at` by the exit delay. */
  effective_at: number
  cancelled_at: number | null
  /** tap, schedule, presence, program. */
  cause: string
  user_id: string | null
  user_name: string | null
}

/** By what it is known who is home. */
export interface PresenceDevicesTable {
  id: string
  user_id: string
  /** wifi, geofence. */
  kind: string
  label: string
  /** Of wifi. */
  address: string | null
  /** home, away, unknown. */
  state: string
  state_since: number | null
  seen_at: number | null
  created_at: number
}

export interface AlertRulesTable {
  id: string
  enabled: 0 | 1
  /** JSON of `AlertRuleBody`. */
  definition: string
  created_at: number
  updated_at: number
}

/** What came of a rule for an incident: a row whenever that changed. */
export interface AlertDecisionsTable {
  id: string
  incident_id: string
  camera_id: string
  rule_id: string
  /** The rule as it was then. */
  rule_words: string
  at: number
  /** told, held, not-told. */
  outcome: string
  code: string
  reason: string
  /** Of a held one: when it is looked at again. */
  until: number | null
  /** JSON list. */
  classes: string
  /** null: the risk could not be judged. */
  band: string | null
  verdict: string
  /** JSON list of user ids. */
  people: string
  /** JSON list. */
  channels: string
}

/** Notices of the box that people were told about, until they were told that it is over. */
export interface ToldNoticesTable {
  code: string
  title: string
  since: number
  told_at: number
}

/** Plugs that somebody wants to hear of when they stop drawing power. */
export interface PlugWatchesTable {
  plug_id: string
  min_power_mw: number
  after_ms: number
  /** When it last drew that much, as far as is known. */
  drew_at: number
}

/** One row: the box's last sign of life. */
export interface LifelineTable {
  id: number
  alive_at: number
  stopped_clean: 0 | 1
}
