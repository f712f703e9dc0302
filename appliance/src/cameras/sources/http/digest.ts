// Signing in to cameras over HTTP: Digest (RFC 7616) where they offer it, Basic where they do not. Pure.
import { createHash } from 'node:crypto'

export interface SignIn {
  username: string
  password: string
}

export type Challenge =
  | { scheme: 'basic' }
  | { scheme: 'digest'; realm: string; nonce: string; opaque: string | null; algorithm: Algorithm; qop: boolean }

type Algorithm = 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess'
const STRENGTH: readonly Algorithm[] = ['SHA-256-sess', 'SHA-256', 'MD5-sess', 'MD5']

/** The strongest way in that a camera offers; null when it offers none that is known. */
export function readChallenge(headers: readonly string[]): Challenge | null {
  const offers = headers.flatMap((header) => header.split(/,\s*(?=(?:Digest|Basic)\b)/i)).map((offer) => offer.trim())
  const digests = offers.map(readDigest).filter((offer) => offer !== null)
  const best = digests.sort((a, b) => STRENGTH.indexOf(a.algorithm) - STRENGTH.indexOf(b.algorithm))[0]
  if (best) return best
  return offers.some((offer) => /^Basic\b/i.test(offer)) ? { scheme: 'basic' } : null
}

function readDigest(offer: string): Extract<Challenge, { scheme: 'digest' }> | null {
  if (!/^Digest\b/i.test(offer)) return null
  const field = (name: string): string | null => {
    const match = new RegExp(`[\\s,]${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"]+))`, 'i').exec(offer)
    return match ? (match[1]?.replace(/\\(.)/g, '$1') ?? match[2] ?? '') : null
  }
  const nonce = field('nonce')
  const asked = (field('algorithm') ?? 'MD5').toUpperCase()
  const algorithm = STRENGTH.find((each) => each.toUpperCase() === asked)
  const qop = field('qop')
  const offersAuth = qop?.split(/[\s,]+/).some((each) => each.toLowerCase() === 'auth') ?? false
  if (nonce === null || algorithm === undefined || (qop !== null && !offersAuth)) return null
  return { scheme: 'digest', realm: field('realm') ?? '', nonce, opaque: field('opaque'), algorithm, qop: qop !== null }
}

export interface Asked {
  method: string
  /** Path and query as in the request line. */
  uri: string
  /** How many times this nonce has been used, from 1. */
  count: number
  /** Our own random. */
  clientNonce: string
}

/** The `Authorization` header. */
export function authorization(challenge: Challenge, { username, password }: SignIn, asked: Asked): string {
  if (challenge.scheme === 'basic') return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const { realm, nonce, opaque, algorithm, qop } = challenge
  const hash = (text: string): string =>
    createHash(algorithm.startsWith('MD5') ? 'md5' : 'sha256')
      .update(text)
      .digest('hex')
  const base = hash(`${username}:${realm}:${password}`)
  const secret = algorithm.endsWith('-sess') ? hash(`${base}:${nonce}:${asked.clientNonce}`) : base
  const count = asked.count.toString(16).padStart(8, '0')
  const what = hash(`${asked.method}:${asked.uri}`)
  const middle = qop ? `${nonce}:${count}:${asked.clientNonce}:auth` : nonce
  const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replace(/[\r\n]/g, '')}"`
  const fields = [
    ...[`username=${quoted(username)}`, `realm=${quoted(realm)}`, `nonce=${quoted(nonce)}`, `uri=${quoted(asked.uri)}`],
    ...[`algorithm=${algorithm}`, `response="${hash(`${secret}:${middle}:${what}`)}"`],
    ...(qop ? ['qop=auth', `nc=${count}`, `cnonce="${asked.clientNonce}"`] : []),
    ...(opaque === null ? [] : [`opaque=${quoted(opaque)}`]),
  ]
  return `Digest ${fields.join(', ')}`
}
