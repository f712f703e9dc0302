// How the fake camera judges who signs in; with its own reading of the standards, not the product's.
import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const hex = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex')
/** Cameras refuse what is older or from the future. */
const MOST_SKEW_MS = 5_000

export interface SignIn {
  username: string
  password: string
}

/** WS-Security UsernameToken: digest, clock and nonce must all be right. */
export function createTokenJudge(): (envelope: string, who: SignIn, nowMs: number) => boolean {
  const seen = new Set<string>()
  return (envelope, { username, password }, nowMs) => {
    const part = (name: string): string =>
      new RegExp(`<(?:[\\w-]+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(envelope)?.[1] ?? ''
    const [user, digest, nonce, created] = ['Username', 'Password', 'Nonce', 'Created'].map(part) as [
      string,
      string,
      string,
      string,
    ]
    if (unescape(user) !== username || nonce === '' || seen.has(nonce)) return false
    if (Math.abs(Date.parse(created) - nowMs) > MOST_SKEW_MS || Number.isNaN(Date.parse(created))) return false
    seen.add(nonce)
    const right = createHash('sha1')
      .update(Buffer.from(nonce, 'base64'))
      .update(created + password)
      .digest('base64')
    return digest === right
  }
}

const unescape = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))

const REALM = 'Fake camera'

/** HTTP digest (RFC 7616); each nonce once. */
export function createDigestJudge(algorithm: 'MD5' | 'SHA-256' = 'MD5'): {
  challenge(): string
  accepts(request: IncomingMessage, who: SignIn): boolean
} {
  const open = new Set<string>()
  const hash = algorithm === 'MD5' ? 'md5' : 'sha256'
  return {
    challenge() {
      const nonce = randomBytes(12).toString('hex')
      open.add(nonce)
      return `Digest realm="${REALM}", qop="auth", algorithm=${algorithm}, nonce="${nonce}", opaque="0f"`
    },
    accepts(request, { username, password }) {
      const header = request.headers.authorization ?? ''
      const value = (name: string): string =>
        new RegExp(`(?:^|[\\s,])${name}="?([^",]*)"?`).exec(header.slice(6))?.[1] ?? ''
      if (!header.startsWith('Digest ') || !open.delete(value('nonce')) || value('uri') !== request.url) return false
      const a1 = hex(hash, `${username}:${REALM}:${password}`)
      const a2 = hex(hash, `${request.method ?? ''}:${value('uri')}`)
      const right = hex(hash, [a1, value('nonce'), value('nc'), value('cnonce'), 'auth', a2].join(':'))
      return value('response') === right && value('opaque') === '0f'
    },
  }
}
