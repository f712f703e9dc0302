import type { Duplex } from 'node:stream'
import { newToken } from '../core/crypto.ts'
import { LaresError, systemCodeOf } from '../core/errors.ts'
import { asLaresError, errorReply } from './errors.ts'
import { securityHeaders } from './security-headers.ts'

/**
 * Writes an error where there is no response object (a refused upgrade, a request that never became one), and lets go of
 * the socket: no time-out of the server watches it any more.
 */
export function endWithError(socket: Duplex, thrown: unknown, nowMs: number): void {
  const { status, headers, body } = errorReply(asLaresError(thrown), newToken(9), nowMs)
  const text = JSON.stringify(body)
  const all = {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(text)),
    'Cache-Control': 'no-store',
    Connection: 'close',
    ...securityHeaders(null),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  socket.once('finish', () => socket.destroy())
  socket.end([`HTTP/1.1 ${status} ${body.error}`, ...lines, '', text].join('\r\n'))
}

/** What Node found wrong with a request before it became one, in our words (SEC-A9). */
export function asClientError(error: unknown): LaresError {
  switch (systemCodeOf(error)) {
    case 'HPE_HEADER_OVERFLOW':
      return new LaresError('too-large', 'The headers of this request are too long.', { code: 'HEADERS_TOO_LARGE' })
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new LaresError('timeout', 'The request took too long to arrive.', { code: 'REQUEST_TIMEOUT' })
    default:
      return new LaresError('invalid', 'This is not a request that can be read.', { code: 'BAD_REQUEST' })
  }
}
