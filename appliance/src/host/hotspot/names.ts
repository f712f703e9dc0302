import { randomInt } from 'node:crypto'

/** Nothing that is mistaken for something else when read from a screen. */
const ALPHABET = 'acdefghjkmnpqrtwxy34679'
const GROUPS = 3
const GROUP_LENGTH = 4

/** For example `k7qw-3htx-ma9d`: 54 bits, and a new one at each start. */
export function newHotspotPassword(): string {
  const letters = (): string =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return Array.from({ length: GROUPS }, letters).join('-')
}

/** `Lares-` and the end of the radio's own number, which it tells everybody anyway: two boxes have two names. */
export function hotspotName(macAddress: string): string {
  const end = macAddress.trim().replaceAll(':', '').slice(-4).toUpperCase()
  return /^[0-9A-F]{4}$/.test(end) ? `Lares-${end}` : 'Lares-Setup'
}

/** What NetworkManager calls a radio goes into the rules of the firewall. */
export const isDeviceName = (name: string): boolean => /^[a-z][a-z0-9]{1,14}$/.test(name)
