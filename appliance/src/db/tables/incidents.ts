import type { Generated } from 'kysely'

/** One visit of something that matters, from first confirmed track to 30 s of quiet. */
export interface IncidentsTable {
  id: string
  camera_id: string
  /** Kept so that the list still reads well after a camera is renamed or removed. */
  camera_name: string
  /** open, closed. */
  state: string
  opened_at: number
  last_seen_at: number
  closed_at: number | null
  /** JSON list of {class, count, bestScore}. */
  classes: string
  /** JSON {file, width, height, takenAt, boxes} of the best picture; file is relative to the media folder. */
  snapshot: string | null
  /** recording, ready, missing. */
  clip_state: string
  /** JSON {file, startsAt, durationMs} when ready, {reason} when missing. */
  clip: string | null
  /** expected, false, threat, unsure. */
  feedback: string | null
  reviewed_at: number | null
  reviewed_by: string | null
  /** Id of the incident that began the visit; null for that one itself. */
  part_of: string | null
  /** Of the visit's later parts, written into the row of its first; null when there are none. */
  visit_last_seen_at: number | null
  /** 1 while a later part of the visit goes on. */
  visit_open: Generated<0 | 1>
  /** confirmed, rejected, uncertain, could-not-look. */
  verdict: Generated<string>
  /** 0–100; null: it could not be judged. */
  risk_score: number | null
  starred: Generated<0 | 1>
  notes: Generated<string>
  /** Counts changes of the review. */
  review_count: Generated<number>
  /** In the one order of all lists: 64 to each second since 1970. Given by a trigger; never null once written. */
  place: Generated<number | null>
  /** JSON list of {id, name, kind, stayedMs}: zones that were entered. */
  zones: Generated<string>
}

/** What was followed during an incident. */
export interface IncidentTracksTable {
  id: string
  incident_id: string
  class: string
  first_seen_at: number
  last_seen_at: number
  /** Thousandths. */
  best_score_milli: number
  /** JSON list of [at, x, y, width, height] in ten-thousandths of the picture. */
  path: string
  /** JSON list of its stays in zones and ways across lines, oldest first. */
  zones: Generated<string>
}
