import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { runToEnd } from '../../core/subprocess.ts'
import { listNetworks } from './networks.ts'
import { parseTerse } from './terse.ts'
import type { HeardNetwork, JoinFailure, NetworkDevice } from './types.ts'

export interface NmcliOptions {
  clock: Clock
  log: Log
  /** The program; tests put another in its place. */
  command?: string
}

/** What we ask of NetworkManager, through its own program: arrays of arguments, and no password among them. */
export interface Nmcli {
  /** Wired and wireless ones that NetworkManager looks after. */
  devices(): Promise<NetworkDevice[]>
  scan(device: string): Promise<HeardNetwork[]>
  /** The network that the device is in as a client; null when in none. */
  current(device: string): Promise<{ ssid: string; strength: number } | null>
  /** Every profile, with its name. */
  profiles(): Promise<{ uuid: string; id: string }[]>
  /** The name of the network that a profile is for; null for one that is not of Wi-Fi. */
  ssidOf(uuid: string): Promise<string | null>
  /** From now on NetworkManager joins it by itself. */
  setAutoconnect(uuid: string): Promise<void>
  /** Reads a profile's file that is new or was changed. */
  load(file: string): Promise<void>
  /** null when the profile works: joined, with an address. */
  up(uuid: string, waitS: number): Promise<JoinFailure | null>
  /** Takes the profile off the device, and its file away. One that is gone already is no failure. */
  remove(uuid: string): Promise<void>
}

interface Told {
  text: string
  /** Of a table, its fields unescaped. */
  rows: string[][]
}

/** Above the longest wait that `up` is given. */
const TIMEOUT_MS = 90_000
const NO_SUCH_CONNECTION = 10

export function joinFailureOf(words: string): JoinFailure {
  if (/secrets were required|supplicant|not authorized/i.test(words)) return 'wrong-password'
  if (/could not be found|no network with/i.test(words)) return 'not-found'
  if (/IP configuration|dhcp/i.test(words)) return 'no-address'
  return 'failed'
}

export function createNmcli({ clock, log, command = 'nmcli' }: NmcliOptions): Nmcli {
  async function ask(args: readonly string[]): Promise<Told & { code: number | null; words: string }> {
    const { code, stdout, lastLines } = await runToEnd({
      ...{ name: 'nmcli', command, args: ['--terse', ...args], clock, log, timeoutMs: TIMEOUT_MS },
      env: { LC_ALL: 'C.UTF-8' },
    })
    const text = stdout.toString()
    return { code, text, rows: parseTerse(text), words: lastLines.join(' ') }
  }

  async function must(args: readonly string[]): Promise<Told> {
    const { code, text, rows, words } = await ask(args)
    if (code === 0) return { text, rows }
    log.warn({ args, words }, 'NetworkManager refused')
    throw new LaresError('unavailable', 'The network of this box does not answer.')
  }

  return {
    async devices() {
      return devicesOf((await must(['--fields', 'DEVICE,TYPE,STATE,CON-UUID', 'device', 'status'])).rows)
    },
    async scan(device) {
      const fields = ['--fields', 'SSID,SIGNAL,SECURITY']
      const { rows } = await must([...fields, 'device', 'wifi', 'list', 'ifname', device, '--rescan', 'yes'])
      return listNetworks(rows)
    },
    async current(device) {
      const fields = ['--fields', 'IN-USE,SSID,SIGNAL']
      const { rows } = await must([...fields, 'device', 'wifi', 'list', 'ifname', device, '--rescan', 'no'])
      const used = rows.find(([mark]) => mark === '*')
      return used ? { ssid: used[1] ?? '', strength: Number(used[2]) || 0 } : null
    },
    async profiles() {
      const { rows } = await must(['--fields', 'UUID,NAME', 'connection', 'show'])
      return rows.map(([uuid = '', id = '']) => ({ uuid, id }))
    },
    async ssidOf(uuid) {
      // A list of one profile's values is not escaped, unlike tables: all behind the first colon is the name.
      const { text } = await must(['--fields', '802-11-wireless.ssid', 'connection', 'show', 'uuid', uuid])
      return text.replace(/\n$/, '').replace(/^[^:]*:/, '') || null
    },
    async setAutoconnect(uuid) {
      await must(['connection', 'modify', 'uuid', uuid, 'connection.autoconnect', 'yes'])
    },
    async load(file) {
      await must(['connection', 'load', file])
    },
    async up(uuid, waitS) {
      const { code, words } = await ask(['--wait', String(waitS), 'connection', 'up', 'uuid', uuid])
      return code === 0 ? null : joinFailureOf(words)
    },
    async remove(uuid) {
      const { code, words } = await ask(['connection', 'delete', 'uuid', uuid])
      if (code !== 0 && code !== NO_SUCH_CONNECTION) log.warn({ uuid, words }, 'The profile could not be removed')
    },
  }
}

function devicesOf(rows: readonly string[][]): NetworkDevice[] {
  return rows.flatMap(([name = '', type, state, uuid = '']) => {
    const kind = type === 'ethernet' ? ('wired' as const) : type === 'wifi' ? ('wifi' as const) : null
    if (kind === null || state === 'unmanaged') return []
    return [{ name, kind, connected: /^connected/.test(state ?? ''), profileId: uuid === '' ? null : uuid }]
  })
}
