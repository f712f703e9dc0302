import { isIPv6 } from 'node:net'

/** IPv4 clients on a dual-stack socket look like ::ffff:192.168.1.2. */
export function plainAddress(remoteAddress: string | undefined): string {
  return (remoteAddress ?? '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
}

/** The eight groups of an IPv6 address, without zone. */
function groupsOf(address: string): string[] {
  const [left = '', right] = (address.split('%')[0] ?? '').toLowerCase().split('::')
  const split = (part: string): string[] => (part === '' ? [] : part.split(':'))
  const [before, after] = [split(left), split(right ?? '')]
  // 1.2.3.4 at the end stands for two groups; it is never among the first four.
  const missing = right === undefined ? 0 : 8 - before.length - after.length
  return [...before, ...Array<string>(Math.max(0, missing)).fill('0'), ...after]
}

/**
 * What one household or attacker is known by: an IPv4 address, or the /64 in which an IPv6 device may take any address
 * it likes (SEC-C1).
 */
export function budgetAddress(address: string): string {
  const plain = plainAddress(address)
  if (!isIPv6(plain)) return plain
  const network = groupsOf(plain)
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
  return `${network.join(':')}::/64`
}
