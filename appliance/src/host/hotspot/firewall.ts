import { join } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { runToEnd } from '../../core/subprocess.ts'
import { writeFileSafely } from '../wifi/index.ts'

/** What `meta mark` the box's own table lets in (firmware-image/image/overlay/etc/nftables.conf). */
const LET_IN = '0x4c617265'
const HOTSPOT_TABLE = 'lares_hotspot'
/** Where the page really listens: port 80 of the box is the product's, which nobody on the access point may reach. */
export const PAGE_PORT = 8_085

/**
 * Rules for the time of the access point: addresses (67), names (53) and the page for the Wi-Fi, which answers on port
 * 80 of every address. Everything else that comes in over the radio is refused, and nothing goes through the box.
 *
 * @param device the radio, for example `wlan0`
 */
export function hotspotRules(device: string, pagePort: number = PAGE_PORT): string {
  const name = JSON.stringify(device)
  return `table inet ${HOTSPOT_TABLE}
delete table inet ${HOTSPOT_TABLE}
table inet ${HOTSPOT_TABLE} {
  chain prerouting {
    type nat hook prerouting priority dstnat;
    iifname ${name} tcp dport 80 redirect to :${pagePort}
  }
  chain input {
    type filter hook input priority filter - 10;
    iifname ${name} jump from_phone
  }
  chain from_phone {
    ct state established,related accept
    udp dport { 53, 67 } meta mark set ${LET_IN} accept
    tcp dport 53 meta mark set ${LET_IN} accept
    tcp dport ${pagePort} meta mark set ${LET_IN} accept
    meta l4proto tcp reject with tcp reset
    drop
  }
  chain forward {
    type filter hook forward priority filter - 10;
    iifname ${name} drop
    oifname ${name} drop
  }
}
`
}

/** The walls around the access point. */
export interface Firewall {
  /** Throws `unavailable` when they do not stand. */
  raise(device: string, pagePort: number): Promise<void>
  lower(): Promise<void>
}

export interface FirewallOptions {
  root: string
  clock: Clock
  log: Log
  command?: string
}

const RULES = 'run/lares-hotspot/rules.nft'
const TIMEOUT_MS = 10_000

export function createFirewall({ root, clock, log, command = 'nft' }: FirewallOptions): Firewall {
  const nft = async (args: readonly string[]): Promise<boolean> =>
    (await runToEnd({ name: 'nft', command, args, clock, log, timeoutMs: TIMEOUT_MS })).code === 0
  return {
    async raise(device, pagePort) {
      const file = join(root, RULES)
      await writeFileSafely(file, hotspotRules(device, pagePort))
      if (!(await nft(['-f', file])))
        throw new LaresError('unavailable', 'The firewall refused the rules of the access point.')
    },
    async lower() {
      await nft(['delete', 'table', 'inet', HOTSPOT_TABLE]).catch((error: unknown) =>
        log.warn({ err: messageOf(error) }, 'The firewall of the access point stays'),
      )
    },
  }
}
