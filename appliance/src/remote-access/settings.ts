import { z } from 'zod'
import { DEFAULT_REMOTE_PORT, endpointHost, homeNetwork } from '../api/remote-access.ts'
import type { SettingDefinition } from '../settings/types.ts'

/** All of them are changed on the page Remote access, together and with a check of each. */
const internal = true as const

export const remoteOn: SettingDefinition<boolean> = {
  ...{ key: 'remote.on', schema: z.boolean(), initial: false, internal },
  words: 'Whether phones can come in through WireGuard; chosen on the page Remote access.',
}

export const remoteHost: SettingDefinition<string | null> = {
  ...{ key: 'remote.host', schema: endpointHost.nullable(), initial: null, internal },
  words: 'Name or address under which the home is found from outside; entered on the page Remote access.',
}

export const remotePort: SettingDefinition<number> = {
  ...{ key: 'remote.port', schema: z.int().min(1).max(65_535), initial: DEFAULT_REMOTE_PORT, internal },
  words: 'UDP port of WireGuard; entered on the page Remote access.',
}

export const remoteHomeNetwork: SettingDefinition<string | null> = {
  ...{ key: 'remote.homeNetwork', schema: homeNetwork.nullable(), initial: null, internal },
  words: 'Network at home that phones may reach through the tunnel, where the box cannot find it by itself.',
}

/** The tunnel's own: chosen once, and in every phone from then on. */
export const remoteAddress: SettingDefinition<string | null> = {
  ...{ key: 'remote.address', schema: z.ipv4().nullable(), initial: null, internal },
  words: 'Address of the box in the tunnel; chosen by the box when remote access is first switched on.',
}

export const remotePrivateKey: SettingDefinition<string | null> = {
  ...{ key: 'remote.privateKey', schema: z.base64().nullable(), initial: null, internal, secret: true },
  words: 'Private key of the box in the tunnel; made by the box.',
}

export const remoteSettings = [
  ...[remoteOn, remoteHost, remotePort, remoteHomeNetwork],
  ...[remoteAddress, remotePrivateKey],
] as const
