import type { Clock } from '../core/clock.ts'
import { equalSecrets, hmacBase64Url } from '../core/crypto.ts'

/** Makes links that work without a session for a while: pictures in notifications, clips in a video element. */
export interface PathSigner {
  /** `path?exp=…&sig=…`; `path` has no query of its own. */
  sign(path: string, ttlMs: number): string
  /** False for a changed path, another key, or after the time is up. */
  verify(path: string, query: Readonly<Record<string, string>>): boolean
}

/** Expiry is rounded up to this, so that a picture keeps one address, and the browser's cache its use, for a while. */
const EXPIRY_STEP_MS = 3_600_000

export function createPathSigner({ key, clock }: { key: Uint8Array; clock: Clock }): PathSigner {
  const signature = (path: string, exp: string): string => hmacBase64Url(key, `${exp}\n${path}`).slice(0, 32)
  return {
    sign(path, ttlMs) {
      const stepMs = Math.min(EXPIRY_STEP_MS, ttlMs)
      const exp = String(Math.ceil((clock.now() + ttlMs) / stepMs) * stepMs)
      return `${path}?exp=${exp}&sig=${signature(path, exp)}`
    },
    verify(path, { exp, sig }) {
      if (exp === undefined || sig === undefined || !/^\d{10,16}$/.test(exp)) return false
      return equalSecrets(sig, signature(path, exp)) && clock.now() < Number(exp)
    },
  }
}
