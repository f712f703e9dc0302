import { sql, type CreateTableBuilder, type Kysely } from 'kysely'
import type { Migration } from '../migrate.ts'

const withId = (table: CreateTableBuilder<string, never>): CreateTableBuilder<string, 'id'> =>
  table.addColumn('id', 'text', (column) => column.primaryKey().notNull())

const zeroOrOne = (column: string) => sql<boolean>`${sql.ref(column)} in (0, 1)`

async function createAccounts(db: Kysely<unknown>): Promise<void> {
  await withId(db.schema.createTable('users') as never)
    .addColumn('username', 'text', (column) => column.notNull().unique())
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('password_changed_at', 'bigint', (column) => column.notNull())
    .addColumn('totp_secret', 'text')
    .addColumn('totp_last_step', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('active', 'integer', (column) => column.notNull().check(zeroOrOne('active')))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
  await withId(db.schema.createTable('password_history') as never)
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('password_history_by_user')
    .on('password_history')
    .columns(['user_id', 'created_at'])
    .execute()
  await withId(db.schema.createTable('recovery_codes') as never)
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('code_hash', 'text', (column) => column.notNull())
    .addColumn('used_at', 'bigint')
    .addUniqueConstraint('recovery_codes_once', ['user_id', 'code_hash'] as never)
    .execute()
  await withId(db.schema.createTable('sessions') as never)
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('user_agent', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('ended_reason', 'text')
    .execute()
  await db.schema.createIndex('sessions_by_user').on('sessions').columns(['user_id', 'created_at']).execute()
  await db.schema
    .createTable('login_failures')
    .addColumn('key_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('failures', 'integer', (column) => column.notNull())
    .addColumn('last_failed_at', 'bigint', (column) => column.notNull())
    .execute()
}

async function createCameras(db: Kysely<unknown>): Promise<void> {
  await withId(db.schema.createTable('cameras') as never)
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('credentials', 'text')
    .addColumn('enabled', 'integer', (column) => column.notNull().check(zeroOrOne('enabled')))
    .addColumn('classes', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute()
}

async function createIncidents(db: Kysely<unknown>): Promise<void> {
  // No reference to cameras: what happened stays when its camera is removed.
  await withId(db.schema.createTable('incidents') as never)
    .addColumn('camera_id', 'text', (column) => column.notNull())
    .addColumn('camera_name', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('opened_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('closed_at', 'bigint')
    .addColumn('classes', 'text', (column) => column.notNull())
    .addColumn('snapshot', 'text')
    .addColumn('clip_state', 'text', (column) => column.notNull())
    .addColumn('clip', 'text')
    .addColumn('feedback', 'text')
    .addColumn('reviewed_at', 'bigint')
    .addColumn('reviewed_by', 'text')
    .execute()
  const index = (name: string) => db.schema.createIndex(name).on('incidents')
  await index('incidents_by_time').columns(['opened_at', 'id']).execute()
  await index('incidents_by_camera').columns(['camera_id', 'opened_at', 'id']).execute()
  // Small partial indexes: the count of unreviewed ones, and the scan for open ones at start.
  const unreviewed = sql<boolean>`reviewed_at is null`
  await index('incidents_unreviewed').columns(['opened_at', 'id']).where(unreviewed).execute()
  await index('incidents_open')
    .columns(['camera_id'])
    .where(sql<boolean>`state = 'open'`)
    .execute()
  await index('incidents_recording')
    .columns(['id'])
    .where(sql<boolean>`clip_state = 'recording'`)
    .execute()

  await withId(db.schema.createTable('incident_tracks') as never)
    .addColumn('incident_id', 'text', (column) => column.notNull().references('incidents.id').onDelete('cascade'))
    .addColumn('class', 'text', (column) => column.notNull())
    .addColumn('first_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('best_score_milli', 'integer', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('incident_tracks_by_incident').on('incident_tracks').columns(['incident_id']).execute()
}

async function createAlerts(db: Kysely<unknown>): Promise<void> {
  await withId(db.schema.createTable('push_targets') as never)
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('endpoint', 'text', (column) => column.notNull())
    .addColumn('endpoint_hash', 'text', (column) => column.notNull().unique())
    .addColumn('keys', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_delivered_at', 'bigint')
    .addColumn('problem', 'text')
    .execute()
  await db.schema.createIndex('push_targets_by_user').on('push_targets').columns(['user_id']).execute()

  // No reference to incidents: the record of what was sent outlives the incident.
  await withId(db.schema.createTable('outbox') as never)
    .addColumn('target_id', 'text', (column) => column.notNull().references('push_targets.id').onDelete('cascade'))
    .addColumn('incident_id', 'text')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('urgency', 'text', (column) => column.notNull())
    .addColumn('topic', 'text', (column) => column.notNull())
    .addColumn('ttl_s', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('next_try_at', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('sent_at', 'bigint')
    .addColumn('reason', 'text')
    .execute()
  await db.schema.createIndex('outbox_due').on('outbox').columns(['state', 'next_try_at']).execute()
  await db.schema.createIndex('outbox_by_target').on('outbox').columns(['target_id', 'topic', 'state']).execute()
}

async function createPlugs(db: Kysely<unknown>): Promise<void> {
  await withId(db.schema.createTable('plugs') as never)
    .addColumn('mac', 'text', (column) => column.notNull())
    .addColumn('outlet', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('named', 'integer', (column) => column.notNull().check(zeroOrOne('named')))
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('port', 'integer', (column) => column.notNull())
    .addColumn('can_meter', 'integer', (column) => column.notNull().check(zeroOrOne('can_meter')))
    .addColumn('last_state', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('plugs_identity', ['mac', 'outlet'] as never)
    .execute()
}

/** Everything of the first release. */
export const first: Migration = {
  name: '0001-first',
  async up(db) {
    await db.schema
      .createTable('settings')
      .addColumn('key', 'text', (column) => column.primaryKey().notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .execute()
    await createAccounts(db)
    await createCameras(db)
    await createIncidents(db)
    await createAlerts(db)
    await createPlugs(db)
  },
}
