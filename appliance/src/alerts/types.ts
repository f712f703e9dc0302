import type { MqttSettings } from '../api/channels.ts'
import type { Part } from '../core/part.ts'
import type { Route } from '../http/route.ts'
import type { QueueNotice } from './notice.ts'

export type { MqttOutlet } from './channels/mqtt-channel.ts'
export type { AlertNotice, ChannelId, NoticeAction, QueueNotice } from './notice.ts'

/** How the owner set MQTT up; the connection itself is another part's. */
export interface MqttSetup {
  /** null: not set up, or switched off. From memory. */
  get(): { settings: MqttSettings; password: string | null } | null
  onChange(listener: () => void): () => void
}

export interface Alerts extends Part {
  readonly routes: readonly Route[]
  readonly queueNotice: QueueNotice
  readonly mqttSetup: MqttSetup
}
