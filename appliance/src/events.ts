import type { Camera } from './api/cameras.ts'
import type { Incident } from './api/incidents.ts'
import type { ModeState, PresencePerson } from './api/modes.ts'
import type { PlugHome } from './api/plug-home.ts'
import type { Plug } from './api/plugs.ts'
import type { Models } from './api/models.ts'
import type { DetectorStatus, Notice } from './api/system.ts'
import type { Updates } from './api/updates.ts'
import type { CameraView } from './api/views.ts'

/**
 * Every fact that may travel on the bus, with its payload. Past tense, emitted after commit, no wildcards.
 * Those that the app may see are listed in `api/stream.ts`.
 */
export interface Events {
  /** A camera was added, changed, or its state changed (live, stalled, failed …). */
  'camera.changed': Camera
  /** Zones, lines, masks or limits of a camera were drawn anew; `masksChanged`: something else is hidden than before. */
  'camera.zones-changed': { id: string; masksChanged: boolean }
  /** A camera was removed; its incidents stay. */
  'camera.removed': { id: string }
  /** A camera was covered, put out of focus or turned, or shows again what it used to. */
  'camera.view-changed': CameraView
  /** An incident was opened, grew, was closed, or was reviewed. `change` says which. */
  'incident.changed': { change: 'opened' | 'updated' | 'closed' | 'reviewed'; incident: Incident }
  /** A row was put into the outbox: the sender looks at once. */
  'alert.queued': { count: number }
  /** Another mode of the home was chosen, or came into force. */
  'mode.changed': ModeState
  /** Somebody came home, left, or is known of for the first time: everybody of whom something is known. */
  'presence.changed': { people: PresencePerson[] }
  /** A plug was added, renamed, switched, read, lost or found again. */
  'plug.changed': Plug
  /** A plug was removed from the list. */
  'plug.removed': { id: string }
  /** A room, group or scene was made, changed or removed: all of them. */
  'plug-home.changed': PlugHome
  /** The detector was chosen, failed, or fell back to another provider. */
  'detector.changed': DetectorStatus
  /** A model was added, chosen, given up or removed, or one that is being installed has come further: all of them. */
  'models.changed': Models
  /** What the owner should know was raised, changed or ended: the whole list. */
  'notices.changed': { notices: Notice[] }
  /** An update came, went further, proved itself or was taken back: all that is known of it. */
  'updates.changed': Updates
  /** What somebody may do or see was changed, or their account was removed: whatever is remembered of them is outdated. */
  'account.changed': { userId: string }
  /** A session ended: its open streams close. */
  'session.ended': { sessionId: string; userId: string; reason: string }
}
