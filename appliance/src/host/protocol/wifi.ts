import { z } from 'zod'
import { heardNetwork, JOIN_FAILURES } from '../../api/network.ts'
import { asks, changes, nothing } from './command.ts'

export const WifiStatus = z.strictObject({
  /** Has a radio at all. */
  hasRadio: z.boolean(),
  /** Whether a cable works. */
  wired: z.boolean(),
  /** The network that the box was given; null while there is none. */
  known: z.string().nullable(),
  /** The one that it is in now, 0 to 100; null when in none. */
  current: z.strictObject({ ssid: z.string(), strength: z.int().min(0).max(100) }).nullable(),
  /** Which country's rules the radio keeps; null while nobody said. */
  country: z.string().nullable(),
  /** What came of the last try since the start. */
  lastJoin: z.strictObject({ ssid: z.string(), failure: z.enum(JOIN_FAILURES).nullable() }).nullable(),
})

const JoinParams = z.strictObject({
  ssid: z.string(),
  password: z.string().nullable(),
  hidden: z.boolean(),
  country: z.string().nullable(),
})

export const wifiCommands = {
  'wifi.status': asks(nothing, WifiStatus),
  'wifi.scan': changes(nothing, z.strictObject({ networks: z.array(heardNetwork) })),
  /** `failure` is null when the box is in the network. Otherwise it is where it was before. */
  'wifi.join': changes(JoinParams, z.strictObject({ failure: z.enum(JOIN_FAILURES).nullable() })),
  'wifi.forget': changes(nothing, nothing),
}
