import type { IncomingMessage } from 'node:http'
import { LaresError } from '../core/errors.ts'

/** Browsers send about thirty. */
const MOST_HEADERS = 100

const countOf = (rawHeaders: readonly string[], name: string): number =>
  rawHeaders.filter((entry, index) => index % 2 === 0 && entry.toLowerCase() === name).length

/**
 * What is readable and still no request to answer: absolute addresses are for proxies, two Host headers are a way to
 * tell two programs two different things, and a thousand headers push the last ones out (SEC-C9). Throws `invalid`.
 */
export function checkForm({ url, rawHeaders }: IncomingMessage): void {
  if (!url?.startsWith('/')) throw new LaresError('invalid', 'This address is not written correctly.')
  if (rawHeaders.length > 2 * MOST_HEADERS)
    throw new LaresError('too-large', 'This request has too many headers.', { code: 'HEADERS_TOO_LARGE' })
  if (countOf(rawHeaders, 'host') > 1)
    throw new LaresError('invalid', 'This request names two hosts.', { code: 'BAD_REQUEST' })
}
