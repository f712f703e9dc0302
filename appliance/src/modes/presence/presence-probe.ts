import { createSocket } from 'node:dgram'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import type { Clock } from '../../core/clock.ts'
import { systemCodeOf } from '../../core/errors.ts'

/** Whether something with this address is on the home network right now. */
export type PresenceProbe = (address: string, signal: AbortSignal) => Promise<boolean>

/** A port that phones refuse at once when they are awake: refusing is an answer. */
const KNOCK_PORT = 62_078
const KNOCK_LIMIT_MS = 2_000
/** Nobody listens there ("discard"): only the question who has this address matters. */
const POKE_PORT = 9
/** The kernel asks three times, a second apart, before it gives an old answer up. */
const ASKING_MS = 4_000
const ARP_TABLE = '/proc/net/arp'
/** ATF_COM: the entry holds a hardware address that answered. */
const ANSWERED = 0x2

/** The line of an address says whether it answered; pure. */
export function answeredArp(table: string, address: string): boolean {
  for (const line of table.split('\n').slice(1)) {
    const [ip, , flags = '0', hardware = ''] = line.trim().split(/\s+/)
    if (ip === address) return (Number(flags) & ANSWERED) !== 0 && hardware !== '00:00:00:00:00:00'
  }
  return false
}

/** Opens or is refused: somebody is there. Silence says nothing. */
function knock(address: string, clock: Clock, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: KNOCK_PORT })
    const end = (isThere: boolean): void => {
      cancel()
      signal.removeEventListener('abort', giveUp)
      socket.destroy()
      resolve(isThere)
    }
    const giveUp = (): void => end(false)
    const cancel = clock.after(KNOCK_LIMIT_MS, giveUp)
    signal.addEventListener('abort', giveUp, { once: true })
    socket.once('connect', () => end(true))
    socket.once('error', (error) => end(systemCodeOf(error) === 'ECONNREFUSED' || systemCodeOf(error) === 'ECONNRESET'))
  })
}

/** One empty datagram, so that the kernel asks the network who has the address. */
function poke(address: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.once('error', () => {
      socket.close()
      resolve()
    })
    socket.send(Buffer.alloc(0), POKE_PORT, address, () => {
      socket.close()
      resolve()
    })
  })
}

/**
 * Asks twice: by a connection, which an awake phone refuses or takes at once, and through the kernel's own table of who
 * answered on the network, which sleeping phones are in too.
 */
export function createPresenceProbe({
  clock,
  pause,
}: {
  clock: Clock
  pause: (ms: number, signal: AbortSignal) => Promise<void>
}): PresenceProbe {
  return async (address, signal) => {
    const [isThere] = await Promise.all([knock(address, clock, signal), poke(address)])
    if (isThere || signal.aborted) return isThere
    await pause(ASKING_MS, signal)
    // Other systems than Linux have no such file: there only the connection counts.
    return answeredArp(await readFile(ARP_TABLE, 'utf8').catch(() => ''), address)
  }
}
