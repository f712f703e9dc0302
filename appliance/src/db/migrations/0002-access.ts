import { sql, type CreateTableBuilder, type Kysely } from 'kysely'
import type { Migration } from '../migrate.ts'

const withId = (table: CreateTableBuilder<string, never>): CreateTableBuilder<string, 'id'> =>
  table.addColumn('id', 'text', (column) => column.primaryKey().notNull())

const zeroOrOne = (column: string) => sql<boolean>`${sql.ref(column)} in (0, 1)`

/** Sessions had one token each and know nothing of refreshing: everybody signs in once more. */
async function replaceSessions(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('sessions').execute()
  await withId(db.schema.createTable('sessions') as never)
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('device_hash', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('user_agent', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('trusted', 'integer', (column) => column.notNull().check(zeroOrOne('trusted')))
    .addColumn('fresh_until', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('ended_reason', 'text')
    .execute()
  await db.schema.createIndex('sessions_by_user').on('sessions').columns(['user_id', 'created_at']).execute()
  await db.schema
    .createTable('refresh_tokens')
    .addColumn('token_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('session_id', 'text', (column) => column.notNull().references('sessions.id').onDelete('cascade'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('used_at', 'bigint')
    .execute()
  await db.schema.createIndex('refresh_tokens_by_session').on('refresh_tokens').columns(['session_id']).execute()
}

async function createPeople(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('users')
    .addColumn('cameras_limited', 'integer', (column) =>
      column.notNull().defaultTo(0).check(zeroOrOne('cameras_limited')),
    )
    .execute()
  await withId(db.schema.createTable('roles') as never)
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('permissions', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('user_cameras')
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    // A camera that is removed stays in the list: its incidents stay, and must not be hidden from whoever could see them.
    .addColumn('camera_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('user_cameras_once', ['user_id', 'camera_id'] as never)
    .execute()
  await withId(db.schema.createTable('invitations') as never)
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('cameras', 'text')
    .addColumn('invited_by', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('used_at', 'bigint')
    .addColumn('withdrawn_at', 'bigint')
    .execute()
}

async function createKeys(db: Kysely<unknown>): Promise<void> {
  await withId(db.schema.createTable('passkeys') as never)
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('rp_id', 'text', (column) => column.notNull())
    .addColumn('credential_id', 'text', (column) => column.notNull().unique())
    .addColumn('public_key', 'text', (column) => column.notNull())
    .addColumn('counter', 'bigint', (column) => column.notNull())
    .addColumn('transports', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_used_at', 'bigint')
    .execute()
  await db.schema.createIndex('passkeys_by_user').on('passkeys').columns(['user_id']).execute()
  await withId(db.schema.createTable('api_keys') as never)
    .addColumn('user_id', 'text', (column) => column.references('users.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('prefix', 'text', (column) => column.notNull())
    .addColumn('key_hash', 'text', (column) => column.notNull().unique())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('last_used_at', 'bigint')
    .addColumn('last_used_from', 'text')
    .addColumn('replaced_by', 'text')
    .addColumn('revoked_at', 'bigint')
    .execute()
  await db.schema
    .createTable('rate_budgets')
    .addColumn('key_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('points', 'integer', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute()
}

async function createAudit(db: Kysely<unknown>): Promise<void> {
  // No reference to users: the record outlives whom it tells of.
  await withId(db.schema.createTable('audit') as never)
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('severity', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text')
    .addColumn('username', 'text')
    .addColumn('role', 'text')
    .addColumn('address', 'text')
    .addColumn('user_agent', 'text')
    .addColumn('session_id', 'text')
    .addColumn('resource', 'text')
    .addColumn('details', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('audit_by_type').on('audit').columns(['type', 'id']).execute()
  await db.schema.createIndex('audit_by_user').on('audit').columns(['user_id', 'id']).execute()
}

/** Accounts and access: refreshing sessions, roles, invitations, passkeys, API keys, the record of who did what. */
export const access: Migration = {
  name: '0002-access',
  async up(db) {
    await replaceSessions(db)
    await createPeople(db)
    await createKeys(db)
    await createAudit(db)
  },
}
