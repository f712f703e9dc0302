// Incidents with a clock, cameras and clips that the test owns; database, pictures and files are real.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Camera } from '../../appliance/src/api/cameras.ts'
import type { Box, ObjectClass } from '../../appliance/src/api/common.ts'
import type { Incident } from '../../appliance/src/api/incidents.ts'
import type { Events } from '../../appliance/src/events.ts'
import { createAudit } from '../../appliance/src/audit/index.ts'
import { createBus, type Bus } from '../../appliance/src/core/bus.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { newId } from '../../appliance/src/core/ids.ts'
import { createLog } from '../../appliance/src/core/log.ts'
import { openDatabase, type Database } from '../../appliance/src/db/index.ts'
import {
  createIncidents,
  type HouseContext,
  type IncidentHook,
  type Incidents,
} from '../../appliance/src/incidents/index.ts'
import { createMedia, type Media } from '../../appliance/src/media/index.ts'
import type { ClipRequest } from '../../appliance/src/recording/index.ts'
import type { Observation, VisibleTrack } from '../../appliance/src/vision/types.ts'
import { createFakeClock, type FakeClock } from '../fakes/clock.ts'
import type { Settings } from '../../appliance/src/settings/types.ts'
import { createFakeSettings } from '../fakes/settings.ts'

export const CAMERA_ID = newId(Date.UTC(2026, 0, 1))
/** Looks at the same place as a third one; neither is the front door's neighbour unless told. */
export const DRIVE_ID = newId(Date.UTC(2026, 0, 2))
const MB = 1024 * 1024

export interface Life {
  readonly clock: FakeClock
  readonly incidents: Incidents
  readonly database: Database
  readonly media: Media
  readonly bus: Bus<Events>
  readonly dataDir: string
  readonly changes: { change: string; incident: Incident }[]
  readonly cuts: ClipRequest[]
  readonly logLines: string[]
  /** What cutting a clip comes to: an error, or null when it works. */
  cutFails: Error | null
  freeBytes: number
  see(...tracks: Partial<VisibleTrack>[]): void
  seeOn(cameraId: string, ...tracks: Partial<VisibleTrack>[]): void
  readonly settings: Settings
  /** Lets real file and database work finish without moving the clock. */
  quiet(): Promise<void>
  /** Moves the clock second by second, so that everything real keeps up. */
  pass(seconds: number): Promise<void>
  all(): Promise<Incident[]>
  stop(): Promise<void>
  remove(): Promise<void>
}

export interface LifeOptions {
  dataDir?: string
  clock?: FakeClock
  hooks?: IncidentHook[]
  classes?: ObjectClass[]
  /** The place of both cameras; empty: of none. */
  place?: string
  house?: Partial<HouseContext>
  settings?: Settings
}

/** Counts what is under way, so that a test can wait for exactly that. */
function createTracker() {
  let underWay = 0
  return {
    track: <Args extends unknown[], T>(work: (...args: Args) => Promise<T>) => {
      return async (...args: Args): Promise<T> => {
        underWay++
        try {
          return await work(...args)
        } finally {
          underWay--
        }
      }
    },
    async quiet(): Promise<void> {
      for (let calm = 0; calm < 5; calm = underWay === 0 ? calm + 1 : 0)
        await new Promise((resolve) => setTimeout(resolve, 2))
    },
  }
}

const STANDING: Box = { x: 0.4, y: 0.4, width: 0.1, height: 0.3 }
let sequence = 0

export function track(change: Partial<VisibleTrack> = {}, at = 0): VisibleTrack {
  return {
    id: 'track-1',
    class: 'person',
    score: 0.8,
    bestScore: 0.8,
    box: STANDING,
    firstSeenAt: at,
    lastSeenAt: at,
    zones: [],
    visits: [],
    ...change,
  }
}

