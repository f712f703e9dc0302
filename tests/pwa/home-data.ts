import { randomUUID } from 'node:crypto'
import type { Camera } from '../../appliance/src/api/cameras.ts'
import type { IncidentDetail } from '../../appliance/src/api/incidents.ts'
import type { PushTarget } from '../../appliance/src/api/alerts.ts'
import type { PlugAccount, PlugHome } from '../../appliance/src/api/plug-home.ts'
import type { Learned } from '../../appliance/src/api/review.ts'
import type { Plug } from '../../appliance/src/api/plugs.ts'
import type { HomeSettings, Notice } from '../../appliance/src/api/system.ts'
import type { CameraView } from '../../appliance/src/api/views.ts'
import { personBox } from './scene.ts'
import type { PlaceName } from './scene.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

export interface HomeData {
  settings: HomeSettings
  cameras: Camera[]
  places: Map<string, PlaceName>
  views: CameraView[]
  incidents: IncidentDetail[]
  plugs: Plug[]
  plugHome: PlugHome
  plugAccounts: PlugAccount[]
  notices: Notice[]
  targets: PushTarget[]
  /** What marks have taught. */
  learned: Learned[]
}

function camera(name: string, change: Partial<Camera> = {}): Camera {
  return {
    id: randomUUID(),
    name,
    source: {
      kind: 'rtsp',
      address: 'rtsp://192.168.1.20:554/stream1',
      transport: 'tcp',
      username: 'lares',
      hasPassword: true,
    },
    enabled: true,
    place: '',
    classes: ['person', 'car', 'dog'],
    state: 'live',
    problem: null,
    picture: { width: 1920, height: 1080, codec: 'h264' },
    streams: {
      detection: 'sub',
      why: 'Lares found this smaller stream where cameras of TP-Link Tapo and VIGI have it.',
      decodedBy: 'the processor',
      pace: 'full',
    },
    lastFrameAt: Date.now(),
    createdAt: Date.now() - 24 * HOUR_MS,
    ...change,
  }
}

/** Someone walks from left to right, from 2 to 8 seconds into the clip. */
export function makeIncident(of: Camera, openedAt: number, change: Partial<IncidentDetail> = {}): IncidentDetail {
  const id = randomUUID()
  const path = Array.from({ length: 13 }, (_, step) => ({
    at: openedAt + step * 500,
    box: personBox(0.1 + step * 0.06),
  }))
  return {
    id,
    camera: { id: of.id, name: of.name },
    state: 'closed',
    openedAt,
    lastSeenAt: openedAt + 6_000,
    closedAt: openedAt + 36_000,
    classes: [{ class: 'person', count: 1, bestScore: 0.91 }],
    zones: [],
    snapshot: {
      url: `/api/incidents/${id}/snapshot.jpg`,
      width: 640,
      height: 360,
      takenAt: openedAt,
      boxes: [{ class: 'person', score: 0.91, box: personBox(0.3) }],
    },
    clip: { state: 'ready', url: `/api/incidents/${id}/clip.mp4`, startsAt: openedAt - 2_000, durationMs: 10_000 },
    ...{ partOf: null, verdict: 'confirmed', risk: { score: 34, band: 'medium' } },
    feedback: null,
    reviewedAt: null,
    ...{ reviewedBy: null, starred: false, notes: '', reviewCount: 0 },
    ...{ dwellMs: 6_000, parts: [], plugs: [], assessment: null },
    tracks: [
      {
        id: randomUUID(),
        class: 'person',
        firstSeenAt: openedAt,
        lastSeenAt: openedAt + 6_000,
        bestScore: 0.91,
        path,
        zones: [],
      },
    ],
    ...change,
  }
}

export function plug(name: string, change: Partial<Plug> = {}): Plug {
  return {
    id: randomUUID(),
    name,
    model: 'HS110(EU)',
    host: '192.168.1.40',
    mac: '50:C7:BF:00:11:22',
    strip: null,
    can: ['switch', 'meter', 'led', 'countdown', 'schedule', 'schedule-edit'],
    roomId: null,
    picture: null,
    reachable: true,
    problem: null,
    problemCode: null,
    on: true,
    brightness: null,
    reading: { at: Date.now(), powerMw: 61_300, voltageMv: 231_200, currentMa: 270, totalWh: 48_210 },
    seenAt: Date.now(),
    ...change,
  }
}

/** Nothing in it yet. */
export function emptyHome(): HomeData {
  const settings = { homeName: 'Home', timeZone: 'Europe/Berlin', currency: 'EUR' }
  const plugHome = { rooms: [], groups: [], scenes: [] }
  const plugsOf = { plugs: [], plugHome, plugAccounts: [] }
  return {
    settings,
    cameras: [],
    places: new Map(),
    views: [],
    incidents: [],
    ...plugsOf,
    notices: [],
    targets: [],
    learned: [],
  }
}

