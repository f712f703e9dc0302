import { createCipheriv, createDecipheriv, createHash, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { hkdf, ORDER, spake2PlusProver, type Spake2PlusResult } from './spake2plus.ts'

/** TP-Link's own around SPAKE2+: how the password becomes two numbers, the transcript's context, the session's framing. */
const HALF_BYTES = 40
const TAG_BYTES = 16
const SEQUENCE_BYTES = 4
const CONTEXT = 'PAKE V1'
const stretch = promisify(pbkdf2)

export interface PasswordNumbers {
  w0: bigint
  w1: bigint
}

export async function passwordNumbers(secret: string, salt: Uint8Array, iterations: number): Promise<PasswordNumbers> {
  const bytes = await stretch(secret, salt, iterations, 2 * HALF_BYTES, 'sha256')
  return { w0: toScalar(bytes.subarray(0, HALF_BYTES)), w1: toScalar(bytes.subarray(HALF_BYTES)) }
}

export interface TpapExchange extends PasswordNumbers {
  userRandom: Uint8Array
  deviceRandom: Uint8Array
  deviceShare: Uint8Array
  x: bigint
}

/** null when the device's share is not to be trusted. */
export function tpapProver(exchange: TpapExchange): Spake2PlusResult | null {
  const { userRandom, deviceRandom, deviceShare, w0, w1, x } = exchange
  return spake2PlusProver({
    context: tpapContext(userRandom, deviceRandom),
    idProver: '',
    idVerifier: '',
    peerShare: deviceShare,
    encodeW0: minimalBytes,
    ...{ w0, w1, x },
  })
}

export function tpapContext(userRandom: Uint8Array, deviceRandom: Uint8Array): Buffer {
  return createHash('sha256').update(CONTEXT).update(userRandom).update(deviceRandom).digest()
}

/**
 * The shortest big-endian form; when that has an odd number of bytes and its top bit is set, a zero byte goes in front.
 * The RFC writes 32 bytes always: one login in 500 would fail.
 */
export function minimalBytes(value: bigint): Buffer {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  const needsZero = bytes.length % 2 === 1 && ((bytes[0] ?? 0) & 0x80) !== 0
  return needsZero ? Buffer.concat([Buffer.from([0]), bytes]) : bytes
}

/** 1 … ORDER − 1. */
export function randomScalar(): bigint {
  return (toScalar(randomBytes(HALF_BYTES)) % (ORDER - 1n)) + 1n
}

export interface TpapKeys {
  key: Buffer
  nonce: Buffer
}

export function tpapKeys(sharedKey: Uint8Array): TpapKeys {
  return {
    key: hkdf(sharedKey, 'tp-kdf-salt-aes128-key', 'tp-kdf-info-aes128-key', 16),
    nonce: hkdf(sharedKey, 'tp-kdf-salt-aes128-iv', 'tp-kdf-info-aes128-iv', 12),
  }
}

/** Sequence number, cipher text, tag: both directions. */
export function tpapSeal({ key, nonce }: TpapKeys, sequence: number, text: string): Buffer {
  const number = uint32(sequence)
  const plain = Buffer.from(text, 'utf8')
  const cipher = createCipheriv('aes-128-ccm', key, nonceOf(nonce, number), { authTagLength: TAG_BYTES })
  const sealed = cipher.update(plain)
  cipher.final()
  return Buffer.concat([number, sealed, cipher.getAuthTag()])
}

/** The text, or null when it is no answer to `sequence` under this key. */
export function tpapOpen({ key, nonce }: TpapKeys, sequence: number, body: Buffer): string | null {
  if (body.length < SEQUENCE_BYTES + TAG_BYTES || body.readUInt32BE(0) !== sequence) return null
  const sealed = body.subarray(SEQUENCE_BYTES, -TAG_BYTES)
  try {
    const number = uint32(sequence)
    const decipher = createDecipheriv('aes-128-ccm', key, nonceOf(nonce, number), { authTagLength: TAG_BYTES })
    decipher.setAuthTag(body.subarray(-TAG_BYTES))
    const plain = decipher.update(sealed)
    decipher.final()
    return plain.toString('utf8')
  } catch {
    return null
  }
}

function nonceOf(nonce: Buffer, number: Buffer): Buffer {
  return Buffer.concat([nonce.subarray(0, 8), number])
}

function toScalar(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`) % ORDER
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(SEQUENCE_BYTES)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}
