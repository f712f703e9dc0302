import type { Incident, IncidentDetail, IncidentsQuery, IncidentsReply } from '../api/incidents.ts'
import { LaresError } from '../core/errors.ts'
import type { Database } from '../db/index.ts'
import type { FileReply } from '../http/route.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { describeIncident } from './open-incident.ts'
import { countUnreviewed, findIncident, findTracks, listIncidents, type StoredIncident } from './store.ts'
import type { IncidentMedia } from './types.ts'

/** What can be asked about incidents. Everything throws `not-found` for an incident that is not there. */
export interface IncidentReading {
  list(query: IncidentsQuery): Promise<IncidentsReply>
  get(id: string): Promise<IncidentDetail>
  find(id: string): Promise<Incident>
  snapshot(id: string): Promise<FileReply>
  clip(id: string): Promise<FileReply>
}

const KEPT_BY_BROWSERS_S = 3_600

export function createReading({ database, media }: { database: Database; media: IncidentMedia }): IncidentReading {
  const describe = (stored: StoredIncident): Incident => describeIncident(stored, stored.closedAt, stored)

  async function mustFind(id: string): Promise<StoredIncident> {
    const stored = await findIncident(database.reader, id)
    if (!stored) throw new LaresError('not-found', 'There is no such incident.')
    return stored
  }

  const file = (name: string, contentType: string): FileReply => {
    return { kind: 'file', path: media.folder.path(name), contentType, cacheS: KEPT_BY_BROWSERS_S }
  }

  return {
    async list(query) {
      const before = query.cursor === undefined ? null : decodeCursor(query.cursor)
      // One more than asked tells whether there is a next page.
      const page = await listIncidents(database.reader, { ...query, before, limit: query.limit + 1 })
      const shown = page.slice(0, query.limit)
      const last = page.length > query.limit ? shown.at(-1) : undefined
      const unreviewed = await countUnreviewed(database.reader)
      return { incidents: shown.map(describe), nextCursor: last ? encodeCursor(last) : null, unreviewed }
    },
    async get(id) {
      return { ...describe(await mustFind(id)), tracks: await findTracks(database.reader, id) }
    },
    find: async (id) => describe(await mustFind(id)),
    async snapshot(id) {
      const { snapshot } = await mustFind(id)
      if (!snapshot) throw new LaresError('not-found', 'This incident has no picture.')
      return file(snapshot.file, 'image/jpeg')
    },
    async clip(id) {
      const { clip } = await mustFind(id)
      if (clip.state === 'recording') throw new LaresError('not-found', 'The clip is still being recorded.')
      if (clip.state === 'missing') throw new LaresError('not-found', clip.reason)
      return file(clip.file, 'video/mp4')
    },
  }
}
