// The watching half of the product behind its real door: database, media, cameras, recording, incidents, HTTPS.
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Camera } from '../../appliance/src/api/cameras.ts'
import type { Events } from '../../appliance/src/events.ts'
import { createAudit } from '../../appliance/src/audit/index.ts'
import { createCameras, type Cameras, type CamerasDeps, type FtpPorts } from '../../appliance/src/cameras/index.ts'
import { createBus, type Bus } from '../../appliance/src/core/bus.ts'
import { systemClock, type Clock } from '../../appliance/src/core/clock.ts'
import { createSecretBox } from '../../appliance/src/core/crypto.ts'
import { createLog } from '../../appliance/src/core/log.ts'
import type { NoticeBoard } from '../../appliance/src/core/notices.ts'
import { openDatabase, type Database } from '../../appliance/src/db/index.ts'
import { createIncidents, type Incidents } from '../../appliance/src/incidents/index.ts'
import { createMedia, type Media } from '../../appliance/src/media/index.ts'
import { createRecording, type Recording } from '../../appliance/src/recording/index.ts'
import type { Settings } from '../../appliance/src/settings/index.ts'
import { createZones, type Zones } from '../../appliance/src/vision/index.ts'
import { CAMERA_PORTS, NO_FTP } from '../fakes/camera-ports.ts'
import { createFakeSettings } from '../fakes/settings.ts'
import { person, startServer, tokenOf, type Ask, type Harness, type Reply } from '../http/harness.ts'

type Notice = Parameters<NoticeBoard['raise']>[0]

export interface Box {
  readonly dataDir: string
  readonly bus: Bus<Events>
  readonly cameras: Cameras
  readonly zones: Zones
  readonly media: Media
  readonly recording: Recording
  readonly incidents: Incidents
  readonly database: Database
  readonly server: Harness
  readonly logLines: string[]
  readonly notices: Map<string, Notice>
  readonly events: { name: string; payload: unknown }[]
  /** Asks as somebody who may do everything with cameras and incidents. */
  ask(path: string, options?: Ask): Promise<Reply>
  /** Ends everything; the data stays for `startBox({ dataDir })`. */
  stop(): Promise<void>
  remove(): Promise<void>
}

export interface BoxOptions {
  /** Of an earlier box: start again on its data. */
  dataDir?: string
  clock?: Clock
  ffmpeg?: string
  freeBytesOf?: (path: string) => Promise<number>
  /** For the cameras alone: where /dev is, what decodes, which networks it is in. */
  cameras?: Partial<Pick<CamerasDeps, 'root' | 'readyAccelerators' | 'busy' | 'interfaces' | 'cameraPorts'>>
  /** `product`: cameras read by Lares itself may not be on this box; left out, they may. */
  mayReach?: 'product'
  settings?: Settings
  ftp?: FtpPorts
  isLooking?: (cameraId: string) => boolean
  /** Runs before the parts start. */
  prepare?(incidents: Incidents): void
}

export async function startBox(options: BoxOptions = {}): Promise<Box> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'lares-box-')))
  await mkdir(join(dataDir, 'app'), { recursive: true })
  const logLines: string[] = []
  const log = createLog({ level: 'debug', destination: { write: (line) => void logLines.push(line) } })
  const clock = options.clock ?? systemClock
  const bus = createBus<Events>(log)
  const notices = new Map<string, Notice>()
  const board: NoticeBoard = { raise: (notice) => notices.set(notice.id, notice), clear: (id) => notices.delete(id) }
  const database = await openDatabase({ file: join(dataDir, 'lares.db'), log })
  const secretBox = createSecretBox(Buffer.alloc(32, 3))
  const { ffmpeg = 'ffmpeg', freeBytesOf } = options
  const media = createMedia({ dataDir, ffmpeg, clock, log, notices: board, ...(freeBytesOf ? { freeBytesOf } : {}) })
  const settings = options.settings ?? createFakeSettings()
  const cameras = createCameras({
    ...{ dataDir, settings, database, secretBox, clock, log, bus, notices: board, media },
    ...{ ...CAMERA_PORTS, ftp: options.ftp ?? NO_FTP },
    ...(options.isLooking ? { isLooking: options.isLooking } : {}),
    ...(options.mayReach === 'product' ? {} : { mayReach: () => true }),
    ...(options.cameras ?? {}),
    privacyMasks: (id) => zones.privacyMasksOf(id),
  })
  const recording = createRecording({ media, cameras, bus, clock, log })
  const audit = createAudit({ database, clock, log })
  const zones: Zones = createZones({
    ...{ database, clock, bus, getCamera: (id) => cameras.get(id), footprints: (id) => incidents.footprints(id) },
    restartCamera: (id, meanwhile) => cameras.restart(id, meanwhile),
    forgetRecorded: (id) => recording.forget(id),
    recordChange: (trx, { principal: who }, id, details) =>
      audit.record(trx, { type: 'camera_zones_changed', who, resource: `camera:${id}`, details }),
  })
  const incidents = createIncidents({ database, recording, cameras, media, settings, audit, clock, log, bus })
  options.prepare?.(incidents)
  const events: Box['events'] = []
  for (const name of ['camera.changed', 'camera.removed', 'camera.zones-changed', 'incident.changed'] as const) {
    bus.on(name, 'test', (payload) => void events.push({ name, payload }))
  }
  const parts = [media, zones, cameras, recording, incidents]
  for (const part of parts) await part.start()
  const routes = [...cameras.routes, ...zones.routes, ...incidents.routes]
  const server = await startServer(routes, { dataDir, staticDir: join(dataDir, 'app'), clock: systemClock })
  const may = ['cameras.view', 'cameras.edit', 'incidents.view', 'incidents.review'] as const
  server.people.set(tokenOf('olga'), person('olga', may))
  async function stop(): Promise<void> {
    await server.stop()
    for (const part of parts.toReversed()) await part.stop()
    await database.close()
  }
  return {
    ...{ zones, dataDir, bus, cameras, media, recording, incidents, database, server, logLines, notices, events, stop },
    ask: (path, ask = {}) =>
      server.ask(path, { as: 'olga', headers: { origin: `https://127.0.0.1:${server.port}` }, ...ask }),
    async remove() {
      await stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Waits in real time until `look` finds something; fails with `what` after `timeoutMs`. */
export async function until<T>(
  what: string,
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  timeoutMs = 15_000,
): Promise<T> {
  const endAt = performance.now() + timeoutMs
  for (;;) {
    const found = await look()
    if (found) return found
    if (performance.now() > endAt) throw new Error(`Waited ${timeoutMs / 1000} s in vain for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Adds a camera through the API and returns it. */
export async function addCamera(box: Box, source: object, name = 'Front door'): Promise<Camera> {
  const reply = await box.ask('/api/cameras', { method: 'POST', send: { name, source } })
  if (reply.status !== 200) throw new Error(`POST /api/cameras answered ${reply.status}: ${reply.text}`)
  return reply.json() as unknown as Camera
}

export async function cameraOf(box: Box, id: string): Promise<Camera> {
  return (await box.ask(`/api/cameras/${id}`)).json() as unknown as Camera
}

export async function untilState(box: Box, id: string, state: Camera['state'], timeoutMs = 15_000): Promise<Camera> {
  return until(
    `camera ${state}`,
    async () => {
      const camera = await cameraOf(box, id)
      return camera.state === state ? camera : null
    },
    timeoutMs,
  )
}

/** Other processes whose command line has the text. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text)
      } catch {
        return false
      }
    })
    .map(Number)
    .filter((pid) => pid !== process.pid)
}
