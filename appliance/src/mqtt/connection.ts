import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { getCACertificates } from 'node:tls'
import type { MqttSettings } from '../api/channels.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError, messageOf, systemCodeOf } from '../core/errors.ts'
import { topicsUnder } from './topics.ts'

export interface ConnectionOptions {
  settings: MqttSettings
  password: string | null
  clientId: string
  clock: Clock
  onConnect(): void
  /** `retained`: somebody said it before, and the broker repeats it. */
  onMessage(topic: string, payload: string, retained: boolean): void
  /** null: all is well. */
  onProblem(words: string | null): void
}

/** A standing connection to the broker; comes back by itself. */
export interface Connection {
  isOpen(): boolean
  /** At least once. Resolves when the broker has it. */
  publish(topic: string, payload: string, options: { retain: boolean }): Promise<void>
  subscribe(topics: readonly string[]): void
  unsubscribe(topic: string): void
  /** Says that the box is gone, then ends. */
  close(): Promise<void>
}

const RECONNECT_MS = 5_000
const CONNECT_TIMEOUT_MS = 10_000
const KEEPALIVE_S = 30
/** A broker that lost power takes no farewell: nothing that stops waits longer for it. */
const FAREWELL_MS = 1_000

function optionsOf({ settings, password, clientId }: ConnectionOptions): IClientOptions {
  const { username, ca, prefix } = settings
  return {
    ...{ clientId, clean: true, keepalive: KEEPALIVE_S, reconnectPeriod: RECONNECT_MS },
    ...{ connectTimeout: CONNECT_TIMEOUT_MS, reconnectOnConnackError: true, queueQoSZero: false },
    ...(username !== '' && { username, password: password ?? '' }),
    ...(ca !== '' && { ca: [...getCACertificates('default'), ca] }),
    rejectUnauthorized: true,
    will: { topic: topicsUnder(prefix).status, payload: Buffer.from('offline'), qos: 1, retain: true },
  }
}

export function openConnection(options: ConnectionOptions): Connection {
  const { settings, clock, onConnect, onMessage, onProblem } = options
  const client: MqttClient = connect(settings.url, optionsOf(options))
  const { status } = topicsUnder(settings.prefix)
  client.on('connect', () => {
    onProblem(null)
    onConnect()
  })
  client.on('message', (topic, payload, { retain }) => onMessage(topic, payload.toString(), retain))
  client.on('error', (error) => onProblem(wordsOf(error)))
  client.on('offline', () => onProblem('The broker cannot be reached.'))

  const publish = async (topic: string, payload: string, { retain }: { retain: boolean }): Promise<void> => {
    if (!client.connected) throw new LaresError('unavailable', 'The broker cannot be reached.')
    await client.publishAsync(topic, payload, { qos: 1, retain })
  }

  return {
    isOpen: () => client.connected,
    publish,
    subscribe: (topics) => client.subscribe([...topics], { qos: 1 }, () => undefined),
    unsubscribe: (topic) => client.unsubscribe(topic, () => undefined),
    async close() {
      // The will is only for those who leave without a word.
      const said = publish(status, 'offline', { retain: true }).catch(() => undefined)
      await new Promise<void>((resolve) => {
        const giveUp = clock.after(FAREWELL_MS, resolve)
        void said.finally(() => {
          giveUp()
          resolve()
        })
      })
      await client.endAsync(true)
    },
  }
}

/** Reasons of MQTT 3.1.1 and 5 by which a broker does not let somebody in. */
const NOT_LET_IN: readonly unknown[] = [4, 5, 134, 135]

function wordsOf(error: Error): string {
  const code = systemCodeOf(error) ?? ''
  if (NOT_LET_IN.includes((error as { code?: unknown }).code)) return 'The broker does not take the name and password.'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'The broker cannot be found. Is its name right?'
  if (code === 'ECONNREFUSED') return 'Nobody answers at the address of the broker.'
  if (/CERT|SELF_SIGNED|TLS|SSL|UNABLE_TO_/.test(code))
    return `The broker shows a certificate that Lares does not trust (${code}).`
  return `The broker cannot be reached (${code || messageOf(error)}).`
}
