import type { Camera } from './cameras.ts'
import type { Incident } from './incidents.ts'
import type { Models } from './models.ts'
import type { ModeState, PresencePerson } from './modes.ts'
import type { PlugHome } from './plug-home.ts'
import type { Plug } from './plugs.ts'
import type { DetectorStatus, Notice } from './system.ts'
import type { Updates } from './updates.ts'
import type { CameraView } from './views.ts'
import type { Permission } from './permissions.ts'

/** What `/api/stream` carries, by name. Each carries the whole new state of one thing: last one wins. */
export interface StreamEvents {
  'camera.changed': Camera
  'camera.removed': { id: string }
  'camera.view-changed': CameraView
  'incident.changed': Incident
  'mode.changed': ModeState
  'presence.changed': { people: PresencePerson[] }
  'plug.changed': Plug
  'plug.removed': { id: string }
  'plug-home.changed': PlugHome
  'detector.changed': DetectorStatus
  'models.changed': Models
  'notices.changed': { notices: Notice[] }
  'updates.changed': Updates
}

/** Who may see which. An event that is not in this table does not travel. */
export const STREAM_PERMISSIONS: Readonly<Record<keyof StreamEvents, Permission>> = {
  'camera.changed': 'cameras.view',
  'camera.removed': 'cameras.view',
  'camera.view-changed': 'cameras.view',
  'incident.changed': 'incidents.view',
  'mode.changed': 'incidents.view',
  'presence.changed': 'incidents.view',
  'plug.changed': 'devices.view',
  'plug.removed': 'devices.view',
  'plug-home.changed': 'devices.view',
  'detector.changed': 'system.view',
  'models.changed': 'system.view',
  'notices.changed': 'system.view',
  'updates.changed': 'system.view',
}

/**
 * Header of every answer to somebody who is signed in: `run/seq` as it was before the answer was read. Whoever reads first and
 * listens then resumes from there, and reads nothing twice.
 */
export const POSITION_HEADER = 'x-lares-position'

/**
 * Server to app. `hello` opens every connection; `seq` counts events of this server run (`run` names the run).
 * After `resync` the app reads everything again over HTTP; `ended` comes before the server closes (signed out elsewhere).
 */
export type ServerMessage =
  | { type: 'hello'; run: string; seq: number }
  | {
      [Name in keyof StreamEvents]: { type: 'event'; name: Name; seq: number; at: number; data: StreamEvents[Name] }
    }[keyof StreamEvents]
  | { type: 'resync'; reason: string }
  | { type: 'ended'; reason: string }
  | { type: 'pong' }

/** App to server. `resume` asks for what was missed since `seq` of `run`. */
export type ClientMessage = { type: 'resume'; run: string; seq: number } | { type: 'ping' }
