import { generateKeyPair, randomInt } from 'node:crypto'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'

/**
 * The call for newer devices (UDP 20002 and 20004): 16 bytes of header, then JSON. Its checksum is reckoned with a
 * constant in its own place.
 */
export const TDP_HEADER_BYTES = 16
const CHECKSUM_PLACEHOLDER = 0x5a6b7c8d
const CHECKSUM_AT = 12
const VERSION = 2
const PROBE = 1
const FLAGS = 17

/** What older ones of them understand: a header alone. */
export const EMPTY_PROBE = Buffer.from('020000010000000000000000463cb5d3', 'hex')

export function encodeTdp(payload: Uint8Array, serial: number, flags = FLAGS): Buffer {
  const frame = Buffer.alloc(TDP_HEADER_BYTES + payload.length)
  frame.writeUInt8(VERSION, 0)
  frame.writeUInt16BE(PROBE, 2)
  frame.writeUInt16BE(payload.length, 4)
  frame.writeUInt8(flags, 6)
  frame.writeUInt32BE(serial, 8)
  frame.writeUInt32BE(CHECKSUM_PLACEHOLDER, CHECKSUM_AT)
  frame.set(payload, TDP_HEADER_BYTES)
  frame.writeUInt32BE(crc32(frame), CHECKSUM_AT)
  return frame
}

/** Whether a frame says what its checksum says. Devices check ours; of theirs nobody knows, so we do not check them. */
export function hasGoodChecksum(frame: Buffer): boolean {
  if (frame.length < TDP_HEADER_BYTES) return false
  const copy = Buffer.from(frame)
  copy.writeUInt32BE(CHECKSUM_PLACEHOLDER, CHECKSUM_AT)
  return crc32(copy) === frame.readUInt32BE(CHECKSUM_AT)
}

const makeKeyPair = promisify(generateKeyPair)
let probe: Promise<Buffer> | null = null

/**
 * The call with a key in it, which newer firmware wants before it answers. The private half is thrown away: what
 * devices encrypt with the key is told by cameras only. Making one takes half a second, so once a process.
 */
export function keyedProbe(): Promise<Buffer> {
  probe ??= makeKeyPair('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).then(({ publicKey }) =>
    encodeTdp(Buffer.from(JSON.stringify({ params: { rsa_key: publicKey } })), randomInt(2 ** 32)),
  )
  return probe
}
