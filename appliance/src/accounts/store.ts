import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { StoredUser } from './people/user-store.ts'

/**
 * Puts the hash in force into the history and the new one in its place; keeps the last `keep` in the history. False when
 * another one is in force by now.
 */
export async function replacePassword(
  db: Db,
  change: { user: StoredUser; hash: string; at: number; changedAt: number; historyId: string; keep: number },
): Promise<boolean> {
  const { user } = change
  const old = {
    id: change.historyId,
    user_id: user.id,
    password_hash: user.passwordHash,
    created_at: change.at,
  }
  await db.insertInto('password_history').values(old).execute()
  const kept = db
    .selectFrom('password_history')
    .select('id')
    .where('user_id', '=', user.id)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(change.keep)
  await db.deleteFrom('password_history').where('user_id', '=', user.id).where('id', 'not in', kept).execute()
  const next = { password_hash: change.hash, password_changed_at: change.changedAt }
  const result = await db
    .updateTable('users')
    .set(next)
    .where('id', '=', user.id)
    .where('password_hash', '=', user.passwordHash)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/** Newest first. */
export async function listPasswordHistory(db: Db, userId: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('password_history')
    .select('password_hash')
    .where('user_id', '=', userId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => row.password_hash)
}

export async function setTotp(db: Db, userId: string, sealedSecret: string, lastStep: number): Promise<void> {
  await db
    .updateTable('users')
    .set({ totp_secret: sealedSecret, totp_last_step: lastStep })
    .where('id', '=', userId)
    .execute()
}

/** The last step stays: what was accepted before is not accepted again by a later authenticator. */
export async function removeTotp(db: Db, userId: string): Promise<void> {
  await db.updateTable('users').set({ totp_secret: null }).where('id', '=', userId).execute()
}

/** Compare-and-set: false when this step or a later one was accepted meanwhile. */
export async function takeTotpStep(db: Db, userId: string, step: number): Promise<boolean> {
  const result = await db
    .updateTable('users')
    .set({ totp_last_step: step })
    .where('id', '=', userId)
    .where('totp_last_step', '<', step)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/**
 * After the clock was set back: the next code counts again. One step ahead is a phone whose clock is a little fast; its
 * code would be accepted a second time.
 */
export async function lowerTotpStep(db: Db, userId: string, step: number): Promise<void> {
  await db
    .updateTable('users')
    .set({ totp_last_step: step })
    .where('id', '=', userId)
    .where('totp_last_step', '>', step + 1)
    .execute()
}

export async function replaceRecoveryCodes(
  db: Db,
  userId: string,
  codes: readonly { id: string; hash: string }[],
): Promise<void> {
  await deleteRecoveryCodes(db, userId)
  const rows = codes.map(({ id, hash }) => ({ id, user_id: userId, code_hash: hash, used_at: null }))
  await db.insertInto('recovery_codes').values(rows).execute()
}

export async function deleteRecoveryCodes(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
}

/** True for exactly one caller. */
export async function takeRecoveryCode(db: Db, userId: string, codeHash: string, at: number): Promise<boolean> {
  const result = await db
    .updateTable('recovery_codes')
    .set({ used_at: at })
    .where('user_id', '=', userId)
    .where('code_hash', '=', codeHash)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

export async function countRecoveryCodes(db: Db, userId: string): Promise<number> {
  const row = await db
    .selectFrom('recovery_codes')
    .select(db.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

export interface StoredFailures {
  keyHash: string
  failures: number
  lastFailedAt: number
}

export async function readFailures(db: Db, keyHashes: readonly string[], since: number): Promise<StoredFailures[]> {
  return db
    .selectFrom('login_failures')
    .select(['key_hash as keyHash', 'failures', 'last_failed_at as lastFailedAt'])
    .where('key_hash', 'in', keyHashes)
    .where('last_failed_at', '>=', since)
    .execute()
}

/** One more; begins again at 1 when the last one was before `since`. */
export async function addFailure(db: Db, keyHash: string, at: number, since: number): Promise<void> {
  const restarted = sql<number>`case when login_failures.last_failed_at < ${since} then 1 else login_failures.failures + 1 end`
  await db
    .insertInto('login_failures')
    .values({ key_hash: keyHash, failures: 1, last_failed_at: at })
    .onConflict((conflict) => conflict.column('key_hash').doUpdateSet({ failures: restarted, last_failed_at: at }))
    .execute()
}

/** Takes back what `addFailure` did at `at`; what others added since stays. */
export async function removeFailure(db: Db, keyHash: string, at: number, previousAt: number): Promise<void> {
  const time = sql<number>`case when last_failed_at = ${at} then ${previousAt} else last_failed_at end`
  await db
    .updateTable('login_failures')
    .set({ failures: sql<number>`failures - 1`, last_failed_at: time })
    .where('key_hash', '=', keyHash)
    .where('failures', '>', 0)
    .execute()
}

export async function clearFailures(db: Db, keyHashes: readonly string[]): Promise<void> {
  await db.deleteFrom('login_failures').where('key_hash', 'in', keyHashes).execute()
}

export async function deleteOldFailures(db: Db, before: number): Promise<void> {
  await db.deleteFrom('login_failures').where('last_failed_at', '<', before).execute()
}
