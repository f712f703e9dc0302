import { isIPv6 } from 'node:net'
import type { RemoteReach } from '../api/remote-access.ts'

/** Homes are behind routers, phones too: whoever keeps silent longer is forgotten on the way. */
const KEEPALIVE_S = 25

export interface PhoneConfig {
  privateKey: string
  presharedKey: string
  address: string
  serverPublicKey: string
  /** Networks and addresses that go through the tunnel; everything else goes its usual way. */
  through: readonly string[]
  host: string
  port: number
}

/** What the WireGuard app reads from the QR picture. */
export function phoneConfigText(phone: PhoneConfig): string {
  const { host, port } = phone
  return [
    '[Interface]',
    `PrivateKey = ${phone.privateKey}`,
    `Address = ${phone.address}/32`,
    '',
    '[Peer]',
    `PublicKey = ${phone.serverPublicKey}`,
    `PresharedKey = ${phone.presharedKey}`,
    `AllowedIPs = ${phone.through.join(', ')}`,
    `Endpoint = ${isIPv6(host) ? `[${host}]` : host}:${port}`,
    `PersistentKeepalive = ${KEEPALIVE_S}`,
    '',
  ].join('\n')
}

export interface ServerPeer {
  name: string
  publicKey: string
  presharedKey: string
  address: string
  reach: RemoteReach
}

export interface ServerConfig {
  privateKey: string
  address: string
  port: number
  peers: readonly ServerPeer[]
}

/** For whoever runs the tunnel in this box's place: a router or another machine with `wg-quick`. */
export function serverConfigText({ privateKey, address, port, peers }: ServerConfig): string {
  const sections = peers.flatMap(({ name, publicKey, presharedKey, address: own }) => [
    '',
    // A name is free text: it must not begin a line of its own.
    `# ${name.replaceAll(/[^\p{L}\p{N} .,'’()-]/gu, '')}`,
    '[Peer]',
    `PublicKey = ${publicKey}`,
    `PresharedKey = ${presharedKey}`,
    `AllowedIPs = ${own}/32`,
  ])
  return [
    '# WireGuard for Lares, made by Lares. Whoever has this file can pretend to be your home: keep it like a key.',
    '# The machine that runs it has to forward to the box (on Linux: sysctl net.ipv4.ip_forward=1, and masquerading).',
    '[Interface]',
    `PrivateKey = ${privateKey}`,
    `Address = ${address}/24`,
    `ListenPort = ${port}`,
    ...sections,
    '',
  ].join('\n')
}
