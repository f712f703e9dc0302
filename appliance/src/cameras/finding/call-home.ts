import { createSocket, type Socket } from 'node:dgram'
import { sleep, type Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Subnet } from '../onvif/own-networks.ts'
import { makeProbes, readProbeMatch, WS_GROUP, WS_PORT, type Probe, type ProbeMatch } from './ws-discovery.ts'

export interface CallDeps {
  clock: Clock
  log: Log
  signal: AbortSignal
  subnets: readonly Subnet[]
  /** Addresses that are asked by themselves, for networks that let no multicast through. */
  hosts: readonly string[]
  mayReach(address: string): boolean
  onMatch(address: string, match: ProbeMatch): void
}

/** A single datagram is easily lost on Wi-Fi. */
const CALLS = 3
const BETWEEN_CALLS_MS = 300
/** Devices wait up to half a second before they answer, so as not to speak all at once. */
const LISTEN_MS = 1_500
const HOSTS_AT_ONCE = 32
const BETWEEN_HOSTS_MS = 10
/** Beyond this many datagrams somebody plays tricks; reading each costs time that the cameras need. */
const MAX_DATAGRAMS = 4_000

/** Calls for cameras by WS-Discovery, on every network and at each address; ends by itself after some seconds. */
export async function callForCameras(deps: CallDeps): Promise<void> {
  const { clock, log, signal, subnets, hosts, mayReach } = deps
  const probes = makeProbes()
  const ids = new Set(probes.map(({ id }) => id))
  let heard = 0
  const onDatagram = (datagram: Buffer, from: string): void => {
    if (++heard > MAX_DATAGRAMS || !mayReach(from)) return
    const match = readProbeMatch(datagram, ids)
    if (match) deps.onMatch(from, match)
  }
  const onFailure = (error: unknown): void => log.debug({ err: messageOf(error) }, 'Could not call for cameras')
  const sockets = await Promise.all(subnets.map(({ address }) => openSocket(address, onDatagram, onFailure)))
  const single = await openSocket(null, onDatagram, onFailure)
  const open = [...sockets, single].filter((socket) => socket !== null)
  try {
    for (let call = 0; call < CALLS && !signal.aborted; call++) {
      for (const socket of sockets) if (socket) sendAll(socket, probes, WS_GROUP, onFailure)
      if (call < CALLS - 1 && single) await askEach(single, probes, hosts, deps, onFailure)
      await sleep(clock, BETWEEN_CALLS_MS, signal)
    }
    await sleep(clock, LISTEN_MS, signal)
  } finally {
    for (const socket of open) socket.close()
  }
}

function openSocket(
  from: string | null,
  onDatagram: (datagram: Buffer, from: string) => void,
  onFailure: (error: unknown) => void,
): Promise<Socket | null> {
  const socket = createSocket('udp4')
  socket.on('message', (datagram, { address }) => onDatagram(datagram, address))
  return new Promise((resolve) => {
    const onError = (error: Error): void => {
      onFailure(error)
      resolve(null)
    }
    socket.on('error', onError)
    socket.bind({ port: 0, ...(from !== null && { address: from }) }, () => {
      try {
        socket.setMulticastTTL(1)
        if (from !== null) socket.setMulticastInterface(from)
        resolve(socket)
      } catch (error) {
        socket.close()
        onFailure(error)
        resolve(null)
      }
    })
  })
}

function sendAll(socket: Socket, probes: readonly Probe[], to: string, onFailure: (error: unknown) => void): void {
  for (const { datagram } of probes) {
    socket.send(datagram, WS_PORT, to, (error) => {
      if (error) onFailure(error)
    })
  }
}

async function askEach(
  socket: Socket,
  probes: readonly Probe[],
  hosts: readonly string[],
  { clock, signal }: CallDeps,
  onFailure: (error: unknown) => void,
): Promise<void> {
  for (let from = 0; from < hosts.length && !signal.aborted; from += HOSTS_AT_ONCE) {
    for (const host of hosts.slice(from, from + HOSTS_AT_ONCE)) sendAll(socket, probes, host, onFailure)
    await sleep(clock, BETWEEN_HOSTS_MS, signal)
  }
}
