import type { Permission } from '../../api/permissions.ts'
import type { Db } from '../../db/database.ts'

export interface StoredKey {
  id: string
  /** null: from the environment. */
  userId: string | null
  name: string
  prefix: string
  scopes: readonly Permission[]
  createdAt: number
  expiresAt: number | null
  lastUsedAt: number | null
  lastUsedFrom: string | null
  replacedBy: string | null
  revokedAt: number | null
}

/** With the name of who made it, for the list. */
export interface ListedKey extends StoredKey {
  owner: string | null
}

const keys = (db: Db) =>
  db
    .selectFrom('api_keys')
    .select([
      'api_keys.id as id',
      'api_keys.user_id as userId',
      'api_keys.name as name',
      'api_keys.prefix as prefix',
      'api_keys.scopes as scopes',
      'api_keys.created_at as createdAt',
      'api_keys.expires_at as expiresAt',
      'api_keys.last_used_at as lastUsedAt',
      'api_keys.last_used_from as lastUsedFrom',
      'api_keys.replaced_by as replacedBy',
      'api_keys.revoked_at as revokedAt',
    ])

type Row = Awaited<ReturnType<ReturnType<typeof keys>['execute']>>[number]

const numberOrNull = (value: number | null): number | null => (value === null ? null : Number(value))

const asKey = (row: Row): StoredKey => ({
  ...row,
  scopes: JSON.parse(row.scopes) as Permission[],
  createdAt: Number(row.createdAt),
  expiresAt: numberOrNull(row.expiresAt),
  lastUsedAt: numberOrNull(row.lastUsedAt),
  revokedAt: numberOrNull(row.revokedAt),
})

export async function findKeyByHash(db: Db, keyHash: string): Promise<StoredKey | null> {
  const row = await keys(db).where('api_keys.key_hash', '=', keyHash).executeTakeFirst()
  return row ? asKey(row) : null
}

export async function findKey(db: Db, id: string): Promise<ListedKey | null> {
  const row = await keys(db)
    .leftJoin('users', 'users.id', 'api_keys.user_id')
    .select('users.display_name as owner')
    .where('api_keys.id', '=', id)
    .executeTakeFirst()
  return row ? { ...asKey(row), owner: row.owner } : null
}

/** Newest first. */
export async function listKeys(db: Db): Promise<ListedKey[]> {
  const rows = await keys(db)
    .leftJoin('users', 'users.id', 'api_keys.user_id')
    .select('users.display_name as owner')
    .orderBy('api_keys.id', 'desc')
    .execute()
  return rows.map((row) => ({ ...asKey(row), owner: row.owner }))
}

export interface NewKey extends Pick<
  StoredKey,
  'id' | 'userId' | 'name' | 'prefix' | 'scopes' | 'createdAt' | 'expiresAt'
> {
  keyHash: string
}

export async function insertKey(db: Db, key: NewKey): Promise<void> {
  const row = {
    id: key.id,
    user_id: key.userId,
    name: key.name,
    prefix: key.prefix,
    key_hash: key.keyHash,
    scopes: JSON.stringify(key.scopes),
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    last_used_at: null,
    last_used_from: null,
    replaced_by: null,
    revoked_at: null,
  }
  await db.insertInto('api_keys').values(row).execute()
}

/** How many still work. */
export async function countLiveKeys(db: Db, now: number): Promise<number> {
  const row = await db
    .selectFrom('api_keys')
    .select(db.fn.countAll<number>().as('count'))
    .where('revoked_at', 'is', null)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** The old one works until `expiresAt`. False when it was replaced or revoked meanwhile. */
export async function replaceKey(
  db: Db,
  id: string,
  { replacedBy, expiresAt }: { replacedBy: string; expiresAt: number },
): Promise<boolean> {
  const result = await db
    .updateTable('api_keys')
    .set({ replaced_by: replacedBy, expires_at: expiresAt })
    .where('id', '=', id)
    .where('replaced_by', 'is', null)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/** False when it was revoked before. */
export async function revokeKey(db: Db, id: string, at: number): Promise<boolean> {
  const result = await db
    .updateTable('api_keys')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/** The environment says so: its name and scopes, and that it works. */
export async function renewImportedKey(
  db: Db,
  id: string,
  { name, scopes }: Pick<StoredKey, 'name' | 'scopes'>,
): Promise<void> {
  await db
    .updateTable('api_keys')
    .set({ name, scopes: JSON.stringify(scopes), revoked_at: null })
    .where('id', '=', id)
    .execute()
}

export async function touchKey(db: Db, id: string, at: number, from: string): Promise<void> {
  await db.updateTable('api_keys').set({ last_used_at: at, last_used_from: from }).where('id', '=', id).execute()
}

/** Keys that stopped working long ago; those of the environment stay, it may name them again. */
export async function deleteOldKeys(db: Db, before: number): Promise<void> {
  await db
    .deleteFrom('api_keys')
    .where('user_id', 'is not', null)
    .where((where) => where.or([where('revoked_at', '<', before), where('expires_at', '<', before)]))
    .execute()
}
