import type { Camera } from '../api/cameras.ts'
import type { MqttSettings } from '../api/channels.ts'
import type { Plug } from '../api/plugs.ts'
import type { Part } from '../core/part.ts'

/** What the home is doing, in the words of the app. */
export type ArmMode = 'home' | 'away' | 'night' | 'disarmed'

export interface MqttSetup {
  /** null: not set up, or switched off. */
  get(): { settings: MqttSettings; password: string | null } | null
  onChange(listener: () => void): () => void
}

/** The mode of the home, as far as MQTT deals with it. */
export interface ModePort {
  get(): { mode: ArmMode; /** Under way, while people leave. */ arming: boolean }
  set(mode: ArmMode): Promise<void>
  onChange(listener: () => void): () => void
}

/** Who is in which zones of a camera, as one look showed it. */
export interface SeenInZones {
  cameraId: string
  /** Epoch milliseconds. */
  at: number
  /** Those in sight, with the ids of the zones that they are in now. */
  tracks: readonly { id: string; class: string; zones: readonly string[] }[]
  /** Ids of those that are gone for good. */
  ended: readonly string[]
}

/** What of the home is told over MQTT, and what can be done there. Handed in, so that this part knows no other. */
export interface MqttHome {
  cameras(): Promise<Camera[]>
  plugs(): Promise<Plug[]>
  /** Cameras with an incident that is not over. */
  camerasWithIncident(): Promise<string[]>
  switchPlug(id: string, on: boolean): Promise<void>
  onMotion(listener: (sighting: { cameraId: string; at: number }) => void): () => void
  onPerson(listener: (sighting: { cameraId: string; at: number }) => void): () => void
  /** Who is in which zone, at each look that shows somebody. */
  onSeenInZones(listener: (seen: SeenInZones) => void): () => void
  zonesOf(cameraId: string): readonly { id: string; name: string }[]
  mode: ModePort
  name(): string
  /** Stable over restarts; letters and digits. */
  id: string
  origin(): string
  version: string
}

export interface Mqtt extends Part {
  publish(topic: string, payload: string, signal: AbortSignal): Promise<void>
  /** Of the connection, in words; null while MQTT is off. */
  state(): string | null
}
