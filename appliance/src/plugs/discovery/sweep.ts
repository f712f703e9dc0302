import { createSocket, type Socket } from 'node:dgram'
import { isHomeAddress } from '../../core/addresses.ts'
import { sleep, type Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { readSysinfo, type DeviceInfo } from '../languages/iot-state.ts'
import type { BroadcastTarget } from './interfaces.ts'
import { decode, encode } from '../transports/xor-codec.ts'

export interface FoundDevice {
  host: string
  port: number
  info: DeviceInfo
}

export interface DiscoveryOptions {
  targets: readonly BroadcastTarget[]
  clock: Clock
  log: Log
  signal: AbortSignal
  port?: number
}

export const KASA_PORT = 9999
/** Three calls, this far apart: a single datagram is easily lost on Wi-Fi. */
const CALLS = 3
const BETWEEN_CALLS_MS = 150
/** After the last call it ends once nobody new answered for this long … */
const QUIET_MS = 350
/** … and whatever happens after this long. */
const LIMIT_MS = 2_000
const QUESTION = encode('{"system":{"get_sysinfo":{}}}')
const MAX_FOUND = 1_000

/** Calls out on every network and collects who answers, one entry a device however often it answers. */
export async function discover(options: DiscoveryOptions): Promise<FoundDevice[]> {
  const { targets, clock, log, signal, port = KASA_PORT } = options
  const found = new Map<string, FoundDevice>()
  const open = await Promise.all(
    targets.map((target) => openSocket(target, (host, message) => keep(found, host, message, port), log)),
  )
  const sockets = open.filter((each) => each !== null)
  try {
    for (let call = 0; call < CALLS && !signal.aborted; call++) {
      for (const { socket, broadcast } of sockets)
        socket.send(QUESTION, port, broadcast, (error) => logFailure(log, broadcast, error))
      await sleep(clock, BETWEEN_CALLS_MS, signal)
    }
    await untilQuiet(found, clock, signal)
  } finally {
    for (const { socket } of sockets) socket.close()
  }
  return [...found.values()]
}

async function untilQuiet(found: ReadonlyMap<string, FoundDevice>, clock: Clock, signal: AbortSignal): Promise<void> {
  const startedAt = clock.monotonic()
  for (let known = -1; known !== found.size && clock.monotonic() - startedAt < LIMIT_MS && !signal.aborted;) {
    known = found.size
    await sleep(clock, QUIET_MS, signal)
  }
}

function keep(found: Map<string, FoundDevice>, host: string, message: Buffer, port: number): void {
  if (!isHomeAddress(host) || found.size >= MAX_FOUND) return
  try {
    const reply = JSON.parse(decode(message)) as { system?: { get_sysinfo?: unknown } }
    const info = readSysinfo(reply.system?.get_sysinfo)
    found.set(info.mac, { host, port, info })
  } catch {
    // Anybody may send anything to an open UDP port: what is no plug is nothing.
  }
}

interface OpenSocket {
  socket: Socket
  broadcast: string
}

/** null when this network cannot be called (an interface that just went away): the others still are. */
function openSocket(
  { address, broadcast }: BroadcastTarget,
  onMessage: (host: string, message: Buffer) => void,
  log: Log,
): Promise<OpenSocket | null> {
  const socket = createSocket('udp4')
  return new Promise((resolve) => {
    socket.on('message', (message, from) => onMessage(from.address, message))
    socket.on('error', (error) => {
      logFailure(log, broadcast, error)
      resolve(null)
    })
    socket.bind(0, address, () => {
      socket.setBroadcast(true)
      resolve({ socket, broadcast })
    })
  })
}

function logFailure(log: Log, broadcast: string, error: Error | null): void {
  if (error) log.debug({ broadcast, err: messageOf(error) }, 'Could not look for plugs on one network')
}
