import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { HOTSPOT_ADDRESS, hotspotProfile, writeFileSafely, type Nmcli } from '../wifi/index.ts'
import { createCaptiveServer } from './captive-server.ts'
import { PAGE_PORT, type Firewall } from './firewall.ts'
import type { AccessPoint } from './types.ts'

export interface AccessPointOptions {
  /** The radio, for example `wlan0`. */
  device: string
  ssid: string
  password: string
  nmcli: Nmcli
  firewall: Firewall
  root: string
  clock: Clock
  log: Log
  /** Where the page listens; tests have no interface with the address of the access point. */
  listen?: { host: string; port: number }
}

/** Gone after a restart, and never on the card. */
const PROFILE = 'run/NetworkManager/system-connections/lares-hotspot.nmconnection'
const UP_WAIT_S = 30

export function createAccessPoint(options: AccessPointOptions): AccessPoint {
  const { device, ssid, password, nmcli, firewall, root, clock, log } = options
  const { listen = { host: HOTSPOT_ADDRESS, port: PAGE_PORT } } = options
  const server = createCaptiveServer({ clock, log, ownHost: HOTSPOT_ADDRESS, boxName: ssid })
  const uuid = randomUUID()

  async function close(): Promise<void> {
    await server.close()
    await nmcli.remove(uuid)
    await rm(join(root, PROFILE), { force: true })
    await firewall.lower()
  }

  return {
    ssid,
    password,
    async open(page) {
      // The walls stand before anybody can come in.
      await firewall.raise(device, listen.port)
      const profile = join(root, PROFILE)
      await writeFileSafely(profile, hotspotProfile({ ssid, password, device, uuid }))
      await nmcli.load(profile)
      const failure = await nmcli.up(uuid, UP_WAIT_S)
      if (failure !== null) throw new LaresError('unavailable', 'The radio cannot be an access point.')
      await server.open(page, listen)
    },
    close,
    wasUsed: (ms) => server.wasUsed(ms),
    nextRequest: (ms, signal) => server.nextRequest(ms, signal),
  }
}
