import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { LaresError } from './errors.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16
const FORMAT = 'v1'

/** Seals short secrets (camera passwords, TOTP secrets) for storage: AES-256-GCM, `context` is authenticated. */
export interface SecretBox {
  seal(plain: string, context: string): string
  /** Throws `internal` when the key is another one, or the text was changed or moved to another context. */
  open(sealed: string, context: string): string
}

export function createSecretBox(masterKey: Uint8Array): SecretBox {
  // As a KeyObject: given as bytes, Node takes four times as long to begin with it.
  const key = createSecretKey(deriveKey(masterKey, 'secret-box'))
  return {
    seal(plain, context) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return `${FORMAT}.${Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')}`
    },
    open(sealed, context) {
      try {
        const bytes = Buffer.from(sealed.slice(FORMAT.length + 1), 'base64url')
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
          // A tag that was cut short would be easier to guess.
          authTagLength: TAG_BYTES,
        })
        decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES))
        const body = bytes.subarray(NONCE_BYTES, -TAG_BYTES)
        return decipher.update(body, undefined, 'utf8') + decipher.final('utf8')
      } catch (cause) {
        throw new LaresError('internal', `A stored secret (${context}) cannot be opened with this box's key.`, {
          cause,
        })
      }
    },
  }
}

/** A key of 32 bytes for one purpose, from the box's master key (HKDF-SHA256). */
export function deriveKey(masterKey: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), `lares ${purpose}`, 32))
}

/** A random token of `bytes` bytes, base64url. */
export function newToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url')
}

export function sha256Hex(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex')
}

export function hmacBase64Url(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}

/** Compares without telling by its duration where the difference is. */
export function equalSecrets(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
