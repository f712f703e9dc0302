import { networkInterfaces } from 'node:os'
import { isHomeAddress, isInternetAddress } from '../core/addresses.ts'

const NEVER = /^(127\.|0\.|169\.254\.|::1$|::$|::ffff:|64:ff9b:|2002:|fe80:)/i

/**
 * Where Lares itself may ask for pictures: the home's and the internet's addresses, but never the box itself (its own
 * doors would open to whoever may add cameras) and never link-local ones (where clouds keep their keys).
 */
export function mayReachCamera(address: string, own: readonly string[] = ownAddresses()): boolean {
  if (NEVER.test(address) || own.includes(address.toLowerCase())) return false
  return isHomeAddress(address) || isInternetAddress(address)
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .map(({ address }) => address.toLowerCase())
}
