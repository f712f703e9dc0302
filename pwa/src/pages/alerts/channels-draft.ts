// What is typed into the form of a channel, and what is sent of it. Pure.
import type {
  AlertChannel,
  ChangeChannel,
  EmailSettings,
  MqttSettings,
  NtfySettings,
  SetUpChannelId,
  WebhookSettings,
} from '../../wire-alerts.ts'

interface Drafts {
  email: Omit<EmailSettings, 'port' | 'to'> & { port: string; to: Record<string, string> }
  webhook: WebhookSettings
  ntfy: NtfySettings
  mqtt: MqttSettings
}

export type ChannelDraft<Id extends SetUpChannelId = SetUpChannelId> = Drafts[Id]

const FIRST: Drafts = {
  email: { host: '', port: '587', security: 'starttls', username: '', from: '', to: {}, ca: '' },
  webhook: { url: '', allowHome: false, ca: '' },
  ntfy: { server: 'https://ntfy.sh', topic: '', allowHome: false, ca: '' },
  mqtt: {
    ...{ url: '', username: '', prefix: 'lares', discovery: true, discoveryPrefix: 'homeassistant' },
    ...{ allowControl: false, ca: '' },
  },
}

export const USUAL_PORTS = { tls: '465', starttls: '587' } as const

/** What the form begins with: what is stored, or what is usual. */
export function draftOf(channel: AlertChannel): ChannelDraft {
  if (channel.settings === null) return FIRST[channel.id]
  if (channel.id !== 'email') return channel.settings
  const { port, to, ...rest } = channel.settings
  return { ...rest, port: String(port), to: Object.fromEntries(to.map(({ userId, address }) => [userId, address])) }
}

/** What the box is asked for. An empty secret is one that was not typed: the stored one stays. */
export function bodyOf(id: SetUpChannelId, draft: ChannelDraft, enabled: boolean, secret: string): ChangeChannel {
  const settings: Record<string, unknown> = { ...draft }
  if (id === 'email') {
    const { port, to } = draft as ChannelDraft<'email'>
    settings['port'] = Number(port)
    settings['to'] = Object.entries(to)
      .map(([userId, address]) => ({ userId, address: address.trim() }))
      .filter(({ address }) => address !== '')
  }
  return { enabled, settings, ...(secret !== '' && { secret }) }
}

/** A key that nobody guesses: 32 bytes as text. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return btoa(String.fromCharCode(...bytes)).replace(/=+$/, '')
}
