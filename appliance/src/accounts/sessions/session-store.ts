import type { Db } from '../../db/database.ts'

export interface StoredSession {
  id: string
  userId: string
  deviceHash: string
  fingerprint: string
  createdAt: number
  lastSeenAt: number
  expiresAt: number
  userAgent: string
  address: string
  trusted: boolean
  freshUntil: number
  endedAt: number | null
  endedReason: string | null
}

const sessionsOf = (db: Db) =>
  db
    .selectFrom('sessions')
    .select([
      'id',
      'user_id as userId',
      'device_hash as deviceHash',
      'fingerprint',
      'created_at as createdAt',
      'last_seen_at as lastSeenAt',
      'expires_at as expiresAt',
      'user_agent as userAgent',
      'address',
      'trusted',
      'fresh_until as freshUntil',
      'ended_at as endedAt',
      'ended_reason as endedReason',
    ])

const asSession = (row: Omit<StoredSession, 'trusted'> & { trusted: number }): StoredSession => ({
  ...row,
  trusted: row.trusted === 1,
})

export async function insertSession(db: Db, session: StoredSession): Promise<void> {
  const row = {
    id: session.id,
    user_id: session.userId,
    device_hash: session.deviceHash,
    fingerprint: session.fingerprint,
    created_at: session.createdAt,
    last_seen_at: session.lastSeenAt,
    expires_at: session.expiresAt,
    user_agent: session.userAgent,
    address: session.address,
    trusted: session.trusted ? (1 as const) : (0 as const),
    fresh_until: session.freshUntil,
    ended_at: session.endedAt,
    ended_reason: session.endedReason,
  }
  await db.insertInto('sessions').values(row).execute()
}

/** Ended ones too: they tell why. */
export async function findSession(db: Db, sessionId: string): Promise<StoredSession | null> {
  const row = await sessionsOf(db).where('id', '=', sessionId).executeTakeFirst()
  return row ? asSession(row) : null
}

/** Not ended, oldest first; some may have run out since. */
export async function listUserSessions(db: Db, userId: string): Promise<StoredSession[]> {
  const rows = await sessionsOf(db).where('user_id', '=', userId).where('ended_at', 'is', null).orderBy('id').execute()
  return rows.map(asSession)
}

/** Not ended, of this browser, whoever they belong to. */
export async function listDeviceSessions(db: Db, deviceHash: string): Promise<StoredSession[]> {
  const rows = await sessionsOf(db).where('device_hash', '=', deviceHash).where('ended_at', 'is', null).execute()
  return rows.map(asSession)
}

/** Not ended, of everybody. */
export async function listOpenSessions(db: Db): Promise<StoredSession[]> {
  const rows = await sessionsOf(db).where('ended_at', 'is', null).execute()
  return rows.map(asSession)
}

export interface SessionChange {
  lastSeenAt?: number
  expiresAt?: number
  address?: string
  trusted?: boolean
  freshUntil?: number
}

/** False when the session has ended meanwhile. */
export async function changeSession(db: Db, sessionId: string, change: SessionChange): Promise<boolean> {
  const values = {
    ...(change.lastSeenAt !== undefined && { last_seen_at: change.lastSeenAt }),
    ...(change.expiresAt !== undefined && { expires_at: change.expiresAt }),
    ...(change.address !== undefined && { address: change.address }),
    ...(change.trusted !== undefined && { trusted: change.trusted ? (1 as const) : (0 as const) }),
    ...(change.freshUntil !== undefined && { fresh_until: change.freshUntil }),
  }
  const result = await db
    .updateTable('sessions')
    .set(values)
    .where('id', '=', sessionId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/** True when it was this call that ended it. */
export async function endSession(db: Db, sessionId: string, at: number, reason: string): Promise<boolean> {
  const result = await db
    .updateTable('sessions')
    .set({ ended_at: at, ended_reason: reason })
    .where('id', '=', sessionId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/** Whose session it is, for the record; an account that is switched off counts too. */
export async function findOwner(db: Db, userId: string): Promise<{ username: string; role: string } | null> {
  return (await db.selectFrom('users').select(['username', 'role']).where('id', '=', userId).executeTakeFirst()) ?? null
}

/** By what the user has been signed in since `since` (whether or not it still is): this browser, or only this address. */
export async function findKnownPlace(
  db: Db,
  place: { userId: string; deviceHash: string | null; address: string; since: number },
): Promise<'browser' | 'address' | null> {
  const row = await db
    .selectFrom('sessions')
    .select((where) => where('device_hash', '=', place.deviceHash ?? '').as('isBrowser'))
    .where('user_id', '=', place.userId)
    .where('last_seen_at', '>=', place.since)
    .where((where) => {
      const same = where('address', '=', place.address)
      return place.deviceHash === null ? same : where.or([same, where('device_hash', '=', place.deviceHash)])
    })
    .orderBy('isBrowser', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return null
  return row.isBrowser ? 'browser' : 'address'
}

export async function deleteEndedSessions(db: Db, endedBefore: number): Promise<void> {
  await db.deleteFrom('sessions').where('ended_at', '<', endedBefore).execute()
}

export interface StoredRefreshToken {
  tokenHash: string
  sessionId: string
  createdAt: number
  expiresAt: number
  usedAt: number | null
}

export async function insertRefreshToken(db: Db, token: StoredRefreshToken): Promise<void> {
  const { tokenHash, sessionId, createdAt, expiresAt, usedAt } = token
  const row = { token_hash: tokenHash, session_id: sessionId, created_at: createdAt }
  await db
    .insertInto('refresh_tokens')
    .values({ ...row, expires_at: expiresAt, used_at: usedAt })
    .execute()
}

export async function findRefreshToken(db: Db, tokenHash: string): Promise<StoredRefreshToken | null> {
  const row = await db
    .selectFrom('refresh_tokens')
    .select([
      'token_hash as tokenHash',
      'session_id as sessionId',
      'created_at as createdAt',
      'expires_at as expiresAt',
      'used_at as usedAt',
    ])
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst()
  return row ?? null
}

/** Compare-and-set: true for exactly one caller, ever. */
export async function takeRefreshToken(db: Db, tokenHash: string, at: number): Promise<boolean> {
  const result = await db
    .updateTable('refresh_tokens')
    .set({ used_at: at })
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/** Those of a session that nobody used yet count as used: whoever still brings one has stolen it. */
export async function retireRefreshTokens(db: Db, sessionId: string, at: number): Promise<void> {
  await db
    .updateTable('refresh_tokens')
    .set({ used_at: at })
    .where('session_id', '=', sessionId)
    .where('used_at', 'is', null)
    .execute()
}

/** Used ones are kept until they would have run out anyway; those of ended sessions tell nothing that the session does not. */
export async function deleteOldRefreshTokens(db: Db, expiredBefore: number, endedBefore: number): Promise<void> {
  await db
    .deleteFrom('refresh_tokens')
    .where((where) =>
      where.or([
        where.and([where('expires_at', '<', expiredBefore), where('used_at', 'is not', null)]),
        where('session_id', 'in', where.selectFrom('sessions').select('id').where('ended_at', '<', endedBefore)),
      ]),
    )
    .execute()
}
