import type { Incident, IncidentDetail, IncidentsQuery, IncidentsReply } from '../api/incidents.ts'
import type { ObjectClass } from '../api/common.ts'
import type { Point } from '../api/zones.ts'
import type { Part } from '../core/part.ts'
import type { Db, Trx } from '../db/database.ts'
import type { Route } from '../http/route.ts'
import type { Observation } from '../vision/types.ts'
import type { Adjustment, FeedbackQuestion } from './risk/types.ts'

/** The cameras whose incidents somebody may see; null: all (SEC-A10). */
export type VisibleCameras = ReadonlySet<string> | null

export type IncidentChange = 'opened' | 'updated' | 'closed'

/** Called inside the incident's own transaction: what it writes is committed with the incident or not at all. */
export type IncidentHook = (trx: Trx, change: IncidentChange, incident: Incident) => Promise<void>

export interface Incidents extends Part {
  readonly routes: readonly Route[]
  observe(observation: Observation): void
  /** Alerts register here; main.ts connects them. */
  addHook(hook: IncidentHook): void
  list(query: IncidentsQuery): Promise<IncidentsReply>
  get(id: string): Promise<IncidentDetail>
  /** Says in somebody's name that it was expected. Throws `not-found`. */
  markExpected(id: string, userId: string): Promise<void>
  /** Cameras where one is not over. */
  camerasWithIncident(): Promise<string[]>
  /** Where things stood on a camera in the last day: the foot of each of them, at most 2000. */
  footprints(cameraId: string): Promise<{ class: ObjectClass; at: Point }[]>
  /** JPEG of its best picture; null when there is none. */
  picture(id: string): Promise<Buffer | null>
  /** What people's marks have taught about this; null: nothing. For whoever judges incidents. */
  feedbackAdjustment(trx: Trx, asked: FeedbackQuestion): Promise<Adjustment | null>
  /** How many wait to be looked at, for whoever sees these cameras: the number on the app's icon. */
  countUnreviewed(db: Db, visible: VisibleCameras): Promise<number>
}

/** What incidents need of `media/`: names are relative to the media folder. */
export interface IncidentMedia {
  readonly folder: {
    path(name: string): string
    write(name: string, content: Uint8Array): Promise<void>
    remove(name: string): Promise<void>
  }
  encodeJpeg(frame: Observation['frame']): Promise<Buffer>
  isDiskLow(): boolean
  freeBytes(): Promise<number>
}
