import type { Db } from '../../db/database.ts'

export interface StoredPasskey {
  id: string
  userId: string
  name: string
  /** Name of the box under which it was made. */
  rpId: string
  /** base64url. */
  credentialId: string
  /** COSE key, base64url. */
  publicKey: string
  counter: number
  transports: string[]
  createdAt: number
  lastUsedAt: number | null
}

const passkeysOf = (db: Db) =>
  db
    .selectFrom('passkeys')
    .select([
      'id',
      'user_id as userId',
      'name',
      'rp_id as rpId',
      'credential_id as credentialId',
      'public_key as publicKey',
      'counter',
      'transports',
      'created_at as createdAt',
      'last_used_at as lastUsedAt',
    ])

const asPasskey = (row: Omit<StoredPasskey, 'transports'> & { transports: string }): StoredPasskey => ({
  ...row,
  transports: JSON.parse(row.transports) as string[],
})

/** Oldest first. */
export async function listPasskeys(db: Db, userId: string): Promise<StoredPasskey[]> {
  return (await passkeysOf(db).where('user_id', '=', userId).orderBy('id').execute()).map(asPasskey)
}

export async function findPasskey(db: Db, credentialId: string): Promise<StoredPasskey | null> {
  const row = await passkeysOf(db).where('credential_id', '=', credentialId).executeTakeFirst()
  return row ? asPasskey(row) : null
}

export async function countPasskeys(db: Db, userId: string): Promise<number> {
  const row = await db
    .selectFrom('passkeys')
    .select(db.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

export async function insertPasskey(db: Db, passkey: StoredPasskey): Promise<void> {
  const row = {
    id: passkey.id,
    user_id: passkey.userId,
    name: passkey.name,
    rp_id: passkey.rpId,
    credential_id: passkey.credentialId,
    public_key: passkey.publicKey,
    counter: passkey.counter,
    transports: JSON.stringify(passkey.transports),
    created_at: passkey.createdAt,
    last_used_at: passkey.lastUsedAt,
  }
  await db.insertInto('passkeys').values(row).execute()
}

/** Compare-and-set: false when it is gone, or its counter did not go up. Many passkeys do not count: theirs stays 0. */
export async function takePasskeyUse(db: Db, id: string, counter: number, at: number): Promise<boolean> {
  const result = await db
    .updateTable('passkeys')
    .set({ counter, last_used_at: at })
    .where('id', '=', id)
    .where((where) => (counter === 0 ? where('counter', '=', 0) : where.and([where('counter', '<', counter)])))
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/** False when this person has no such passkey. */
export async function renamePasskey(db: Db, userId: string, id: string, name: string): Promise<boolean> {
  const result = await db
    .updateTable('passkeys')
    .set({ name })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/** False when this person has no such passkey. */
export async function deletePasskey(db: Db, userId: string, id: string): Promise<boolean> {
  const result = await db.deleteFrom('passkeys').where('id', '=', id).where('user_id', '=', userId).executeTakeFirst()
  return Number(result.numDeletedRows) === 1
}

/** For a reset of the second factor. */
export async function deletePasskeys(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('passkeys').where('user_id', '=', userId).execute()
}
