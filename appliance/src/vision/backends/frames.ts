import { LaresError } from '../../core/errors.ts'

/** One message of the sidecar protocol (docs/reference/sidecar-protocol.md): length, kind, body. */
export interface Message {
  kind: number
  body: Buffer
}

export const KINDS = { hello: 1, look: 2, seen: 3, failed: 4, ping: 5, pong: 6 } as const

const HEADER_BYTES = 5
/** What a sidecar may send is small: lists of boxes. */
const MAX_BODY_BYTES = 256 * 1024

export function encodeMessage(kind: number, ...parts: Uint8Array[]): Uint8Array[] {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32BE(parts.reduce((sum, part) => sum + part.length, 0))
  header.writeUInt8(kind, 4)
  return [header, ...parts]
}

/** Puts messages together from whatever pieces a socket delivers. Throws `invalid` for one that is too long. */
export function createMessageReader(onMessage: (message: Message) => void): (piece: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (piece) => {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    while (rest.length >= HEADER_BYTES) {
      const length = rest.readUInt32BE()
      if (length > MAX_BODY_BYTES) throw new LaresError('invalid', 'The sidecar sent a message that is too long.')
      if (rest.length < HEADER_BYTES + length) return
      const message = { kind: rest.readUInt8(4), body: rest.subarray(HEADER_BYTES, HEADER_BYTES + length) }
      rest = rest.subarray(HEADER_BYTES + length)
      onMessage(message)
    }
  }
}
