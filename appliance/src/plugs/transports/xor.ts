import type { Scheme, Transport, TransportDeps } from './types.ts'
import { sendXor } from './xor-connection.ts'

const TIMEOUT_MS = 3_000
const NOBODY_SIGNS_IN = { signedInAs: null, klapVersion: null, lostSessions: 0 } as const

/** The older Kasa protocol: no session and no secret, one TCP connection a question. */
export function createXorTransport(scheme: Scheme, deps: Pick<TransportDeps, 'host' | 'clock' | 'signal'>): Transport {
  const { host, clock, signal } = deps
  return {
    scheme,
    ask: (payload) => sendXor({ host, port: scheme.port, payload, clock, timeoutMs: TIMEOUT_MS, signal }),
    facts: () => NOBODY_SIGNS_IN,
    close: () => undefined,
  }
}
