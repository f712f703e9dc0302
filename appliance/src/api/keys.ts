import { z } from 'zod'
import { permission } from './accounts.ts'
import { epochMs, id } from './common.ts'
import type { Permission } from './permissions.ts'

/** A key for programs out of `API_KEYS` of the environment. */
export interface ImportedKey {
  readonly name: string
  readonly key: string
  readonly scopes: readonly Permission[]
}

/** A key for programs, sent in the header X-API-Key. */
export const apiKey = z
  .strictObject({
    id,
    name: z.string(),
    prefix: z.string().describe('The beginning of the key, to tell keys apart.'),
    scopes: z.array(permission),
    owner: z.string().nullable().describe('Display name of who made it. null: from `API_KEYS` of the environment.'),
    createdAt: epochMs,
    expiresAt: epochMs.nullable(),
    lastUsedAt: epochMs.nullable(),
    lastUsedFrom: z.string().nullable(),
    state: z
      .enum(['active', 'rotated', 'expired', 'revoked'])
      .describe('rotated: replaced, and still valid for a while.'),
  })
  .meta({ id: 'ApiKey' })
export type ApiKey = z.infer<typeof apiKey>
export const apiKeysReply = z.strictObject({ enabled: z.boolean(), keys: z.array(apiKey) }).meta({ id: 'ApiKeys' })
export type ApiKeysReply = z.infer<typeof apiKeysReply>

export const createApiKeyBody = z
  .strictObject({
    name: z.string().trim().min(1).max(64),
    scopes: z.array(permission).min(1).max(64),
    expiresInDays: z.int().min(1).max(3_650).nullable(),
  })
  .meta({ id: 'CreateApiKey' })
export type CreateApiKey = z.infer<typeof createApiKeyBody>
/** `secret` is the key itself: shown once, stored only as a hash. */
export const createApiKeyReply = z.strictObject({ key: apiKey, secret: z.string() }).meta({ id: 'CreateApiKeyReply' })
export type CreateApiKeyReply = z.infer<typeof createApiKeyReply>
export const rotateApiKeyBody = z
  .strictObject({ overlapHours: z.int().min(0).max(720).describe('How long the old key still works.') })
  .meta({ id: 'RotateApiKey' })
