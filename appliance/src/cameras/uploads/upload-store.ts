import type { Db } from '../../db/index.ts'
import type { RefusalReason } from './refusal.ts'

export type Outcome = 'taken' | 'duplicate' | 'old' | 'nobody' | RefusalReason

/** A file that was decided on: it is not looked at again while it stays as it is. */
export interface SeenUpload {
  name: string
  folder: string
  bytes: number
  changedMs: number
  seenAt: number
  takenAt: number | null
  outcome: Outcome
}

export async function listSeen(db: Db): Promise<SeenUpload[]> {
  const rows = await db.selectFrom('uploads_seen').selectAll().orderBy('seen_at').execute()
  return rows.map((row) => ({
    ...{ name: row.name, folder: row.folder, bytes: row.bytes, changedMs: row.changed_at },
    ...{ seenAt: row.seen_at, takenAt: row.taken_at, outcome: row.outcome as Outcome },
  }))
}

export async function putSeen(db: Db, seen: SeenUpload): Promise<void> {
  const columns = {
    ...{ folder: seen.folder, bytes: seen.bytes, changed_at: seen.changedMs },
    ...{ seen_at: seen.seenAt, taken_at: seen.takenAt, outcome: seen.outcome },
  }
  await db
    .insertInto('uploads_seen')
    .values({ name: seen.name, ...columns })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(columns))
    .execute()
}

export async function forgetSeen(db: Db, names: readonly string[]): Promise<void> {
  for (let at = 0; at < names.length; at += 200) {
    await db
      .deleteFrom('uploads_seen')
      .where('name', 'in', names.slice(at, at + 200))
      .execute()
  }
}
