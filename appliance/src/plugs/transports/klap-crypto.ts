import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'

/** Pure: the arithmetic of KLAP, versions 1 and 2, checked against another implementation's numbers. */
export type KlapVersion = 1 | 2

const SEED_BYTES = 16
const HASH_BYTES = 32
const IV_BYTES = 12
const SIGNATURE_KEY_BYTES = 28

const digest = (name: string, ...parts: (string | Uint8Array)[]): Buffer => {
  const hash = createHash(name)
  for (const part of parts) hash.update(part)
  return hash.digest()
}
const sha256 = (...parts: (string | Uint8Array)[]): Buffer => digest('sha256', ...parts)

/** What user name and password are worth to the device. */
export function klapAuth(version: KlapVersion, user: string, password: string): Buffer {
  const inner = version === 1 ? 'md5' : 'sha1'
  return digest(version === 1 ? 'md5' : 'sha256', digest(inner, user), digest(inner, password))
}

/** What the device proves with in its first answer. */
export function klapServerHash(version: KlapVersion, local: Uint8Array, remote: Uint8Array, auth: Uint8Array): Buffer {
  return version === 1 ? sha256(local, auth) : sha256(local, remote, auth)
}

/** What we prove with in the second message. */
export function klapClientHash(version: KlapVersion, local: Uint8Array, remote: Uint8Array, auth: Uint8Array): Buffer {
  return version === 1 ? sha256(remote, auth) : sha256(remote, local, auth)
}

export interface KlapKeys {
  key: Buffer
  iv: Buffer
  signatureKey: Buffer
  /** Signed 32 bits; the first question has the next number. */
  firstSequence: number
}

export function klapKeys(local: Uint8Array, remote: Uint8Array, auth: Uint8Array): KlapKeys {
  const iv = sha256('iv', local, remote, auth)
  return {
    key: sha256('lsk', local, remote, auth).subarray(0, 16),
    iv: iv.subarray(0, IV_BYTES),
    signatureKey: sha256('ldk', local, remote, auth).subarray(0, SIGNATURE_KEY_BYTES),
    firstSequence: iv.readInt32BE(28),
  }
}

export function nextSequence(sequence: number): number {
  return (sequence + 1) | 0
}

/** Signature (32 bytes) and cipher text, as both sides send them. */
export function klapSeal(keys: KlapKeys, sequence: number, text: string): Buffer {
  const cipher = createCipheriv('aes-128-cbc', keys.key, ivOf(keys, sequence))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([signatureOf(keys, sequence, sealed), sealed])
}

/**
 * The text of an answer to `sequence`; null when it cannot be one. Whether devices sign their answers is not known, so
 * a wrong signature alone is no reason to refuse. One that fits a neighbouring number is: the first 16 bytes would come
 * out wrong without anybody noticing.
 */
export function klapOpen(keys: KlapKeys, sequence: number, body: Uint8Array): string | null {
  if (body.length <= HASH_BYTES) return null
  const signature = Buffer.from(body.subarray(0, HASH_BYTES))
  const sealed = body.subarray(HASH_BYTES)
  const answersAnother = [-2, -1, 1, 2].some((by) => signature.equals(signatureOf(keys, (sequence + by) | 0, sealed)))
  if (answersAnother) return null
  try {
    const decipher = createDecipheriv('aes-128-cbc', keys.key, ivOf(keys, sequence))
    return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

/** `handshake1`'s answer: 16 bytes of seed and the device's proof; null when it is anything else. */
export function readHandshake(body: Buffer): { remote: Buffer; serverHash: Buffer } | null {
  if (body.length !== SEED_BYTES + HASH_BYTES) return null
  return { remote: body.subarray(0, SEED_BYTES), serverHash: body.subarray(SEED_BYTES) }
}

function ivOf({ iv }: KlapKeys, sequence: number): Buffer {
  return Buffer.concat([iv, int32(sequence)])
}

function signatureOf({ signatureKey }: KlapKeys, sequence: number, sealed: Uint8Array): Buffer {
  return sha256(signatureKey, int32(sequence), sealed)
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
