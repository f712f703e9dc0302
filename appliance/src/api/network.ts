import { z } from 'zod'

export const JOIN_FAILURES = ['wrong-password', 'not-found', 'no-address', 'failed'] as const

export const heardNetwork = z
  .strictObject({
    ssid: z.string(),
    strength: z.int().min(0).max(100).describe('Of its strongest radio.'),
    security: z
      .enum(['open', 'password', 'unsupported'])
      .describe('`unsupported`: an old one (WEP), or one with a sign-in for each person.'),
  })
  .meta({ id: 'HeardNetwork' })
export type HeardNetwork = z.infer<typeof heardNetwork>

export const networkState = z
  .strictObject({
    wifi: z
      .enum(['none', 'elsewhere', 'here'])
      .describe('`elsewhere`: Lares is a guest on this machine, whose own settings join networks. `none`: no radio.'),
    addresses: z.array(z.string()).describe('At which phones reach the box, likeliest first.'),
    wired: z.boolean().nullable().describe('Whether a cable works; null where that is not known.'),
    known: z.string().nullable().describe('The Wi-Fi that the box was given.'),
    current: z.strictObject({ ssid: z.string(), strength: z.int().min(0).max(100) }).nullable(),
    country: z.string().nullable().describe('Whose rules the radio keeps, two letters; null while nobody said.'),
    joining: z.string().nullable().describe('The Wi-Fi that is being tried right now.'),
    lastJoin: z
      .strictObject({ ssid: z.string(), failure: z.enum(JOIN_FAILURES).nullable() })
      .nullable()
      .describe('What came of the last try since the box started.'),
  })
  .meta({ id: 'NetworkState' })
export type NetworkState = z.infer<typeof networkState>

export const scanReply = z
  .strictObject({
    networks: z.array(heardNetwork),
    countries: z.array(z.string()).describe('Of which the box knows the rules for radio, two letters each.'),
  })
  .meta({ id: 'WifiScan' })
export type ScanReply = z.infer<typeof scanReply>

export const joinWifiBody = z
  .strictObject({
    ssid: z.string().min(1).max(32),
    password: z.string().max(64).nullable().describe('null: an open network.'),
    hidden: z.boolean().describe('It does not tell its name by itself.'),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .nullable()
      .describe(
        'Where the box is: two capital letters. null: as it was told before. Without one the 5 GHz band is shut.',
      ),
  })
  .meta({ id: 'JoinWifi' })
export type JoinWifi = z.infer<typeof joinWifiBody>
