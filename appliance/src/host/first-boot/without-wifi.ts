import { WIFI_TABLES } from './lares-toml.ts'

const TAKEN = '# taken over by Lares'

/**
 * The same file without the Wi-Fi and its password, byte for byte as long: it is written over the old one, so that the
 * old bytes are gone from the card as far as a card lets anybody say. null where there is nothing to take away.
 */
export function withoutWifi(name: string, bytes: Buffer): Buffer | null {
  if (name === 'network-config') return Buffer.from(sameLength(bytes.length))
  if (!name.endsWith('.toml')) return null
  // Two bytes a letter: the lines cannot be found by theirs. What else stood there was taken over as well.
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return Buffer.from(sameLength(bytes.length))
  let table = ''
  const lines = bytes.toString('latin1').split('\n')
  const kept = lines.map((line) => {
    const header = /^\s*\[\s*([A-Za-z0-9_-]+)\s*\]/.exec(line)
    if (header) table = header[1] ?? ''
    else if (WIFI_TABLES.includes(table) && /^\s*[A-Za-z0-9_-]+\s*=/.test(line)) return sameLength(line.length)
    return line
  })
  const result = Buffer.from(kept.join('\n'), 'latin1')
  return result.equals(bytes) ? null : result
}

function sameLength(length: number): string {
  return length === 0 ? '' : `${TAKEN.slice(0, length)}${' '.repeat(Math.max(0, length - TAKEN.length))}`
}
