import { z } from 'zod'
import { epochMs } from './common.ts'

/** Channels that are set up; web push has its own page. */
export const SET_UP_CHANNELS = ['email', 'webhook', 'mqtt', 'ntfy'] as const
export const setUpChannelId = z.enum(SET_UP_CHANNELS)
export type SetUpChannelId = z.infer<typeof setUpChannelId>

const host = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[^\s/@]+$/, 'is a name or an address without https:// and without a path')
const port = z.int().min(1).max(65_535)
const email = z.email().max(254)
/** Certificates that the server shows and nobody else knows: PEM text, or nothing. */
const ca = z
  .string()
  .max(32_768)
  .refine(
    (text) => text === '' || text.includes('-----BEGIN CERTIFICATE-----'),
    'begins with -----BEGIN CERTIFICATE-----',
  )
const httpUrl = z.url({ protocol: /^https?$/ }).max(2_048)
const topicPart = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, 'is letters, digits, - and _, with / between')
  .max(64)

export const emailSettings = z.strictObject({
  host: host.describe('Mail server, for example smtp.example.org.'),
  port: port.describe('465 for TLS, 587 for STARTTLS.'),
  security: z.enum(['tls', 'starttls']),
  username: z.string().max(254),
  from: email,
  to: z
    .array(z.strictObject({ userId: z.uuid(), address: email }))
    .min(1)
    .max(20)
    .describe('Whose address it is decides what is sent there: nobody is told of a camera that they may not see.'),
  ca,
})
export const webhookSettings = z.strictObject({
  url: httpUrl.describe('Called with POST for each notice.'),
  allowHome: z.boolean().describe('The address may be inside the home; never this box itself.'),
  ca,
})
export const ntfySettings = z.strictObject({
  server: httpUrl.describe('For example https://ntfy.sh, or your own.'),
  topic: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'is letters, digits, - and _'),
  allowHome: z.boolean(),
  ca,
})
export const mqttSettings = z.strictObject({
  url: z
    .string()
    .max(512)
    .regex(/^mqtts?:\/\/[^\s/@]+\/?$/, 'is like mqtts://broker:8883 or mqtt://broker:1883, without a password'),
  username: z.string().max(254),
  prefix: topicPart.describe('Everything of Lares begins with this.'),
  discovery: z.boolean().describe('Home Assistant finds cameras, plugs and the mode by itself.'),
  discoveryPrefix: topicPart,
  allowControl: z.boolean().describe('Commands over MQTT switch plugs and the mode. Off: they only report.'),
  ca,
})

export type EmailSettings = z.infer<typeof emailSettings>
export type WebhookSettings = z.infer<typeof webhookSettings>
export type NtfySettings = z.infer<typeof ntfySettings>
export type MqttSettings = z.infer<typeof mqttSettings>

export interface ChannelSettingsById {
  email: EmailSettings
  webhook: WebhookSettings
  ntfy: NtfySettings
  mqtt: MqttSettings
}

const settingsOf = { email: emailSettings, webhook: webhookSettings, ntfy: ntfySettings, mqtt: mqttSettings }
export const channelSettings = (id: SetUpChannelId): z.ZodType<ChannelSettingsById[SetUpChannelId]> => settingsOf[id]

export const channelParams = z.strictObject({ id: setUpChannelId })

const common = {
  enabled: z.boolean(),
  hasSecret: z.boolean().describe('A password, key or token is stored. It is never shown.'),
  lastSentAt: epochMs.nullable(),
  problem: z.string().nullable().describe('What went wrong last, until something arrives again.'),
  state: z.string().nullable().describe('Of a standing connection, in words.'),
}
const channelOf = <Id extends SetUpChannelId, S extends z.ZodType>(id: Id, settings: S) =>
  z.strictObject({ id: z.literal(id), settings: settings.nullable().describe('null: not set up yet.'), ...common })

export const alertChannel = z
  .discriminatedUnion('id', [
    channelOf('email', emailSettings),
    channelOf('webhook', webhookSettings),
    channelOf('mqtt', mqttSettings),
    channelOf('ntfy', ntfySettings),
  ])
  .meta({ id: 'AlertChannel' })
export type AlertChannel = z.infer<typeof alertChannel>
export const channelsReply = z.strictObject({ channels: z.array(alertChannel) }).meta({ id: 'AlertChannels' })

/** `secret`: left out keeps the stored one, null forgets it. */
export const changeChannelBody = z
  .strictObject({
    enabled: z.boolean(),
    settings: z.record(z.string(), z.unknown()).describe('As this channel has them: see AlertChannel.'),
    secret: z.string().min(1).max(1_024).nullable().optional(),
  })
  .meta({ id: 'ChangeAlertChannel' })
export type ChangeChannel = z.infer<typeof changeChannelBody>

export const testChannelReply = z
  .strictObject({ ok: z.boolean(), words: z.string().describe('What came of it, in words.') })
  .meta({ id: 'AlertChannelTest' })
export type TestChannelReply = z.infer<typeof testChannelReply>
