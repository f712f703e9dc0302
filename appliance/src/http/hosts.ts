import { BlockList, isIP } from 'node:net'

const PRIVATE = new BlockList()
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  PRIVATE.addSubnet(network, prefix, 'ipv4')
PRIVATE.addAddress('::1', 'ipv6')
PRIVATE.addSubnet('fc00::', 7, 'ipv6')
PRIVATE.addSubnet('fe80::', 10, 'ipv6')

export interface HostAndPort {
  /** Lower case, IPv6 without brackets, no trailing dot. */
  name: string
  port: number | null
}

/** Takes a Host header apart; null when it is not one. */
export function parseHost(header: string | undefined): HostAndPort | null {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([a-zA-Z0-9._-]+))(?::(\d{1,5}))?$/.exec(header ?? '')
  if (!found) return null
  const bracketed = found[1]
  if (bracketed !== undefined && isIP(bracketed) !== 6) return null
  const port = found[3] === undefined ? null : Number(found[3])
  if (port !== null && port > 65_535) return null
  return { name: (bracketed ?? found[2] ?? '').toLowerCase().replace(/\.$/, ''), port }
}

export function isPrivateAddress(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && PRIVATE.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

/** True when `name` is `pattern`, or one label in front of what follows `*.` in it, as certificates mean it. */
export function matchesName(pattern: string, name: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === name
  const dot = name.indexOf('.')
  return dot > 0 && name.slice(dot + 1) === pattern.slice(2)
}

/**
 * Against DNS rebinding (SEC-B8): a foreign name that was pointed at this box is not answered. `ownNames` are the names
 * and addresses of the certificate.
 */
export function isAllowedHost(header: string | undefined, ownNames: readonly string[]): boolean {
  const host = parseHost(header)
  if (!host) return false
  return (
    host.name === 'localhost' ||
    isPrivateAddress(host.name) ||
    ownNames.some((name) => matchesName(name.toLowerCase(), host.name))
  )
}
