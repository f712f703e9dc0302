import { connect } from 'node:net'
import { isHomeAddress } from '../../core/addresses.ts'
import type { Clock } from '../../core/clock.ts'
import { guardedLookup, mayConnectTo } from '../../core/guarded-lookup.ts'
import { failure } from './failures.ts'
import { createFrameReader, encodeFrame } from './xor-codec.ts'

export interface XorRequest {
  /** Address or name on the home network; anything that leads elsewhere is refused. */
  host: string
  port: number
  /** JSON text. */
  payload: string
  clock: Clock
  /** From the first packet to the last byte of the reply. */
  timeoutMs: number
  maxReplyBytes?: number
  signal?: AbortSignal
}

const MAX_REPLY_BYTES = 64 * 1024
/** Read into a buffer of our own: Node's are 64 KB each, and hundreds of plugs answer at the same moment. */
const READ_BYTES = 2 * 1024
const homeLookup = guardedLookup(isHomeAddress)

/**
 * One question, one answer, one TCP connection. Done as soon as the announced length has arrived, whether the device
 * closes or not. Rejects with the socket's own error, `timeout` (code CONNECT_TIMEOUT or REPLY_TIMEOUT),
 * `too-large`, or `unavailable` (code SHORT_REPLY) when the device hangs up first.
 */
export function sendXor(request: XorRequest): Promise<string> {
  const { host, port, payload, clock, timeoutMs, signal } = request
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(failure.stopped())
    const reader = createFrameReader(request.maxReplyBytes ?? MAX_REPLY_BYTES)
    if (!mayConnectTo(host, isHomeAddress)) return reject(failure.notAtHome(host))
    const onread = {
      buffer: Buffer.allocUnsafe(READ_BYTES),
      callback: (bytes: number, into: Uint8Array) => take(into.subarray(0, bytes)),
    }
    const socket = connect({ host, port, noDelay: true, lookup: homeLookup, onread })
    let connected = false

    const finish = (settle: () => void): void => {
      cancelTimeout()
      signal?.removeEventListener('abort', onAbort)
      socket.destroy()
      settle()
    }
    const fail = (error: Error): void => finish(() => reject(error))
    const onAbort = (): void => fail(failure.stopped())
    const cancelTimeout = clock.after(timeoutMs, () => fail(failure.timedOut(host, connected)))
    signal?.addEventListener('abort', onAbort, { once: true })

    socket.once('connect', () => {
      connected = true
      socket.write(encodeFrame(payload))
    })
    const take = (chunk: Uint8Array): boolean => {
      try {
        const reply = reader.push(chunk)
        if (reply !== null) finish(() => resolve(reply))
      } catch (error) {
        fail(error as Error)
      }
      return true
    }
    socket.on('error', fail)
    socket.on('close', () => fail(failure.hungUp(host, reader.receivedBytes)))
  })
}
