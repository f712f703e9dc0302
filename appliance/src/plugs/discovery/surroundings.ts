import { existsSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'
import { broadcastOf } from './interfaces.ts'

/** Files that container engines leave in every container. */
const MARKS = ['/.dockerenv', '/run/.containerenv']

export function isInContainer(exists: (path: string) => boolean = existsSync): boolean {
  return MARKS.some(exists)
}

/** Whether the address is in one of this box's own IPv4 networks; null: it is a name. */
export function isOnOwnNetwork(
  host: string,
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): boolean | null {
  if (!isIPv4(host)) return null
  const all = Object.values(interfaces).flatMap((each) => each ?? [])
  return all.some(
    ({ family, address, netmask }) =>
      family === 'IPv4' && broadcastOf(address, netmask) === broadcastOf(host, netmask),
  )
}
