import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { LaresError } from '../../core/errors.ts'
import { readJsonFile } from '../json-file.ts'
import type { HostResult } from '../protocol/index.ts'
import {
  createHomeWifi,
  createNmcli,
  isCountry,
  JOIN_FAILURES,
  readCountry,
  setCountry,
  wifiProblem,
  writeFileSafely,
  type HomeWifi,
  type Nmcli,
} from '../wifi/index.ts'
import type { AgentGround, Handlers } from './types.ts'

/** What came of the last try: the phone that asked may have lost the box meanwhile. */
const LAST_JOIN = 'run/lares-host/last-join.json'
const LastJoin = z.strictObject({ ssid: z.string(), failure: z.enum(JOIN_FAILURES).nullable() })

type WifiHandlers = Pick<Handlers, 'wifi.status' | 'wifi.scan' | 'wifi.join' | 'wifi.forget'>

/** Our own system, on which NetworkManager looks after the network, with a radio. Elsewhere the network is not ours to change. */
export function hasWifi(root: string): boolean {
  const isOurs = existsSync(join(root, 'usr/share/lares/image-version'))
  return (
    isOurs && existsSync(join(root, 'usr/bin/nmcli')) && globSync(join(root, 'sys/class/net/*/phy80211')).length > 0
  )
}

/** @param commands programs of tests in the place of NetworkManager's */
export function wifiHandlers(ground: AgentGround, commands: { nmcli?: string; iw?: string } = {}): WifiHandlers {
  const { clock, log, root } = ground
  const nmcli = createNmcli({ clock, log, ...(commands.nmcli && { command: commands.nmcli }) })
  const home = createHomeWifi({ nmcli, root, log })

  async function radio(): Promise<string> {
    if (!ground.features.includes('wifi')) throw unsupported('There is no Wi-Fi on this box.')
    const found = (await nmcli.devices()).find(({ kind }) => kind === 'wifi')
    if (!found) throw unsupported('There is no Wi-Fi on this box.')
    return found.name
  }

  return {
    'wifi.status': () => (ground.features.includes('wifi') ? status(nmcli, home, root) : wiredOnly()),
    async 'wifi.scan'() {
      return { networks: await nmcli.scan(await radio()) }
    },
    async 'wifi.join'({ ssid, password, hidden, country }, tell) {
      const problem = wifiProblem({ ssid, password })
      if (problem !== null) throw new LaresError('invalid', problem)
      if (country !== null && !isCountry(country)) throw new LaresError('invalid', 'The country is two letters.')
      await radio()
      tell({ part: 0, words: 'Joining' })
      if (country !== null)
        await setCountry(country, { root, clock, log, ...(commands.iw && { command: commands.iw }) })
      const failure = await home.join({ ssid, password, hidden })
      await writeFileSafely(join(root, LAST_JOIN), JSON.stringify({ ssid, failure }))
      return { failure }
    },
    async 'wifi.forget'() {
      await radio()
      await home.forget()
      return {}
    },
  }
}

async function status(nmcli: Nmcli, home: HomeWifi, root: string): Promise<HostResult<'wifi.status'>> {
  const devices = await nmcli.devices()
  const known = await home.known()
  const radio = devices.find(({ kind }) => kind === 'wifi')
  const isInIt = radio?.connected === true && known !== null && radio.profileId === known.uuid
  return {
    hasRadio: radio !== undefined,
    wired: devices.some(({ kind, connected }) => kind === 'wired' && connected),
    known: known?.ssid ?? null,
    current: isInIt ? await nmcli.current(radio.name) : null,
    country: await readCountry(root),
    lastJoin: await readLastJoin(root),
  }
}

async function wiredOnly(): Promise<HostResult<'wifi.status'>> {
  return { hasRadio: false, wired: true, known: null, current: null, country: null, lastJoin: null }
}

async function readLastJoin(root: string): Promise<z.infer<typeof LastJoin> | null> {
  return readJsonFile(LastJoin, join(root, LAST_JOIN))
}

const unsupported = (words: string): LaresError => new LaresError('unsupported', words)
