import { LaresError } from '../../../core/errors.ts'

/** A 4K JPEG at its finest is about 6 MB. */
export const LARGEST_JPEG_BYTES = 12 * 1024 * 1024
const LARGEST_HEADER_BYTES = 4_096
const END_OF_HEADERS = Buffer.from('\r\n\r\n')

/** The boundary of a `multipart/x-mixed-replace` stream, or null when the answer is none. */
export function boundaryOf(contentType: string): string | null {
  if (!/^\s*multipart\/(x-mixed-replace|mixed)/i.test(contentType)) return null
  const match = /boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;,]{1,200}))/i.exec(contentType)
  return match?.[1] ?? match?.[2] ?? null
}

/**
 * Takes JPEGs out of an MJPEG stream, whatever pieces it comes in: by their length where the camera says it, up to the next
 * boundary where not. Throws `invalid` when the camera sends what is none, or something without end.
 */
export function createPartReader(boundary: string, onPart: (jpeg: Buffer) => void): { push(chunk: Buffer): void } {
  // Some name it with its two dashes, some without: what is always there is the name itself.
  const mark = Buffer.from(`--${boundary.replace(/^--/, '')}`)
  let rest: Buffer = Buffer.alloc(0)
  /** Bytes of the current part; null before its headers, -1 when only the next boundary ends it. */
  let length: number | null = null
  let searchedTo = 0

  /** Returns false when more is needed. */
  function readHeaders(): boolean {
    const start = rest.indexOf(mark)
    const end = start < 0 ? -1 : rest.indexOf(END_OF_HEADERS, start)
    if (end < 0) {
      if (rest.length > LARGEST_HEADER_BYTES + mark.length) throw noStream()
      return false
    }
    const told = /^content-length\s*:\s*(\d{1,9})\s*$/im.exec(rest.toString('latin1', start, end))?.[1]
    length = told === undefined || told === '0' ? -1 : Number(told)
    if (length > LARGEST_JPEG_BYTES) throw noStream()
    rest = rest.subarray(end + END_OF_HEADERS.length)
    searchedTo = 0
    return true
  }

  function readBody(): boolean {
    let end = length ?? -1
    if (length === -1) {
      end = rest.indexOf(mark, Math.max(0, searchedTo - mark.length))
      searchedTo = rest.length
      if (end < 0 && rest.length > LARGEST_JPEG_BYTES) throw noStream()
    }
    if (end < 0 || rest.length < end) return false
    const jpeg = rest.subarray(0, end)
    rest = rest.subarray(end)
    length = null
    if (jpeg.length > 0) onPart(jpeg)
    return true
  }

  return {
    push(chunk) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      while (length === null ? readHeaders() : readBody()) continue
    },
  }
}

function noStream(): LaresError {
  return new LaresError('invalid', 'What comes from this address is no MJPEG stream.', { code: 'NOT_MJPEG' })
}
