import { BlockList, isIP } from 'node:net'

/** Ranges that never leave a building: loopback, private, link-local, shared (CGNAT, VPNs), unique local. */
const HOME_RANGES = [
  ['127.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['::1', 128, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
] as const

/** Ranges that are nobody on the internet either: this network, benchmarks, documentation, multicast, reserved. */
const NOWHERE_RANGES = [
  ['0.0.0.0', 8, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
] as const

function blockList(ranges: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[]): BlockList {
  const list = new BlockList()
  for (const [network, prefix, family] of ranges) list.addSubnet(network, prefix, family)
  return list
}

const home = blockList(HOME_RANGES)
const nowhere = blockList(NOWHERE_RANGES)

/** True for an IP address inside a home or on this box. IPv4 addresses written as IPv6 count as what they are. */
export function isHomeAddress(address: string): boolean {
  return isIn(home, address)
}

/** True for an IP address that belongs to the internet: neither a home's own nor reserved. */
export function isInternetAddress(address: string): boolean {
  return isIP(address) !== 0 && !isIn(home, address) && !isIn(nowhere, address) && embeddedIpv4(address) === null
}

function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  return list.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/** The well-known prefixes that carry an IPv4 address inside (mapped, NAT64, 6to4): never needed, often abused. */
function embeddedIpv4(address: string): string | null {
  if (isIP(address) !== 6) return null
  return /^(::ffff:|64:ff9b:|2002:|::\d+\.)/i.test(address) ? address : null
}
