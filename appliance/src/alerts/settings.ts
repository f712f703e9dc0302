import { z } from 'zod'
import { weekTimes, type WeekTimes } from '../api/week.ts'
import type { SettingDefinition } from '../settings/types.ts'

export interface VapidKeys {
  /** base64url, 65 bytes. */
  publicKey: string
  /** base64url, 32 bytes. */
  privateKey: string
}

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/)

export const vapidKeys: SettingDefinition<VapidKeys | null> = {
  key: 'alerts.vapidKeys',
  schema: z.strictObject({ publicKey: base64url, privateKey: base64url }).nullable(),
  initial: null,
  words: 'Key pair that proves to push services that a message is from this box; made once.',
  secret: true,
  internal: true,
}

/** Apple looks the host up and refuses the message (403 BadJwtToken) when it cannot exist. */
const UNREACHABLE_HOST = /(^|[@/.])(localhost|[^/]*\.(local|localhost|invalid|test|example|internal|home\.arpa))\/?$/i

export const contact: SettingDefinition<string> = {
  key: 'alerts.contact',
  schema: z
    .string()
    .max(200)
    .regex(/^(mailto:[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+|https:\/\/[^\s<>]+\.[^\s<>]+)$/, 'A mailto: or https: address.')
    .refine((value) => !UNREACHABLE_HOST.test(value), 'Push services refuse addresses that exist only at home.'),
  initial: 'https://example.com',
  words: 'Contact told to push services, as their rules ask: mailto: or https:. An address of your own is politer.',
}

export const dailyCheck: SettingDefinition<boolean> = {
  key: 'alerts.dailyCheck',
  schema: z.boolean(),
  initial: true,
  words: 'On a day without any alert, a silent notification asks each phone whether alerts still reach it.',
}

export const quietTimes: SettingDefinition<WeekTimes | null> = {
  key: 'alerts.quietTimes',
  schema: weekTimes.nullable(),
  initial: null,
  words: 'When only alarms, and rules that say so, come through; chosen under More, Alerts.',
  internal: true,
}

export const alertSettings = [vapidKeys, contact, dailyCheck, quietTimes] as const
