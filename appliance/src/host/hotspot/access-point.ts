import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { runToEnd } from '../../core/subprocess.ts'
import { HOTSPOT_ADDRESS, hotspotProfile, writeFileSafely, type Nmcli } from '../wifi/index.ts'
import { createCaptiveServer } from './captive-server.ts'
import { HOTSPOT_TABLE, hotspotRules, PAGE_PORT } from './firewall.ts'
import type { AccessPoint } from './types.ts'

export interface AccessPointOptions {
  /** The radio, for example `wlan0`. */
  device: string
  ssid: string
  password: string
  nmcli: Nmcli
  root: string
  clock: Clock
  log: Log
  nftCommand?: string
  /** Where the page listens; tests have no interface with the address of the access point. */
  listen?: { host: string; port: number }
}

/** Gone after a restart, and never on the card. */
const PROFILE = 'run/NetworkManager/system-connections/lares-hotspot.nmconnection'
const RULES = 'run/lares-hotspot/rules.nft'
const UP_WAIT_S = 30
const NFT_TIMEOUT_MS = 10_000

export function createAccessPoint(options: AccessPointOptions): AccessPoint {
  const { device, ssid, password, nmcli, root, clock, log, nftCommand = 'nft' } = options
  const { listen = { host: HOTSPOT_ADDRESS, port: PAGE_PORT } } = options
  const server = createCaptiveServer({ clock, log, ownHost: HOTSPOT_ADDRESS, boxName: ssid })
  const uuid = randomUUID()

  async function nft(args: readonly string[]): Promise<boolean> {
    const run = { name: 'nft', command: nftCommand, args, clock, log, timeoutMs: NFT_TIMEOUT_MS }
    return (await runToEnd(run)).code === 0
  }

  async function close(): Promise<void> {
    await server.close()
    await nmcli.remove(uuid)
    await rm(join(root, PROFILE), { force: true })
    await nft(['delete', 'table', 'inet', HOTSPOT_TABLE]).catch((error: unknown) =>
      log.warn({ err: messageOf(error) }, 'The firewall of the access point stays'),
    )
  }

  return {
    ssid,
    password,
    async open(page) {
      // The walls stand before anybody can come in.
      const rules = join(root, RULES)
      await writeFileSafely(rules, hotspotRules(device, listen.port))
      if (!(await nft(['-f', rules]))) throw unavailable('The firewall refused the rules of the access point.')
      const profile = join(root, PROFILE)
      await writeFileSafely(profile, hotspotProfile({ ssid, password, device, uuid }))
      await nmcli.load(profile)
      const failure = await nmcli.up(uuid, UP_WAIT_S)
      if (failure !== null) throw unavailable('The radio cannot be an access point.')
      await server.open(page, listen)
    },
    close,
    wasUsed: (ms) => server.wasUsed(ms),
    nextRequest: (ms, signal) => server.nextRequest(ms, signal),
  }
}

const unavailable = (words: string): LaresError => new LaresError('unavailable', words)
