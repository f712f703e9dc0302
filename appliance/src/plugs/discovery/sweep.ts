import { sleep, type Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { joinAnswers } from './answers.ts'
import { openCallSocket, type CallSocket } from './call-socket.ts'
import type { BroadcastTarget } from './interfaces.ts'
import { keyedProbe } from './tdp-codec.ts'
import type { FoundDevice } from './types.ts'

export interface SweepOptions {
  targets: readonly BroadcastTarget[]
  clock: Clock
  log: Log
  signal: AbortSignal
}

/** Three calls, this far apart: a single datagram is easily lost on Wi-Fi. */
const CALLS = 3
const BETWEEN_CALLS_MS = 150
/** After the last call it ends once nobody new answered for this long … */
const QUIET_MS = 350
/** … and whatever happens after this long. */
const LIMIT_MS = 2_000
const MAX_FOUND = 1_000

/** Calls out on every network and collects who answers, one entry a device however often it answers. */
export async function sweep(options: SweepOptions): Promise<FoundDevice[]> {
  const { targets, clock, log, signal } = options
  const found = new Map<string, FoundDevice>()
  const onFound = (device: FoundDevice): void => {
    if (found.size < MAX_FOUND || found.has(device.mac))
      found.set(device.mac, joinAnswers(found.get(device.mac), device))
  }
  const open = targets.map(async ({ address, broadcast }) => {
    const onFailure = (error: Error): void =>
      log.debug({ broadcast, err: messageOf(error) }, 'Could not look for plugs on one network')
    const socket = await openCallSocket({ from: address, broadcast: true, onFound, onFailure })
    return socket && { socket, broadcast }
  })
  const sockets = (await Promise.all(open)).filter((each) => each !== null)
  try {
    await callAll(sockets, clock, signal)
    await untilQuiet(found, clock, signal)
  } finally {
    for (const { socket } of sockets) socket.close()
  }
  return [...found.values()]
}

async function callAll(
  sockets: readonly { socket: CallSocket; broadcast: string }[],
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  // The key of the newer call takes half a second the first time; nobody else waits for it.
  const keyed = keyedProbe().catch(() => null)
  for (let call = 0; call < CALLS && !signal.aborted; call++) {
    if (call === CALLS - 1) await keyed
    for (const { socket, broadcast } of sockets) socket.call(broadcast)
    if (call < CALLS - 1) await sleep(clock, BETWEEN_CALLS_MS, signal)
  }
}

async function untilQuiet(found: ReadonlyMap<string, FoundDevice>, clock: Clock, signal: AbortSignal): Promise<void> {
  const startedAt = clock.monotonic()
  for (let known = -1; known !== found.size && clock.monotonic() - startedAt < LIMIT_MS && !signal.aborted;) {
    known = found.size
    await sleep(clock, QUIET_MS, signal)
  }
}
