import type { DueEntry } from '../outbox/outbox-store.ts'
import { DELIVERED, later, type SendOutcome } from '../outbox/outcome.ts'
import type { MessageLinks } from '../push/push-message.ts'
import type { ChannelBook } from './channel-book.ts'
import type { Channel, SendOptions } from './channel.ts'
import { createMachineChannel } from './machine-channel.ts'
import type { BoxFacts } from './told-things.ts'
import { webhookBody } from './webhook.ts'

/** The standing connection to the broker, which another part keeps. */
export interface MqttOutlet {
  /** Publishes under the prefix of the box, at least once; resolves when the broker has it. Rejects in words. */
  publish(topic: string, payload: string, signal: AbortSignal): Promise<void>
  /** In words. */
  state(): string | null
}

export interface MqttChannelDeps {
  book: ChannelBook
  box: BoxFacts
  links: MessageLinks
  outlet: MqttOutlet
}

/** Each notice as JSON under `<prefix>/alert`: for automations of the home. */
export function createMqttChannel({ book, box, links, outlet }: MqttChannelDeps): Channel {
  async function send(entry: DueEntry, { signal }: SendOptions): Promise<SendOutcome> {
    try {
      await outlet.publish('alert', JSON.stringify(webhookBody(entry, box, links)), signal)
      return DELIVERED
    } catch (error) {
      return later((error as Error).message)
    }
  }
  return createMachineChannel('mqtt', { book, label: 'MQTT', acts: false, send })
}
