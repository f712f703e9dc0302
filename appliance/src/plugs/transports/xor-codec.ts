import { failure } from './failures.ts'

/**
 * The framing of older Kasa devices: each byte is XORed with the byte sent before it, starting at 171. It hides
 * nothing; it is how they speak. Over TCP a message is its length (4 bytes, big-endian) and then the body.
 */
const FIRST_KEY = 171
export const HEADER_BYTES = 4

export function encode(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  let key = FIRST_KEY
  for (let i = 0; i < bytes.length; i++) {
    key = (bytes[i] ?? 0) ^ key
    bytes[i] = key
  }
  return bytes
}

export function decode(bytes: Uint8Array): string {
  const plain = Buffer.alloc(bytes.length)
  let key = FIRST_KEY
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0
    plain[i] = byte ^ key
    key = byte
  }
  return plain.toString('utf8')
}

/** One whole message as it goes over TCP, to be written in one piece: some devices do not join two. */
export function encodeFrame(text: string): Buffer {
  const body = encode(text)
  const frame = Buffer.allocUnsafe(HEADER_BYTES + body.length)
  frame.writeUInt32BE(body.length, 0)
  body.copy(frame, HEADER_BYTES)
  return frame
}

export interface FrameReader {
  /** Takes the next piece; the text once the frame is whole, null before. Throws when more than the cap is announced. */
  push(chunk: Uint8Array): string | null
  readonly receivedBytes: number
}

/** Puts one reply together from whatever pieces it arrives in, never keeping more than `maxBodyBytes`. */
export function createFrameReader(maxBodyBytes: number): FrameReader {
  const header = Buffer.alloc(HEADER_BYTES)
  let body: Buffer | null = null
  let received = 0

  return {
    get receivedBytes() {
      return received
    },
    push(chunk) {
      const headerPart = chunk.subarray(0, Math.max(0, HEADER_BYTES - received))
      if (headerPart.length > 0) header.set(headerPart, received)
      received += headerPart.length
      if (received < HEADER_BYTES) return null
      body ??= bodyFor(header, maxBodyBytes)
      const bodyPart = chunk.subarray(headerPart.length, headerPart.length + body.length - (received - HEADER_BYTES))
      body.set(bodyPart, received - HEADER_BYTES)
      received += bodyPart.length
      return received - HEADER_BYTES === body.length ? decode(body) : null
    },
  }
}

function bodyFor(header: Buffer, maxBodyBytes: number): Buffer {
  const length = header.readUInt32BE(0)
  if (length <= maxBodyBytes) return Buffer.alloc(length)
  throw failure.tooLarge(length, maxBodyBytes)
}
