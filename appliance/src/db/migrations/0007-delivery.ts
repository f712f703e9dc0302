import { sql, type CreateTableBuilder, type Kysely } from 'kysely'
import type { Migration } from '../migrate.ts'

const withId = (table: CreateTableBuilder<string, never>): CreateTableBuilder<string, 'id'> =>
  table.addColumn('id', 'text', (column) => column.primaryKey().notNull())

/** What is told, once; its rows in the outbox say to whom. No reference to incidents: what was told outlives them. */
async function createNotices(db: Kysely<unknown>): Promise<void> {
  await withId(db.schema.createTable('alert_notices') as never)
    .addColumn('tag', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('incident_id', 'text')
    .addColumn('camera_id', 'text')
    .addColumn('code', 'text')
    .addColumn('rule_id', 'text')
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('urgency', 'text', (column) => column.notNull())
    .addColumn('ttl_s', 'integer', (column) => column.notNull())
    .addColumn('picture_incident_id', 'text')
    .addColumn('light_plug_id', 'text')
    .addColumn('permission', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('alert_notices_by_incident')
    .on('alert_notices')
    .columns(['incident_id', 'created_at'])
    .execute()
  await db.schema.createIndex('alert_notices_by_time').on('alert_notices').columns(['created_at']).execute()
}

/** Made anew: what waited in the old one is worth nothing after an update, its messages being minutes old. */
async function replaceOutbox(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('outbox').execute()
  await withId(db.schema.createTable('outbox') as never)
    .addColumn('notice_id', 'text', (column) => column.notNull().references('alert_notices.id').onDelete('cascade'))
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('target_key', 'text', (column) => column.notNull())
    // The history of a phone outlives the phone.
    .addColumn('target_id', 'text', (column) => column.references('push_targets.id').onDelete('set null'))
    .addColumn('user_id', 'text')
    .addColumn('acts_as', 'text')
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('actions', 'text', (column) => column.notNull())
    .addColumn('topic', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('next_try_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('sent_at', 'bigint')
    .addColumn('shown_at', 'bigint')
    .addColumn('opened_at', 'bigint')
    .addColumn('acted_at', 'bigint')
    .addColumn('acted', 'text')
    .addColumn('reason', 'text')
    .execute()
  await db.schema.createIndex('outbox_due').on('outbox').columns(['state', 'next_try_at']).execute()
  await db.schema.createIndex('outbox_by_topic').on('outbox').columns(['topic', 'state']).execute()
  await db.schema.createIndex('outbox_by_notice').on('outbox').columns(['notice_id']).execute()
  await db.schema.createIndex('outbox_by_target').on('outbox').columns(['target_id', 'state']).execute()
  await db.schema.createIndex('outbox_by_time').on('outbox').columns(['channel', 'created_at']).execute()
}

async function createChannels(db: Kysely<unknown>): Promise<void> {
  await withId(db.schema.createTable('alert_channels') as never)
    .addColumn('enabled', 'integer', (column) => column.notNull().check(sql`enabled in (0, 1)`))
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('secrets', 'text')
    .addColumn('changed_by', 'text')
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .addColumn('last_sent_at', 'bigint')
    .addColumn('problem', 'text')
    .execute()
  await db.schema
    .createTable('alert_snoozes')
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    // Empty: everything that has no camera.
    .addColumn('camera_id', 'text', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('alert_snoozes_once', ['user_id', 'camera_id'] as never)
    .execute()
  await db.schema.alterTable('push_targets').addColumn('last_shown_at', 'bigint').execute()
}

/** Delivery: what is told and to whom, further channels, snoozes, and when a phone last said that it showed something. */
export const delivery: Migration = {
  name: '0007-delivery',
  async up(db) {
    await createNotices(db)
    await replaceOutbox(db)
    await createChannels(db)
  },
}
