import { isHomeAddress } from '../../core/addresses.ts'
import { sleep, type Clock } from '../../core/clock.ts'
import { mayConnectTo } from '../../core/guarded-lookup.ts'
import { joinAnswers } from './answers.ts'
import { openCallSocket } from './call-socket.ts'
import { keyedProbe } from './tdp-codec.ts'
import type { FoundDevice } from './types.ts'

export interface ProbeOptions {
  clock: Clock
  signal: AbortSignal
}

const CALLS = 3
const BETWEEN_CALLS_MS = 250
/** After its first answer a device gets this long for the other languages. */
const GRACE_MS = 80

/**
 * Calls one address on 9999, 20002 and 20004. It crosses routers, and it wakes plugs that keep their port 80 closed
 * after a power cut. null when nothing answers within about a second; never rejects.
 */
export async function probe(host: string, { clock, signal }: ProbeOptions): Promise<FoundDevice | null> {
  if (signal.aborted || !mayConnectTo(host, isHomeAddress)) return null
  let found: FoundDevice | undefined
  const answered = new AbortController()
  const onFound = (device: FoundDevice): void => {
    found = joinAnswers(found, device)
    answered.abort()
  }
  const socket = await openCallSocket({ onFound, onFailure: () => undefined })
  if (!socket) return null
  const stop = AbortSignal.any([answered.signal, signal])
  try {
    for (let call = 0; call < CALLS && !stop.aborted; call++) {
      if (call === CALLS - 1) await keyedProbe().catch(() => null)
      socket.call(host)
      await sleep(clock, BETWEEN_CALLS_MS, stop)
    }
    if (found && !signal.aborted) await sleep(clock, GRACE_MS, signal)
  } finally {
    socket.close()
  }
  return found ?? null
}
