import { sql, type CreateTableBuilder, type Kysely } from 'kysely'
import type { Migration } from '../migrate.ts'

const withId = (table: CreateTableBuilder<string, never>): CreateTableBuilder<string, 'id'> =>
  table.addColumn('id', 'text', (column) => column.primaryKey().notNull())

const zeroOrOne = (column: string) => sql<boolean>`${sql.ref(column)} in (0, 1)`

async function createModes(db: Kysely<unknown>): Promise<void> {
  await withId(db.schema.createTable('mode_changes') as never)
    .addColumn('turn', 'bigint', (column) => column.notNull().unique())
    .addColumn('mode', 'text', (column) => column.notNull())
    .addColumn('requested_at', 'bigint', (column) => column.notNull())
    .addColumn('effective_at', 'bigint', (column) => column.notNull())
    .addColumn('cancelled_at', 'bigint')
    .addColumn('cause', 'text', (column) => column.notNull())
    // No reference: the history outlives whom it tells of.
    .addColumn('user_id', 'text')
    .addColumn('user_name', 'text')
    .execute()
  await withId(db.schema.createTable('presence_devices') as never)
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('address', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('state_since', 'bigint')
    .addColumn('seen_at', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
}

async function createRules(db: Kysely<unknown>): Promise<void> {
  await withId(db.schema.createTable('alert_rules') as never)
    .addColumn('enabled', 'integer', (column) => column.notNull().check(zeroOrOne('enabled')))
    .addColumn('definition', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute()
  await withId(db.schema.createTable('alert_decisions') as never)
    .addColumn('incident_id', 'text', (column) => column.notNull())
    .addColumn('camera_id', 'text', (column) => column.notNull())
    .addColumn('rule_id', 'text', (column) => column.notNull())
    .addColumn('rule_words', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('code', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('until', 'bigint')
    .addColumn('classes', 'text', (column) => column.notNull())
    .addColumn('band', 'text')
    .addColumn('verdict', 'text', (column) => column.notNull())
    .addColumn('people', 'text', (column) => column.notNull())
    .addColumn('channels', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('alert_decisions_by_incident')
    .on('alert_decisions')
    .columns(['incident_id', 'id'])
    .execute()
  await db.schema
    .createIndex('alert_decisions_by_camera')
    .on('alert_decisions')
    .columns(['camera_id', 'outcome', 'at'])
    .execute()
  await db.schema.createIndex('alert_decisions_held').on('alert_decisions').columns(['outcome', 'until']).execute()
}

async function createOwnHealth(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('told_notices')
    .addColumn('code', 'text', (column) => column.primaryKey().notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('told_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('plug_watches')
    .addColumn('plug_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('min_power_mw', 'bigint', (column) => column.notNull())
    .addColumn('after_ms', 'bigint', (column) => column.notNull())
    .addColumn('drew_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('lifeline')
    .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('alive_at', 'bigint', (column) => column.notNull())
    .addColumn('stopped_clean', 'integer', (column) => column.notNull().check(zeroOrOne('stopped_clean')))
    .execute()
}

const ANY = { enabled: true, cameras: [], zones: [], times: null, dwellS: 0, people: [], lightPlugId: null }
const PHONE = { channels: ['push', 'email', 'webhook', 'mqtt', 'ntfy'] }

/** What a newcomer begins with: few, and the right ones. Ids are fixed, so that every home knows them by the same. */
const FIRST_RULES = [
  { classes: ['person'], modes: ['home'], minBand: 'low', cooldownS: 600, throughQuiet: false },
  { classes: ['person'], modes: ['away', 'night'], minBand: 'low', cooldownS: 120, throughQuiet: true },
  {
    ...{ classes: ['car', 'motorcycle', 'truck'], modes: ['away', 'night'] },
    ...{ minBand: 'medium', cooldownS: 600, throughQuiet: false },
  },
  { classes: [], modes: ['home', 'away', 'night'], minBand: 'critical', cooldownS: 0, throughQuiet: true },
] as const

async function addFirstRules(db: Kysely<unknown>): Promise<void> {
  for (const [index, rule] of FIRST_RULES.entries()) {
    const id = `01900000-0000-7000-8000-00000000000${index + 1}`
    const definition = JSON.stringify({ ...ANY, ...PHONE, ...rule })
    await sql`insert into alert_rules (id, enabled, definition, created_at, updated_at) values (${id}, 1, ${definition}, 0, 0)`.execute(
      db,
    )
  }
}

/** Modes and who is home; alert rules and what came of them; what the owner was told about the box itself. */
export const alertRules: Migration = {
  name: '0008-alert-rules',
  async up(db) {
    await createModes(db)
    await createRules(db)
    await createOwnHealth(db)
    await addFirstRules(db)
  },
}
