import type { Incident, IncidentDetail, IncidentsQuery, IncidentsReply } from '../api/incidents.ts'
import type { Cameras } from '../cameras/index.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { supervise } from '../core/supervise.ts'
import type { Database } from '../db/index.ts'
import type { Events } from '../events.ts'
import type { FileReply } from '../http/route.ts'
import type { Recording } from '../recording/index.ts'
import type { Settings } from '../settings/index.ts'
import { createClipMaker } from './clip-maker.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { freeSpace } from './free-space.ts'
import { createKeeper } from './keeper.ts'
import { describeIncident, type OpenIncident } from './open-incident.ts'
import { incidentRoutes } from './routes.ts'
import { idleCloseS } from './settings.ts'
import {
  countUnreviewed,
  findIncident,
  findTracks,
  incidentsWithoutClip,
  listIncidents,
  openIncidents,
  type StoredIncident,
} from './store.ts'
import type { IncidentHook, IncidentMedia, Incidents } from './types.ts'
import { createIncidentWriter } from './writer.ts'

export { incidentSettings } from './settings.ts'
export type { IncidentChange, IncidentHook, IncidentMedia, Incidents } from './types.ts'

const TICK_MS = 1_000
const FREE_SPACE_EVERY_MS = 30_000

export interface IncidentsDeps {
  database: Database
  recording: Pick<Recording, 'cutClip'>
  cameras: Pick<Cameras, 'peek'>
  media: IncidentMedia
  settings: Settings
  clock: Clock
  log: Log
  bus: Bus<Events>
}

export function createIncidents(deps: IncidentsDeps): Incidents {
  const { database, recording, cameras, media, settings, clock, log, bus } = deps
  const hooks: IncidentHook[] = []
  const writer = createIncidentWriter({ database, bus, log, media, hooks })
  const clips = createClipMaker({ recording, writer, clock, log })
  const keeper = createKeeper({
    ...{ clock, log, writer, clips },
    camera: (id) => cameras.peek(id),
    idleCloseMs: () => settings.get(idleCloseS) * 1_000,
  })
  let stopListening = (): void => undefined
  const ticking = supervise({ name: 'incidents', clock, log, pauseMs: TICK_MS, runOnce: async () => keeper.tick() })
  const cleaning = supervise({
    ...{ name: 'clips when the disk is full', clock, log, pauseMs: FREE_SPACE_EVERY_MS },
    runOnce: async () => void (await freeSpace({ database, media, writer, log })),
  })

  const describe = (stored: StoredIncident): Incident => describeIncident(stored, stored.closedAt, stored)

  async function mustFind(id: string): Promise<StoredIncident> {
    const stored = await findIncident(database.reader, id)
    if (!stored) throw new LaresError('not-found', 'There is no such incident.')
    return stored
  }

  async function list(query: IncidentsQuery): Promise<IncidentsReply> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor)
    // One more than asked tells whether there is a next page.
    const page = await listIncidents(database.reader, { ...query, before, limit: query.limit + 1 })
    const shown = page.slice(0, query.limit)
    const last = page.length > query.limit ? shown.at(-1) : undefined
    return {
      incidents: shown.map(describe),
      nextCursor: last ? encodeCursor(last) : null,
      unreviewed: await countUnreviewed(database.reader),
    }
  }

  async function get(id: string): Promise<IncidentDetail> {
    const stored = await mustFind(id)
    return { ...describe(stored), tracks: await findTracks(database.reader, id) }
  }

  async function review(id: string, feedback: Incident['feedback'], userId: string): Promise<Incident> {
    await mustFind(id)
    const given = feedback !== null
    await writer.review(id, { feedback, at: given ? clock.now() : null, by: given ? userId : null })
    return describe(await mustFind(id))
  }

  async function snapshot(id: string): Promise<FileReply> {
    const { snapshot: picture } = await mustFind(id)
    if (!picture) throw new LaresError('not-found', 'This incident has no picture.')
    return { kind: 'file', path: media.folder.path(picture.file), contentType: 'image/jpeg', cacheS: 3_600 }
  }

  async function clip(id: string): Promise<FileReply> {
    const { clip: made } = await mustFind(id)
    if (made.state === 'recording') throw new LaresError('not-found', 'The clip is still being recorded.')
    if (made.state === 'missing') throw new LaresError('not-found', made.reason)
    return { kind: 'file', path: media.folder.path(made.file), contentType: 'video/mp4', cacheS: 3_600 }
  }

  /** What was going on when the box stopped goes on, or ends; clips that were not made are made. */
  async function pickUp(): Promise<void> {
    for (const stored of await incidentsWithoutClip(database.writer)) {
      clips.add({ ...stored, cameraId: stored.camera.id })
    }
    for (const stored of await openIncidents(database.writer)) keeper.adopt(reopen(stored))
  }

  return {
    name: 'incidents',
    routes: incidentRoutes({ list, get, review, snapshot, clip }),
    observe: (observation) => keeper.observe(observation),
    addHook: (hook) => void hooks.push(hook),
    list,
    get,
    async start() {
      clips.start()
      await pickUp()
      stopListening = bus.on('camera.removed', 'incidents', ({ id }) => keeper.closeCamera(id))
      await ticking.start()
      await cleaning.start()
    },
    async stop() {
      stopListening()
      await ticking.stop()
      await cleaning.stop()
      await keeper.settle()
      await clips.stop()
    },
  }
}

/** Tracks of before the stop are in their rows; what is seen from now on is followed anew. */
function reopen(stored: StoredIncident): OpenIncident {
  const quality = Math.max(
    0,
    ...(stored.snapshot?.boxes ?? []).map(({ score, box }) => score * Math.sqrt(box.width * box.height)),
  )
  return { ...stored, tracks: new Map(), pictureQuality: quality, better: null }
}
