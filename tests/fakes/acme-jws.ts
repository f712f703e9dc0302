import { createHash, createHmac, createPublicKey, verify, type JsonWebKey, type KeyObject } from 'node:crypto'

export interface ProtectedHeader {
  alg: string
  url: string
  nonce?: string
  kid?: string
  jwk?: JsonWebKey
}

export interface ReadJws {
  header: ProtectedHeader
  /** '' for POST-as-GET. */
  payload: string
  /** True when this key signed it. */
  isSignedBy(key: KeyObject): boolean
}

const text = (part: string): string => Buffer.from(part, 'base64url').toString()

/** A flattened JWS as RFC 8555 §6.2 wants it; null for anything else. */
export function readJws(body: string): ReadJws | null {
  try {
    const parts = JSON.parse(body) as Record<string, string>
    if (Object.keys(parts).sort().join() !== 'payload,protected,signature') return null
    const { protected: head = '', payload = '', signature = '' } = parts
    if (/[^A-Za-z0-9_-]/.test(head + payload + signature)) return null
    const header = JSON.parse(text(head)) as ProtectedHeader
    const isSignedBy = (key: KeyObject): boolean =>
      header.alg === 'ES256' &&
      verify(
        'SHA256',
        Buffer.from(`${head}.${payload}`),
        { key, dsaEncoding: 'ieee-p1363' },
        Buffer.from(signature, 'base64url'),
      )
    return { header, payload: text(payload), isSignedBy }
  } catch {
    return null
  }
}

export const keyOf = (jwk: JsonWebKey): KeyObject => createPublicKey({ key: jwk, format: 'jwk' })

/** RFC 7638, for keys on P-256. */
export function thumbprint({ crv, kty, x, y }: JsonWebKey): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url')
}

/** RFC 8555 §7.3.4: the account's key, signed with the key that the authority handed out. */
export function isBoundBy(binding: unknown, url: string, jwk: JsonWebKey, kid: string, hmacKey: string): boolean {
  const { protected: head = '', payload = '', signature = '' } = (binding ?? {}) as Record<string, string>
  const wanted = createHmac('sha256', Buffer.from(hmacKey, 'base64url'))
    .update(`${head}.${payload}`)
    .digest('base64url')
  try {
    const header = JSON.parse(text(head)) as ProtectedHeader
    const bound = JSON.parse(text(payload)) as JsonWebKey
    const isSame = thumbprint(bound) === thumbprint(jwk)
    return header.alg === 'HS256' && header.kid === kid && header.url === url && isSame && signature === wanted
  } catch {
    return false
  }
}
