import { randomBytes } from 'node:crypto'
import type { ApiKey } from '../../api/keys.ts'
import { newToken, sha256Hex } from '../../core/crypto.ts'
import type { ListedKey, StoredKey } from './api-key-store.ts'

const PREFIX_BYTES = 4
const SECRET_BYTES = 32
/** Of a key that was not made here, so little is shown that the rest cannot be guessed. */
const SHOWN_OF_IMPORTED = 4
/** No key is longer, and nothing longer is hashed. */
const LONGEST_KEY = 256

/** `lares_<8 characters>_<43 characters>`: 256 random bits, so a plain SHA-256 is enough to store. */
export function newKeyText(): { text: string; prefix: string } {
  const prefix = `lares_${randomBytes(PREFIX_BYTES).toString('hex')}`
  return { text: `${prefix}_${newToken(SECRET_BYTES)}`, prefix }
}

export const prefixOfImported = (text: string): string => `${text.slice(0, SHOWN_OF_IMPORTED)}…`

export const keyHash = (text: string): string => sha256Hex(text)

export const mayBeKey = (text: string): boolean => text.length <= LONGEST_KEY

/** Whether it opens doors at `now`. */
export const isLive = ({ revokedAt, expiresAt }: Pick<StoredKey, 'revokedAt' | 'expiresAt'>, now: number): boolean =>
  revokedAt === null && (expiresAt === null || expiresAt > now)

export function describeKey(key: ListedKey, now: number): ApiKey {
  const { id, name, prefix, scopes, owner, createdAt, expiresAt, lastUsedAt, lastUsedFrom } = key
  const state = stateOf(key, now)
  return { id, name, prefix, scopes: [...scopes], owner, createdAt, expiresAt, lastUsedAt, lastUsedFrom, state }
}

function stateOf(key: StoredKey, now: number): ApiKey['state'] {
  if (key.revokedAt !== null) return 'revoked'
  if (!isLive(key, now)) return 'expired'
  return key.replacedBy === null ? 'active' : 'rotated'
}
