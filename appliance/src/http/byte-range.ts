/** First and last byte, both included. */
export interface ByteRange {
  start: number
  end: number
}

/**
 * Reads a Range header. `whole`: send everything (no header, or one we do not do, such as several ranges, which RFC 9110
 * lets a server ignore). `unsatisfiable`: 416.
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | 'whole' | 'unsatisfiable' {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '')
  if (!found || (found[1] === '' && found[2] === '')) return 'whole'
  if (found[1] === '') {
    const lastBytes = Number(found[2])
    if (lastBytes === 0 || sizeBytes === 0) return 'unsatisfiable'
    return { start: Math.max(0, sizeBytes - lastBytes), end: sizeBytes - 1 }
  }
  const start = Number(found[1])
  const end = found[2] === '' ? sizeBytes - 1 : Math.min(Number(found[2]), sizeBytes - 1)
  if (found[2] !== '' && Number(found[2]) < start) return 'whole'
  return start >= sizeBytes ? 'unsatisfiable' : { start, end }
}
