import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'

/** One place to call out for plugs: a socket bound to `address` sends to `broadcast`. */
export interface BroadcastTarget {
  address: string
  broadcast: string
}

/**
 * The directed broadcast of every IPv4 network of this box. The limited broadcast (255.255.255.255) is of no use: it
 * leaves through one interface only. Loopback is called when there is nothing else: simulated plugs live there.
 */
export function broadcastTargets(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): BroadcastTarget[] {
  const all = Object.values(interfaces).flatMap((each) => each ?? [])
  const networks = all.filter(({ family, internal }) => family === 'IPv4' && !internal)
  const usable = networks.length > 0 ? networks : all.filter(({ family }) => family === 'IPv4')
  const targets = usable.map(({ address, netmask }) => ({ address, broadcast: broadcastOf(address, netmask) }))
  // Point-to-point links (/31, /32: VPNs) have nobody to call.
  return targets.filter(({ address, broadcast }) => broadcast !== address)
}

/** 192.168.1.20, 255.255.255.0 → 192.168.1.255 */
export function broadcastOf(address: string, netmask: string): string {
  const mask = netmask.split('.').map(Number)
  const parts = address.split('.').map(Number)
  return parts.map((part, index) => (part & (mask[index] ?? 255)) | (~(mask[index] ?? 255) & 255)).join('.')
}
