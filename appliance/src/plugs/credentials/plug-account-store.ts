import type { Db } from '../../db/database.ts'

export interface StoredAccount {
  id: string
  /** Opens with the secret box, context `plug-account:<id>`. */
  sealed: string
}

/** In the order they are tried. */
export async function listAccounts(db: Db): Promise<StoredAccount[]> {
  const rows = await db
    .selectFrom('plug_accounts')
    .select(['id', 'credentials'])
    .orderBy('position')
    .orderBy('id')
    .execute()
  return rows.map(({ id, credentials }) => ({ id, sealed: credentials }))
}

/** At the end of the list. */
export async function insertAccount(db: Db, { id, sealed }: StoredAccount, now: number): Promise<void> {
  const last = await db
    .selectFrom('plug_accounts')
    .select((eb) => eb.fn.max('position').as('position'))
    .executeTakeFirst()
  const position = Number(last?.position ?? -1) + 1
  const row = { id, credentials: sealed, position, created_at: now, updated_at: now }
  await db.insertInto('plug_accounts').values(row).execute()
}

export async function saveAccount(db: Db, { id, sealed }: StoredAccount, now: number): Promise<void> {
  await db.updateTable('plug_accounts').set({ credentials: sealed, updated_at: now }).where('id', '=', id).execute()
}

export async function deleteAccount(db: Db, id: string): Promise<void> {
  await db.deleteFrom('plug_accounts').where('id', '=', id).execute()
}
