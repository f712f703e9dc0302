import { createECDH } from 'node:crypto'
import { isInternetAddress } from '../../core/addresses.ts'
import { LaresError } from '../../core/errors.ts'
import { mayConnectTo } from '../../core/guarded-lookup.ts'

export interface PushKeys {
  /** base64url of an uncompressed P-256 point. */
  p256dh: string
  /** base64url of 16 bytes. */
  auth: string
}

/**
 * A browser names the address that this box will then call, again and again: it must not lead back into the home.
 * `allowHome` is for push services that the owner runs (and for tests), with their own root in LARES_PUSH_CA.
 * Throws `invalid`.
 */
export function checkEndpoint(endpoint: string, allowHome: boolean): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null
  if (url?.protocol !== 'https:') throw invalid('endpoint', 'A push address begins with https://.')
  if (url.username !== '' || url.password !== '') throw invalid('endpoint', 'A push address carries no password.')
  if (allowHome) return
  if (url.port !== '') throw invalid('endpoint', 'A push service answers on the usual port.')
  const isName = /\.[a-z][a-z0-9-]*\.?$/i.test(url.hostname)
  const isHomeName = /\.(local|localhost|internal|lan|home|home\.arpa)\.?$/i.test(url.hostname)
  const isHere = !isName || isHomeName || !mayConnectTo(url.hostname, isInternetAddress)
  if (isHere) throw invalid('endpoint', 'A push service is on the internet, not in the home.')
}

/** Throws `invalid` for keys that no browser makes, before the first message would fail with them. */
export function checkKeys(keys: PushKeys): void {
  const point = Buffer.from(keys.p256dh, 'base64url')
  if (point.length !== 65 || !isOnCurve(point))
    throw invalid('keys.p256dh', 'The public key of the subscription is damaged.')
  if (Buffer.from(keys.auth, 'base64url').length !== 16)
    throw invalid('keys.auth', 'The secret of the subscription is damaged.')
}

function isOnCurve(point: Buffer): boolean {
  const curve = createECDH('prime256v1')
  curve.generateKeys()
  try {
    curve.computeSecret(point)
    return true
  } catch {
    return false
  }
}

function invalid(path: string, words: string): LaresError {
  return new LaresError('invalid', words, { details: { issues: [{ path, message: words }] } })
}
