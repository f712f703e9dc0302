import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LaresError, systemCodeOf } from '../../core/errors.ts'
import { runToEnd } from '../../core/subprocess.ts'
import type { WireguardSetup } from '../protocol/index.ts'
import type { AgentGround, Handlers } from './types.ts'
import {
  firewallText,
  noFirewallText,
  parseDump,
  TUNNEL,
  TUNNEL_TABLE,
  wgQuickText,
  wgText,
} from './wireguard-files.ts'

const QUICK_FILE = `etc/wireguard/${TUNNEL}.conf`
const SYNC_FILE = `run/lares-wireguard.conf`
const FIREWALL_FILE = `run/lares-wireguard.nft`
const FORWARDING_FILE = 'proc/sys/net/ipv4/ip_forward'
const UNIT = `wg-quick@${TUNNEL}.service`
const PATIENCE_MS = 30_000
const PROGRAMS = ['usr/bin/wg', 'usr/bin/wg-quick', 'usr/sbin/nft', 'usr/bin/systemctl']

/** Whether everything that the tunnel needs is installed. */
export const canWireguard = (root: string): boolean => PROGRAMS.every((program) => existsSync(join(root, program)))

type WireguardHandlers = Pick<Handlers, 'wireguard.apply' | 'wireguard.stop' | 'wireguard.status'>

/** The tunnel of the phones: brought up, changed without cutting anybody off, taken down. */
export function wireguardHandlers(ground: AgentGround): WireguardHandlers {
  const { root } = ground
  const run = createRun(ground)
  const at = (file: string): string => join(root, file)

  async function isUp(): Promise<boolean> {
    return (await run('wg', ['show', 'interfaces'])).split(/\s+/).includes(TUNNEL)
  }

  async function loadFirewall(text: string): Promise<void> {
    await writePrivately(at(FIREWALL_FILE), text)
    await run('nft', ['--file', at(FIREWALL_FILE)])
  }

  /** Peers and port change under the feet of those who are connected; another address needs a new interface. */
  async function bringUp(setup: WireguardSetup): Promise<void> {
    const before = await readOrNull(at(QUICK_FILE))
    const after = wgQuickText(setup)
    await writePrivately(at(QUICK_FILE), after)
    if (!(await isUp())) return void (await run('systemctl', ['restart', UNIT]))
    if (before === null || addressIn(before) !== addressIn(after))
      return void (await run('systemctl', ['restart', UNIT]))
    await writePrivately(at(SYNC_FILE), wgText(setup))
    try {
      await run('wg', ['syncconf', TUNNEL, at(SYNC_FILE)])
    } finally {
      await rm(at(SYNC_FILE), { force: true })
    }
  }

  return {
    async 'wireguard.apply'(setup) {
      await bringUp(setup)
      await loadFirewall(firewallText(setup))
      if (setup.peers.some(({ reach }) => reach === 'home') && setup.homeNetworks.length > 0)
        await writeFile(at(FORWARDING_FILE), '1\n')
      return {}
    },
    async 'wireguard.stop'() {
      await run('systemctl', ['stop', UNIT])
      await loadFirewall(noFirewallText())
      await rm(at(QUICK_FILE), { force: true })
      return {}
    },
    async 'wireguard.status'() {
      if (!(await isUp())) return { running: false, peers: [] }
      const tables = await run('nft', ['list', 'tables'])
      const running = tables.split('\n').includes(`table inet ${TUNNEL_TABLE}`)
      return { running, peers: parseDump(await run('wg', ['show', TUNNEL, 'dump'])) }
    },
  }
}

/** Runs a program without a shell; what it complains about is told, its output is not (it may hold keys). */
function createRun({ clock, log }: AgentGround) {
  return async (command: string, args: readonly string[]): Promise<string> => {
    const asked = { name: command, command, args, log, clock, timeoutMs: PATIENCE_MS }
    const { code, stdout, lastLines } = await runToEnd(asked)
    if (code === 0) return stdout.toString('utf8')
    log.warn({ command, args, lastLines: lastLines.slice(-5) }, 'A program failed')
    throw new LaresError('unavailable', 'The tunnel cannot be set up on this box. Its journal says why.', {
      code: 'TUNNEL_FAILED',
    })
  }
}

const addressIn = (text: string): string | undefined => /^Address = (.+)$/m.exec(text)?.[1]

/** Whole or not at all, for root's eyes only: keys are in it. */
async function writePrivately(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const next = `${file}.new`
  await rm(next, { force: true })
  const handle = await open(next, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(next, file)
}

async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null
    throw error
  }
}
