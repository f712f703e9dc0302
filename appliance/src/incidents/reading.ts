import { readFile } from 'node:fs/promises'
import type { Incident, IncidentDetail, IncidentPart, IncidentsQuery, IncidentsReply } from '../api/incidents.ts'
import type { Assessment } from '../api/risk.ts'
import { LaresError } from '../core/errors.ts'
import type { Database, Db } from '../db/index.ts'
import type { FileReply } from '../http/route.ts'
import { describeIncident } from './open-incident.ts'
import { findAssessment, plugsOf } from './risk/assessment-store.ts'
import { combine } from './risk/combine.ts'
import { opinionAsShown } from './risk/language/outcome.ts'
import { countUnreviewed } from './search/search-store.ts'
import { decodeCursor, encodeCursor, findIncidents, isBeingPrepared } from './search/search.ts'
import { findIncident, findParts, findTracks, type StoredIncident } from './store.ts'
import type { IncidentMedia, VisibleCameras } from './types.ts'

/**
 * What can be asked about incidents, by somebody who may see these cameras. Everything throws `not-found` for an incident
 * that is not there, and for one that they may not see.
 */
export interface IncidentReading {
  list(query: IncidentsQuery, visible: VisibleCameras): Promise<IncidentsReply>
  get(id: string, visible: VisibleCameras): Promise<IncidentDetail>
  find(id: string, visible: VisibleCameras): Promise<Incident>
  snapshot(id: string, visible: VisibleCameras): Promise<FileReply>
  clip(id: string, visible: VisibleCameras): Promise<FileReply>
  /** The bytes of its best picture; null when there is none. For the box itself. */
  picture(id: string): Promise<Buffer | null>
}

const KEPT_BY_BROWSERS_S = 3_600

const maySee = ({ camera }: StoredIncident, visible: VisibleCameras): boolean =>
  visible === null || visible.has(camera.id)

function asPart({
  id,
  camera,
  state,
  openedAt,
  lastSeenAt,
  classes,
  zones,
  snapshot,
  clip,
  risk,
}: Incident): IncidentPart {
  return { id, camera, state, openedAt, lastSeenAt, classes, zones, snapshot, clip, risk }
}

async function readList(reader: Db, query: IncidentsQuery, visible: VisibleCameras): Promise<IncidentsReply> {
  const before = query.cursor === undefined ? null : decodeCursor(query.cursor)
  // One more than asked tells whether there is a next page.
  const page = await findIncidents(reader, query, visible, { before, limit: query.limit + 1 })
  const shown = page.slice(0, query.limit)
  const last = page.length > query.limit ? shown.at(-1) : undefined
  return {
    incidents: shown.map((stored) => describeIncident(stored, stored)),
    nextCursor: last ? encodeCursor(last.place) : null,
    unreviewed: await countUnreviewed(reader, visible),
    preparing: await isBeingPrepared(reader),
  }
}

export function createReading({ database, media }: { database: Database; media: IncidentMedia }): IncidentReading {
  const describe = (stored: StoredIncident): Incident => describeIncident(stored, stored)

  async function mustFind(id: string, visible: VisibleCameras): Promise<StoredIncident> {
    const stored = await findIncident(database.reader, id)
    if (stored && maySee(stored, visible)) return stored
    throw new LaresError('not-found', 'There is no such incident.')
  }

  /** The assessment of the gravest part: the one that the visit's score comes from. */
  async function gravest(ids: readonly string[]): Promise<Assessment | null> {
    let found: { score: number; assessment: Assessment } | null = null
    for (const id of ids) {
      const stored = await findAssessment(database.reader, id)
      if (!stored) continue
      const { score, factors } = combine(stored.rules, stored.language.stored?.opinion ?? null)
      const by = stored.language.stored?.opinion && score !== null ? 'language' : 'rules'
      const assessment: Assessment = { by, at: stored.at, factors, language: opinionAsShown(stored.language) }
      if (!found || (score ?? -1) > found.score) found = { score: score ?? -1, assessment }
    }
    return found?.assessment ?? null
  }

  const file = (name: string, contentType: string): FileReply => {
    return { kind: 'file', path: media.folder.path(name), contentType, cacheS: KEPT_BY_BROWSERS_S }
  }

  return {
    list: (query, visible) => readList(database.reader, query, visible),
    async get(id, visible) {
      const found = describe(await mustFind(id, visible))
      const tracks = await findTracks(database.reader, id)
      const dwellMs = Math.max(0, ...tracks.map((track) => track.lastSeenAt - track.firstSeenAt))
      const parts = (await findParts(database.reader, id)).filter((part) => maySee(part, visible)).map(describe)
      const plugs = await plugsOf(database.reader, id)
      const ids = [id, ...parts.map((part) => part.id)]
      return { ...found, tracks, dwellMs, parts: parts.map(asPart), plugs, assessment: await gravest(ids) }
    },
    find: async (id, visible) => describe(await mustFind(id, visible)),
    async snapshot(id, visible) {
      const { snapshot } = await mustFind(id, visible)
      if (!snapshot) throw new LaresError('not-found', 'This incident has no picture.')
      return file(snapshot.file, 'image/jpeg')
    },
    async clip(id, visible) {
      const { clip } = await mustFind(id, visible)
      if (clip.state === 'recording') throw new LaresError('not-found', 'The clip is still being recorded.')
      if (clip.state === 'missing') throw new LaresError('not-found', clip.reason)
      return file(clip.file, 'video/mp4')
    },
    async picture(id) {
      const snapshot = (await findIncident(database.reader, id))?.snapshot
      // A better one may take its place just now: who tells of it goes without.
      return snapshot ? readFile(media.folder.path(snapshot.file)).catch(() => null) : null
    },
  }
}
