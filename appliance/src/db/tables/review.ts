import type { Generated } from 'kysely'

/** Something that somebody did to the review of one or many incidents, so that it can be taken back. */
export interface ReviewActsTable {
  id: string
  at: number
  user_id: string
  undone_at: Generated<number | null>
}

export interface ReviewChangesTable {
  act_id: string
  incident_id: string
  /** JSON {feedback, reviewedAt, reviewedBy, starred, notes}. */
  before: string
  after: string
  /** `review_count` of the incident then: as long as it is that, nobody has changed it since. */
  count_after: number
}

/** From when on marks count again, for one pattern; `*` for all. */
export interface FeedbackResetsTable {
  pattern: string
  at: number
}

/** Kept by triggers. */
export interface IncidentCountsTable {
  camera_id: string
  /** Camera of the visit that these carry on; empty where they began it. */
  first_camera_id: string
  unreviewed: number
}

/** FTS5, without content: the row id is the incident's place. Only written and matched, never read. */
export interface IncidentSearchTable {
  rowid: number
  text: string
}

/** Every word that was ever put into the index, to find what begins like the one that is being typed. */
export interface IncidentWordsTable {
  word: string
}

/** Incidents whose words have changed since they were last put into the index. */
export interface IncidentSearchDueTable {
  place: number
}
