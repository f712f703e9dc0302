import { isIP } from 'node:net'
import { der, sequence } from '../der.ts'
import { PERMITTED_DOMAINS, PERMITTED_RANGES } from './home-names.ts'

/** RFC 5280, 4.2.1.10. */
export const NAME_CONSTRAINTS_OID = '2.5.29.30'

const PERMITTED_SUBTREES = 0xa0
const DNS_NAME = 0x82
const IP_ADDRESS = 0x87

/** An address as its 4 or 16 bytes. */
export function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail] = address.split('::')
  const groups = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => parseInt(group, 16)))
  const before = groups(head)
  const after = groups(tail ?? '')
  const zeros = Array<number>(8 - before.length - after.length).fill(0)
  const bytes = Buffer.alloc(16)
  for (const [index, group] of [...before, ...zeros, ...after].entries()) bytes.writeUInt16BE(group, index * 2)
  return bytes
}

function maskBytes(bytes: number, prefix: number): Buffer {
  return Buffer.from(
    Array.from({ length: bytes }, (_, index) => {
      const bits = Math.min(8, Math.max(0, prefix - index * 8))
      return (0xff << (8 - bits)) & 0xff
    }),
  )
}

function range(network: string, prefix: number): Buffer {
  const address = addressBytes(network)
  return sequence(der(IP_ADDRESS, address, maskBytes(address.length, prefix)))
}

/**
 * The value of the extension that limits the root to names and addresses of a home: whoever steals its key still cannot
 * impersonate a bank to the phones that trust it.
 */
export function nameConstraints(): Buffer {
  const domains = PERMITTED_DOMAINS.map((domain) => sequence(der(DNS_NAME, Buffer.from(domain, 'latin1'))))
  const ranges = PERMITTED_RANGES.map(([network, prefix]) => range(network, prefix))
  return sequence(der(PERMITTED_SUBTREES, ...domains, ...ranges))
}
