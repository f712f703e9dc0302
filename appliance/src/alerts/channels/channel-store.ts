import type { SetUpChannelId } from '../../api/channels.ts'
import type { Db } from '../../db/database.ts'

export interface StoredChannel {
  id: SetUpChannelId
  enabled: boolean
  /** JSON. */
  settings: string
  /** Sealed. */
  secret: string | null
  changedBy: string | null
  lastSentAt: number | null
  problem: string | null
}

export async function listChannels(db: Db): Promise<StoredChannel[]> {
  const rows = await db.selectFrom('alert_channels').selectAll().execute()
  return rows.map((row) => ({
    ...{ id: row.id as SetUpChannelId, enabled: row.enabled === 1, settings: row.settings, secret: row.secrets },
    ...{ changedBy: row.changed_by, lastSentAt: row.last_sent_at, problem: row.problem },
  }))
}

export async function saveChannel(
  db: Db,
  { id, enabled, settings, secret, changedBy }: StoredChannel,
  at: number,
): Promise<void> {
  const columns = { enabled: enabled ? (1 as const) : (0 as const), settings, secrets: secret, changed_by: changedBy }
  await db
    .insertInto('alert_channels')
    .values({ id, ...columns, changed_at: at, last_sent_at: null, problem: null })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...columns, changed_at: at, problem: null }))
    .execute()
}

export async function noteChannelSent(db: Db, id: string, at: number): Promise<void> {
  await db.updateTable('alert_channels').set({ last_sent_at: at, problem: null }).where('id', '=', id).execute()
}

export async function noteChannelProblem(db: Db, id: string, problem: string): Promise<void> {
  await db.updateTable('alert_channels').set({ problem }).where('id', '=', id).execute()
}
