import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify, type ECDH } from 'node:crypto'

/** What a browser keeps of its subscription. */
export interface SubscriptionSecrets {
  ecdh: ECDH
  auth: Buffer
}

export function newSubscriptionSecrets(): SubscriptionSecrets {
  const ecdh = createECDH('prime256v1')
  ecdh.generateKeys()
  return { ecdh, auth: randomBytes(16) }
}

const hkdf = (salt: Buffer, key: Buffer, info: Buffer, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, info, length))

const SALT_BYTES = 16
const RECORD_SIZE_BYTES = 4
const TAG_BYTES = 16
const LAST_RECORD = 2

/** Opens a message as RFC 8291 (keys) and RFC 8188 (aes128gcm, one record) say. Throws when anything is not as it must be. */
export function decryptPush(body: Buffer, { ecdh, auth }: SubscriptionSecrets): string {
  const salt = body.subarray(0, SALT_BYTES)
  const recordSize = body.readUInt32BE(SALT_BYTES)
  const keyLength = body.readUInt8(SALT_BYTES + RECORD_SIZE_BYTES)
  const from = SALT_BYTES + RECORD_SIZE_BYTES + 1
  const senderKey = body.subarray(from, from + keyLength)
  const record = body.subarray(from + keyLength)
  if (record.length > recordSize) throw new Error('more than one record')

  const info = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), senderKey])
  const material = hkdf(auth, ecdh.computeSecret(senderKey), info, 32)
  const key = hkdf(salt, material, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = hkdf(salt, material, Buffer.from('Content-Encoding: nonce\0'), 12)
  const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(record.subarray(-TAG_BYTES))
  const padded = Buffer.concat([decipher.update(record.subarray(0, -TAG_BYTES)), decipher.final()])
  const end = padded.findLastIndex((byte) => byte !== 0)
  if (padded[end] !== LAST_RECORD) throw new Error('the record does not say that it is the last')
  return padded.subarray(0, end).toString('utf8')
}

export interface VapidClaims {
  publicKey: string
  audience: string
  expiresAtS: number
  subject: string
}

/** Checks the signature of an Authorization header as RFC 8292 says; null when it is missing or false. */
export function readVapid(header: string | undefined): VapidClaims | null {
  const match = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(header ?? '')
  if (!match) return null
  const [, head = '', claims = '', signature = '', publicKey = ''] = match
  const point = Buffer.from(publicKey, 'base64url')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const signed = Buffer.from(`${head}.${claims}`)
  if (!verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))) return null
  const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
    aud: string
    exp: number
    sub: string
  }
  return { publicKey, audience: aud, expiresAtS: exp, subject: sub }
}
