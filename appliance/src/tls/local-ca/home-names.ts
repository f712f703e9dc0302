import { BlockList, isIP } from 'node:net'

/** Endings that never belong to anybody on the internet. The root may vouch for these and nothing else. */
export const PERMITTED_DOMAINS = ['local', 'home.arpa', 'localhost', 'internal'] as const

/** The same for addresses: network and prefix length. */
export const PERMITTED_RANGES = [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const

const ranges = new BlockList()
for (const [network, prefix] of PERMITTED_RANGES)
  ranges.addSubnet(network, prefix, isIP(network) === 6 ? 'ipv6' : 'ipv4')

/** True for a name or an address that a certificate of the private root may carry. */
export function isCertifiable(host: string): boolean {
  const family = isIP(host)
  if (family !== 0) return ranges.check(host, family === 6 ? 'ipv6' : 'ipv4')
  const name = host.toLowerCase()
  return PERMITTED_DOMAINS.some((domain) => name === domain || name.endsWith(`.${domain}`))
}
