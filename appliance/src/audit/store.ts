import type { AuditEntry, AuditQuery } from '../api/audit.ts'
import type { Db } from '../db/database.ts'

export async function insertEntries(db: Db, entries: readonly AuditEntry[]): Promise<void> {
  const rows = entries.map(({ userId, userAgent, sessionId, details, ...entry }) => ({
    ...entry,
    user_id: userId,
    user_agent: userAgent,
    session_id: sessionId,
    details: JSON.stringify(details),
  }))
  await db.insertInto('audit').values(rows).execute()
}

/** Newest first. */
export async function listEntries(db: Db, { type, user, before, limit }: AuditQuery): Promise<AuditEntry[]> {
  let query = db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit)
  if (type !== undefined) query = query.where('type', '=', type)
  if (user !== undefined) query = query.where('user_id', '=', user)
  if (before !== undefined) query = query.where('id', '<', before)
  const rows = await query.execute()
  return rows.map(({ user_id, user_agent, session_id, details, severity, ...row }) => ({
    ...row,
    at: Number(row.at),
    severity: severity as AuditEntry['severity'],
    userId: user_id,
    userAgent: user_agent,
    sessionId: session_id,
    details: JSON.parse(details) as Record<string, unknown>,
  }))
}
