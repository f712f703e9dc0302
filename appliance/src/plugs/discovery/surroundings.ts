import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'
import { broadcastTargets, broadcastOf, type BroadcastTarget } from './interfaces.ts'

/** Where this box stands, as far as finding plugs goes. */
export interface Surroundings {
  /** In a container whose network is its own: what is called out stays inside. */
  isInContainer: boolean
  /** Where a call goes to; empty: nowhere. */
  networks: BroadcastTarget[]
}

/** Left by Docker and by Podman in every container. */
const CONTAINER_MARKS = ['/.dockerenv', '/run/.containerenv'] as const
/** Docker's own bridges are here unless the owner chose otherwise; a home's network hardly ever is. */
const CONTAINER_NETWORK = /^172\.(1[7-9]|2\d|3[01])\.|^10\.(88|89)\./

export function readSurroundings(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
  exists: (path: string) => boolean = existsSync,
): Surroundings {
  const networks = broadcastTargets(interfaces)
  // With the host's network a container is as good as none.
  const isOwnNetwork = networks.every(({ address }) => CONTAINER_NETWORK.test(address))
  return { isInContainer: CONTAINER_MARKS.some(exists) && isOwnNetwork, networks }
}

/** Whether an address is in one of the box's own networks; null for a name. */
export function isOnOurNetwork(
  host: string,
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): boolean | null {
  if (isIP(host) !== 4) return null
  const own = Object.values(interfaces).flatMap((each) => each ?? [])
  return own.some(
    ({ family, address, netmask }) => family === 'IPv4' && broadcastOf(address, netmask) === broadcastOf(host, netmask),
  )
}