/** Five plugs in two rooms: one gone, one that dims, two on a strip. */
function livedInPlugs(now: number): Pick<HomeData, 'plugs' | 'plugHome' | 'plugAccounts'> {
  const kitchen = { id: randomUUID(), name: 'Kitchen' }
  const outside = { id: randomUUID(), name: 'Outside' }
  const reading = { at: now, powerMw: 0, voltageMv: 231_200, currentMa: 0, totalWh: 3_120 }
  const porch = plug('Porch light', {
    ...{ roomId: outside.id, on: false, reading, brightness: 60, model: 'KS230(US)' },
    can: ['switch', 'meter', 'dimmer', 'led', 'countdown', 'schedule', 'schedule-edit'],
  })
  const freezer = plug('Freezer', {
    roomId: kitchen.id,
    reading: { at: now, powerMw: 84_200, voltageMv: 230_900, currentMa: 371, totalWh: 219_800 },
  })
  const workshop = plug('Workshop', {
    ...{ reachable: false, problem: 'Workshop does not answer.', problemCode: 'CONNECT_TIMEOUT' },
    ...{ seenAt: now - 3 * HOUR_MS, on: true },
  })
  const strip = { mac: '50:C7:BF:00:33:44', host: '192.168.1.41', model: 'P304M(EU)', roomId: kitchen.id }
  const outlet = (name: string, position: number): Plug =>
    plug(name, { ...strip, strip: { name: 'Counter strip', position }, can: ['switch', 'meter', 'schedule'] })
  const kettle = outlet('Kettle', 0)
  const toaster = outlet('Toaster', 1)
  return {
    plugs: [porch, freezer, workshop, kettle, toaster],
    plugHome: {
      rooms: [kitchen, outside],
      groups: [{ id: randomUUID(), name: 'Breakfast', plugIds: [kettle.id, toaster.id] }],
      scenes: [
        {
          id: randomUUID(),
          name: 'Good night',
          steps: [
            { plugId: porch.id, on: true, brightness: 20 },
            { plugId: kettle.id, on: false, brightness: null },
          ],
        },
      ],
    },
    plugAccounts: [{ id: randomUUID(), username: 'ada@example.org', devices: 1 }],
  }
}

/** A house that is lived in: four cameras, one of them silent; five plugs in two rooms, one of them gone, two on a strip; two days of incidents. */
export function livedInHome(): HomeData {
  const now = Date.now()
  const door = camera('Front door')
  const drive = camera('Drive')
  const garden = camera('Garden')
  const hall = camera('Hall', {
    state: 'stalled',
    lastFrameAt: now - 4 * MINUTE_MS,
    problem: { reason: 'no-frames', message: 'Hall stopped sending pictures.', since: now - 4 * MINUTE_MS },
  })
  const at = (hours: number) => now - hours * HOUR_MS
  const twoPeople = [
    { class: 'person' as const, count: 2, bestScore: 0.88 },
    { class: 'dog' as const, count: 1, bestScore: 0.72 },
  ]
  return {
    settings: { homeName: 'Casa Lindgren', timeZone: 'Europe/Berlin', currency: 'EUR' },
    cameras: [door, drive, garden, hall],
    views: [],
    places: new Map([
      [door.id, 'door'],
      [drive.id, 'drive'],
      [garden.id, 'garden'],
      [hall.id, 'hall'],
    ]),
    incidents: [
      makeIncident(door, at(0.6)),
      makeIncident(drive, at(2.2), { classes: [{ class: 'car', count: 1, bestScore: 0.83 }] }),
      makeIncident(garden, at(5), { classes: twoPeople, feedback: 'expected', reviewedAt: at(4) }),
      makeIncident(door, at(22), { feedback: 'false', reviewedAt: at(20) }),
      makeIncident(drive, at(26), { clip: { state: 'missing', reason: 'it was removed to free space.' } }),
      makeIncident(garden, at(31), { classes: [{ class: 'cat', count: 1, bestScore: 0.66 }], snapshot: null }),
    ],
    ...livedInPlugs(now),
    notices: [],
    learned: [
      {
        pattern: `${door.id}:person:afternoon`,
        camera: { id: door.id, name: door.name },
        class: 'person',
        part: 'afternoon',
        counts: { expected: 5, false: 0, threat: 0 },
        lastAt: at(22),
        points: -17,
        words: 'You marked 5 like this as expected.',
      },
      {
        pattern: `${drive.id}:car:night`,
        camera: { id: drive.id, name: drive.name },
        class: 'car',
        part: 'night',
        counts: { expected: 2, false: 0, threat: 1 },
        lastAt: at(70),
        points: 3,
        words: 'You marked something like this as a threat once, so the 2 as expected do not lower it.',
      },
    ],
    targets: [
      {
        id: randomUUID(),
        label: 'Chrome on Android',
        createdAt: at(50),
        lastDeliveredAt: at(0.6),
        lastShownAt: null,
        problem: null,
        own: true,
      },
    ],
  }
}
