import type { Db } from '../../db/database.ts'

export interface ToldNotice {
  code: string
  title: string
  since: number
}

export async function listTold(db: Db): Promise<ToldNotice[]> {
  return db.selectFrom('told_notices').select(['code', 'title', 'since']).orderBy('code').execute()
}

export async function putTold(db: Db, { code, title, since }: ToldNotice, at: number): Promise<void> {
  const row = { title, since, told_at: at }
  await db
    .insertInto('told_notices')
    .values({ code, ...row })
    .onConflict((conflict) => conflict.column('code').doUpdateSet(row))
    .execute()
}

export async function deleteTold(db: Db, code: string): Promise<void> {
  await db.deleteFrom('told_notices').where('code', '=', code).execute()
}

/** Whether that sign-in is from a browser in which its owner was signed in before; true too for their very first one. */
export async function isKnownBrowser(db: Db, sessionId: string): Promise<boolean> {
  const session = await db
    .selectFrom('sessions')
    .select(['user_id', 'device_hash'])
    .where('id', '=', sessionId)
    .executeTakeFirst()
  if (!session) return true
  const others = await db
    .selectFrom('sessions')
    .select('device_hash')
    .where('user_id', '=', session.user_id)
    // Ids sort by time: what was opened since says nothing about what was known then.
    .where('id', '<', sessionId)
    .execute()
  return others.length === 0 || others.some((other) => other.device_hash === session.device_hash)
}

export interface Lifeline {
  aliveAt: number
  stoppedClean: boolean
}

const ONLY_ROW = 1

/** null: the first start of all. */
export async function readLifeline(db: Db): Promise<Lifeline | null> {
  const row = await db.selectFrom('lifeline').selectAll().where('id', '=', ONLY_ROW).executeTakeFirst()
  return row ? { aliveAt: row.alive_at, stoppedClean: row.stopped_clean === 1 } : null
}

export async function writeLifeline(db: Db, { aliveAt, stoppedClean }: Lifeline): Promise<void> {
  const row = { alive_at: aliveAt, stopped_clean: stoppedClean ? (1 as const) : (0 as const) }
  await db
    .insertInto('lifeline')
    .values({ id: ONLY_ROW, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}
