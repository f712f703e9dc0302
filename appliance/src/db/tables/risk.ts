/** How an incident was judged: by the rules in its own transaction, later perhaps by a language model. */
export interface IncidentAssessmentsTable {
  incident_id: string
  /** rules, language. */
  by: string
  at: number
  /** Of this incident alone; the first of a visit shows the gravest of all its parts. */
  verdict: string
  score: number | null
  rules_score: number | null
  rules_verdict: string
  /** JSON list of {code, words, points}. */
  rules_factors: string
  /** JSON of what the rules looked at (SceneFacts); null when it could not be gathered. */
  facts: string | null
  /** off, waiting, answered, failed. */
  language_state: string
  /** Epoch milliseconds from which the language model is asked; null when it is not to be. */
  language_due_at: number | null
  language_tries: number
  /** What the rules said when the language model was last asked. */
  asked_score: number | null
  /** JSON of the opinion and of where it comes from. */
  language: string | null
  /** JSON {promptVersion, system, text, pictureSent}: exactly what was sent. */
  prompt: string | null
}

/** A plug when the incident began, and whenever it changed while the incident lasted. */
export interface IncidentPlugsTable {
  incident_id: string
  at: number
  plug_id: string
  name: string
  is_on: 0 | 1
  power_mw: number | null
}

/** Visits on one weekday in one hour, with what is older counting less. */
export interface ActivityBaselinesTable {
  camera_id: string
  /** '': the camera as a whole. */
  zone_id: string
  class: string
  /** 0 is Monday. */
  weekday: number
  /** 0–23, of the home's time zone. */
  hour: number
  /** Thousandths, as of `updated_at`. */
  visits_milli: number
  updated_at: number
}

export interface ActivitySinceTable {
  camera_id: string
  since: number
}

/** Who or what is expected, and when. */
export interface ExpectationsTable {
  id: string
  name: string
  /** household, visitor, vehicle, animal. */
  who: string
  /** JSON list. */
  classes: string
  /** JSON list; null for every camera. */
  cameras: string | null
  /** JSON list of numbers, 0 is Monday. */
  weekdays: string
  from_minute: number
  to_minute: number
  enabled: 0 | 1
  created_at: number
}
