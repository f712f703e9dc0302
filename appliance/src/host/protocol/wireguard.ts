import { z } from 'zod'
import { asks, changes, nothing } from './command.ts'

/** 32 bytes in base64, as `wg` prints them: nothing else can stand in a line of its configuration. */
const key = z.string().regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/)
const port = z.int().min(1).max(65_535)
/** Of the tunnel: always within 10.0.0.0/8, which never belongs to anybody on the internet. */
const tunnelAddress = z.ipv4().startsWith('10.')
/** Dotted numbers and a prefix length; zod's own check lets nothing else through, and this pins the letters. */
const network = z.cidrv4().regex(/^[\d./]+$/)

export const WireguardPeer = z.strictObject({
  publicKey: key,
  presharedKey: key,
  address: tunnelAddress,
  /** `home`: may reach the home networks through this box; `box`: nothing but the app. */
  reach: z.enum(['box', 'home']),
})

/** The whole tunnel as it should be. Neither names nor commands: nobody who asks can put a line of their own in. */
export const WireguardSetup = z.strictObject({
  privateKey: key,
  address: tunnelAddress,
  listenPort: port,
  /** TCP ports of the app, the only ones that phones in the tunnel reach. */
  appPorts: z.array(port).min(1).max(4),
  homeNetworks: z.array(network).max(8),
  peers: z.array(WireguardPeer).max(200),
})
export type WireguardSetup = z.infer<typeof WireguardSetup>

export const WireguardStatus = z.strictObject({
  /** The interface exists and its port is open in the firewall. */
  running: z.boolean(),
  peers: z.array(
    z.strictObject({
      publicKey: key,
      /** Epoch seconds; null: none since the tunnel began. */
      lastHandshakeS: z.int().positive().nullable(),
      receivedBytes: z.number().nonnegative(),
      sentBytes: z.number().nonnegative(),
    }),
  ),
})
export type WireguardStatus = z.infer<typeof WireguardStatus>

export const wireguardCommands = {
  'wireguard.apply': changes(WireguardSetup, nothing),
  'wireguard.stop': changes(nothing, nothing),
  'wireguard.status': asks(nothing, WireguardStatus),
}
