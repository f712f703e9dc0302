import { isIP } from 'node:net'
import { connect } from 'node:tls'
import type { Clock } from '../../core/clock.ts'
import { systemCodeOf } from '../../core/errors.ts'
import { troubleError } from '../problems.ts'

const TIMEOUT_MS = 8_000
/** Of the connection, not of who is behind it: whoever connects next says it better. */
const NOT_OF_CERTIFICATES = /^E[A-Z]+$|^ERR_SSL/

/**
 * Whether a camera's certificate is one that this box trusts. Debian's ffmpeg checks none at rtsps addresses and cannot be
 * told to, so it is looked at right before each connection. Throws `untrusted-certificate` in words.
 */
export function checkCertificate(address: string, clock: Clock, signal: AbortSignal): Promise<void> {
  const { hostname, port } = new URL(address.replace(/^rtsps:/i, 'https:'))
  const host = hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve, reject) => {
    const named = isIP(host) === 0 ? { servername: host } : {}
    const socket = connect({ ...named, host, port: Number(port || RTSPS_PORT), rejectUnauthorized: true })
    const stop = (): void => void socket.destroy(new Error('Stopped'))
    signal.addEventListener('abort', stop, { once: true })
    const end = (settle: () => void): void => {
      cancel()
      signal.removeEventListener('abort', stop)
      socket.destroy()
      settle()
    }
    const cancel = clock.after(TIMEOUT_MS, () => end(() => reject(troubleError('unreachable'))))
    socket.once('secureConnect', () => end(resolve))
    socket.once('error', (error) => {
      const code = systemCodeOf(error) ?? ''
      const isConnection = NOT_OF_CERTIFICATES.test(code) || signal.aborted
      end(() => (isConnection ? resolve() : reject(troubleError('untrusted-certificate', error))))
    })
  })
}

export const RTSPS_PORT = 322
