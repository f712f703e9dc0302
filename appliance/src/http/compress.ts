import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)

export type Encoding = 'br' | 'gzip'

const SMALLEST_BYTES = 1_024
/** Quick enough for answers made on the spot; what is built beforehand is packed harder by the build. */
const BROTLI_QUALITY = 4

/** The best encoding that an Accept-Encoding header takes, or null. */
export function chooseEncoding(acceptEncoding: string): Encoding | null {
  const accepted = acceptEncoding
    .split(',')
    .map((part) => part.trim().toLowerCase().replaceAll(' ', ''))
    .filter((part) => !/;q=0(\.0*)?$/.test(part))
    .map((part) => part.split(';')[0])
  if (accepted.includes('br')) return 'br'
  return accepted.includes('gzip') ? 'gzip' : null
}

export async function compress(body: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return gzipped(body)
  return brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } })
}

export const isWorthCompressing = (bytes: number): boolean => bytes >= SMALLEST_BYTES
