import type { ImportedKey } from '../../api/keys.ts'
import type { Audit } from '../../audit/types.ts'
import type { Clock } from '../../core/clock.ts'
import { newId } from '../../core/ids.ts'
import type { Log } from '../../core/log.ts'
import type { Database, Trx } from '../../db/database.ts'
import * as store from './api-key-store.ts'
import { keyHash, prefixOfImported } from './api-key-text.ts'

interface Deps {
  database: Database
  clock: Clock
  log: Log
  audit: Pick<Audit, 'record'>
  importedKeys: readonly ImportedKey[]
}

const details = { source: 'environment' }

async function bringIn(
  trx: Trx,
  { clock, log, audit }: Deps,
  { name, key, scopes }: ImportedKey,
): Promise<string | null> {
  const hash = keyHash(key)
  const stored = await store.findKeyByHash(trx, hash)
  if (stored && stored.userId !== null) {
    log.warn({ key: stored.prefix }, 'A key in API_KEYS is one that somebody made in the app; it stays theirs')
    return null
  }
  if (stored) {
    await store.renewImportedKey(trx, stored.id, { name, scopes })
    if (stored.revokedAt === null) return stored.id
  }
  const id = stored?.id ?? newId(clock.now())
  const fresh = { id, userId: null, name, scopes, prefix: prefixOfImported(key), keyHash: hash }
  if (!stored) await store.insertKey(trx, { ...fresh, createdAt: clock.now(), expiresAt: null })
  await audit.record(trx, { type: 'api_key_created', resource: `api-key:${id}`, details: { ...details, scopes } })
  return id
}

/** Makes the keys without an owner those that the environment names now: hashed, brought up to date, the others revoked. */
export function importKeys(deps: Deps): Promise<void> {
  const { database, clock, audit, importedKeys } = deps
  return database.transaction(async (trx) => {
    const named = new Set<string | null>()
    for (const key of importedKeys) named.add(await bringIn(trx, deps, key))
    for (const { id, userId, revokedAt } of await store.listKeys(trx)) {
      if (userId !== null || revokedAt !== null || named.has(id)) continue
      await store.revokeKey(trx, id, clock.now())
      await audit.record(trx, { type: 'api_key_revoked', resource: `api-key:${id}`, details })
    }
  })
}