export function observation(
  at: number,
  tracks: readonly VisibleTrack[],
  ended: readonly string[] = [],
  cameraId = CAMERA_ID,
): Observation {
  const [width, height] = [64, 36]
  const data = new Uint8Array(width * height * 1.5).fill(128)
  return {
    cameraId,
    at,
    frame: { cameraId, width, height, data, capturedAt: at, sequence: sequence++ },
    tracks,
    ended,
    zoneEvents: [],
  }
}

export async function startLife(options: LifeOptions = {}): Promise<Life> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'lares-life-')))
  const clock = options.clock ?? createFakeClock()
  const logLines: string[] = []
  const log = createLog({ level: 'warn', destination: { write: (line) => void logLines.push(line) } })
  const bus = createBus<Events>(log)
  const { track: tracked, quiet } = createTracker()
  const opened = await openDatabase({ file: join(dataDir, 'lares.db'), log })
  const transaction: Database['transaction'] = (work) => tracked(() => opened.transaction(work))()
  const database: Database = { ...opened, transaction }
  const changes: Life['changes'] = []
  const cuts: ClipRequest[] = []
  bus.on('incident.changed', 'test', (event) => void changes.push(event))
  const notices = { raise: () => undefined, clear: () => undefined }
  const world = { cutFails: null as Error | null, freeBytes: 10_000 * MB }
  const whole = createMedia({
    dataDir,
    ffmpeg: 'ffmpeg',
    clock,
    log,
    notices,
    freeBytesOf: async () => world.freeBytes,
  })
  const folder = { ...whole.folder, write: tracked(whole.folder.write), remove: tracked(whole.folder.remove) }
  const media: Media = { ...whole, folder, encodeJpeg: tracked(whole.encodeJpeg) }
  const classes = options.classes ?? ['person', 'car', 'truck']
  const place = options.place ?? ''
  const all = [
    { id: CAMERA_ID, name: 'Front door', place, classes } as Camera,
    { id: DRIVE_ID, name: 'Drive', place, classes } as Camera,
  ]
  const recording = {
    cutClip: tracked(async (request: ClipRequest) => {
      cuts.push(request)
      if (world.cutFails) throw world.cutFails
      await media.folder.write(request.file, Buffer.from('a clip'))
      return { file: request.file, startsAt: request.fromMs - 700, durationMs: request.toMs - request.fromMs + 700 }
    }),
  }
  const cameras = { peek: (id: string) => all.find((camera) => camera.id === id) ?? null }
  const settings = options.settings ?? createFakeSettings()
  const house = options.house ?? {}
  const audit = createAudit({ database, clock, log })
  const incidents = createIncidents({ database, recording, cameras, media, settings, audit, clock, log, bus, house })
  options.hooks?.forEach((hook) => incidents.addHook(hook))
  await media.start()
  await incidents.start()
  function seeOn(cameraId: string, ...tracks: Partial<VisibleTrack>[]): void {
    const now = clock.now()
    const seen = tracks.map((each) => track(each, now))
    incidents.observe(observation(now, seen, [], cameraId))
  }
  async function stop(): Promise<void> {
    await incidents.stop()
    await media.stop()
    await database.close()
  }
  return Object.assign(world, {
    ...{ clock, incidents, database, media, bus, dataDir, changes, cuts, logLines, quiet, stop },
    settings,
    see: (...tracks: Partial<VisibleTrack>[]) => seeOn(CAMERA_ID, ...tracks),
    seeOn,
    async pass(seconds: number) {
      for (let n = 0; n < seconds; n++) await clock.advance(1_000)
      await quiet()
    },
    all: async () => (await incidents.list({ limit: 100 })).incidents,
    async remove() {
      await stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  })
}

const DEADLINE_MS = 60_000

/** Moves the clock little by little, with real time in between for files and the network, until it is so. */
export async function until(on: Life, stepMs: number, isSo: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS
  while (!(await isSo())) {
    assert.ok(performance.now() < deadline, 'it did not come to that')
    await on.clock.advance(stepMs)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await on.quiet()
}

export const unavailable = (message: string): LaresError => new LaresError('unavailable', message)
