import type { Audit } from '../audit/index.ts'
import type { Cameras } from '../cameras/index.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import { supervise } from '../core/supervise.ts'
import type { Database } from '../db/index.ts'
import type { Events } from '../events.ts'
import type { Recording } from '../recording/index.ts'
import { homeTimeZone, type Settings } from '../settings/index.ts'
import { createClipMaker, type ClipMaker } from './clip-maker.ts'
import { freeSpace } from './free-space.ts'
import { createHistory } from './history.ts'
import { createKeeper, type Keeper } from './keeper.ts'
import { pictureQuality, type OpenIncident } from './open-incident.ts'
import { createReading } from './reading.ts'
import { UNKNOWN_HOUSE } from './risk/house.ts'
import { createRisk, type RiskPart } from './risk/index.ts'
import type { HouseContext } from './risk/types.ts'
import { incidentRoutes } from './routes.ts'
import { idleCloseS, joinS, windowS } from './settings.ts'
import { footprints, incidentsWithoutClip, openIncidents, type StoredIncident } from './store.ts'
import type { IncidentHook, IncidentMedia, Incidents } from './types.ts'
import { createVisits, type Visits, type VisitSoFar } from './visits.ts'
import { createIncidentWriter } from './writer.ts'

export { incidentSettings } from './settings.ts'
export { UNKNOWN_HOUSE } from './risk/house.ts'
export { rememberPlugs } from './risk/plug-states.ts'
export type { Adjustment, FeedbackQuestion, HouseContext, PlugState } from './risk/types.ts'
export type { IncidentChange, IncidentHook, IncidentMedia, Incidents } from './types.ts'

const TICK_MS = 1_000
const FOOTPRINTS_OF_MS = 24 * 60 * 60_000
const FREE_SPACE_EVERY_MS = 30_000

export interface IncidentsDeps {
  database: Database
  recording: Pick<Recording, 'cutClip'>
  cameras: Pick<Cameras, 'peek'>
  media: IncidentMedia
  settings: Settings
  audit: Pick<Audit, 'record'>
  clock: Clock
  log: Log
  bus: Bus<Events>
  /** What is known of the house; left out: nothing. */
  house?: Partial<HouseContext>
}

export function createIncidents(deps: IncidentsDeps): Incidents {
  const { database, recording, cameras, media, settings, clock, log, bus } = deps
  const hooks: IncidentHook[] = []
  const history = createHistory({ ...deps, timeZone: () => settings.get(homeTimeZone) })
  const house = { ...UNKNOWN_HOUSE, feedbackAdjustment: history.feedbackAdjustment, ...deps.house }
  const risk = createRisk({ database, settings, media, house, clock, log })
  const { indexer } = history
  const writer = createIncidentWriter({ database, bus, log, media, hooks, assessor: risk.assessor, indexer })
  const reading = createReading({ database, media })
  const judging = risk.connect({ writer, mustSee: (id, visible) => reading.find(id, visible) })
  const clips = createClipMaker({ recording, writer, clock, log })
  const idleCloseMs = (): number => settings.get(idleCloseS) * 1_000
  const visits = createVisits({ idleCloseMs, joinMs: () => settings.get(joinS) * 1_000 })
  const windowMs = (): number => settings.get(windowS) * 1_000
  const keeper = createKeeper({
    ...{ clock, log, writer, clips, visits, idleCloseMs, windowMs },
    camera: (id) => cameras.peek(id),
  })
  let stopListening = (): void => undefined
  const ticking = supervise({ name: 'incidents', clock, log, pauseMs: TICK_MS, runOnce: async () => keeper.tick() })
  const cleaning = supervise({
    ...{ name: 'clips when the disk is full', clock, log, pauseMs: FREE_SPACE_EVERY_MS },
    runOnce: async () => void (await freeSpace({ database, media, writer, log })),
  })

  return {
    name: 'incidents',
    routes: [...incidentRoutes(reading), ...history.routes, ...judging.routes],
    observe: (observation) => keeper.observe(observation),
    addHook: (hook) => void hooks.push(hook),
    list: (query) => reading.list(query, null),
    get: (id) => reading.get(id, null),
    markExpected: history.markExpected,
    footprints: (cameraId) => footprints(database.reader, cameraId, clock.now() - FOOTPRINTS_OF_MS),
    picture: (id) => reading.picture(id),
    camerasWithIncident: async () => (await openIncidents(database.reader)).map(({ camera }) => camera.id),
    feedbackAdjustment: history.feedbackAdjustment,
    countUnreviewed: history.countUnreviewed,
    async start() {
      await judging.start()
      clips.start()
      await pickUp({ database, clips, keeper, visits, clock, place: (id) => cameras.peek(id)?.place ?? '' })
      stopListening = listen(bus, keeper, judging)
      await ticking.start()
      await cleaning.start()
      await history.indexer.start()
    },
    async stop() {
      stopListening()
      await history.indexer.stop()
      await ticking.stop()
      await cleaning.stop()
      await keeper.settle()
      await clips.stop()
      await judging.stop()
    },
  }
}

/** Returns how to stop. */
function listen(bus: Bus<Events>, keeper: Keeper, judging: RiskPart): () => void {
  const stops = [
    bus.on('camera.removed', 'incidents', ({ id }) => keeper.closeCamera(id)),
    // A picture of before the mask must not be kept afterwards.
    bus.on('camera.zones-changed', 'incidents', ({ id, masksChanged }) => {
      if (masksChanged) keeper.forgetPicture(id)
    }),
    bus.on('camera.removed', 'risk', ({ id }) => judging.forgetCamera(id)),
    bus.on('incident.changed', 'risk', ({ change }) => {
      if (change === 'opened' || change === 'closed') judging.wake()
    }),
  ]
  return () => stops.forEach((stop) => stop())
}

interface PickUpDeps {
  database: Database
  clips: ClipMaker
  keeper: Keeper
  visits: Visits
  clock: Clock
  place(cameraId: string): string
}

/** What was going on when the box stopped goes on, or ends; clips that were not made are made. */
async function pickUp({ database, clips, keeper, visits, clock, place }: PickUpDeps): Promise<void> {
  for (const stored of await incidentsWithoutClip(database.writer)) {
    clips.add({ ...stored, cameraId: stored.camera.id })
  }
  const known = new Map<string, VisitSoFar>()
  for (const stored of await openIncidents(database.writer)) {
    const { camera, partOf, openedAt, lastSeenAt } = stored
    const id = partOf ?? stored.id
    const agoMs = (at: number): number => clock.monotonic() - Math.max(0, clock.now() - at)
    const visit = known.get(id) ?? visits.begin(id, { id: camera.id, place: place(camera.id) }, agoMs(openedAt))
    visits.seen(visit, camera.id, agoMs(lastSeenAt))
    keeper.adopt(reopen(stored, visit))
    known.set(id, visit)
  }
}

/** Tracks of before the stop are in their rows; what is seen from now on is followed anew. */
function reopen(stored: StoredIncident, visit: VisitSoFar): OpenIncident {
  return {
    ...stored,
    visit,
    tracks: new Map(),
    zonesBefore: stored.zones,
    pictureQuality: pictureQuality(stored.snapshot?.boxes ?? []),
    better: null,
  }
}
