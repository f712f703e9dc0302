import { sql, type Kysely } from 'kysely'
import type { Migration } from '../migrate.ts'

const zeroOrOne = (column: string) => sql<boolean>`${sql.ref(column)} in (0, 1)`

/** Cameras that share a place see one visit together. */
async function placeCameras(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('cameras')
    .addColumn('place', 'text', (column) => column.notNull().defaultTo(''))
    .execute()
}

/** What was kept before was judged by nobody: `could-not-look`, without a score. */
async function judgeIncidents(db: Kysely<unknown>): Promise<void> {
  const change = db.schema.alterTable('incidents')
  await change
    .addColumn('part_of', 'text', (column) => column.references('incidents.id').onDelete('set null'))
    .execute()
  await change.addColumn('visit_last_seen_at', 'bigint').execute()
  await change
    .addColumn('visit_open', 'integer', (column) => column.notNull().defaultTo(0).check(zeroOrOne('visit_open')))
    .execute()
  await change.addColumn('verdict', 'text', (column) => column.notNull().defaultTo('could-not-look')).execute()
  await change.addColumn('risk_score', 'integer').execute()
  await db.schema.createIndex('incidents_by_visit').on('incidents').columns(['part_of', 'id']).execute()
  await db.schema.createIndex('incidents_by_camera_time').on('incidents').columns(['camera_id', 'opened_at']).execute()
  await db.schema
    .createTable('incident_assessments')
    .addColumn('incident_id', 'text', (column) =>
      column.primaryKey().notNull().references('incidents.id').onDelete('cascade'),
    )
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('verdict', 'text', (column) => column.notNull())
    .addColumn('score', 'integer')
    .addColumn('rules_score', 'integer')
    .addColumn('rules_verdict', 'text', (column) => column.notNull())
    .addColumn('rules_factors', 'text', (column) => column.notNull())
    .addColumn('facts', 'text')
    .addColumn('language_state', 'text', (column) => column.notNull())
    .addColumn('language_due_at', 'bigint')
    .addColumn('language_tries', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('asked_score', 'integer')
    .addColumn('language', 'text')
    .addColumn('prompt', 'text')
    .execute()
  await db.schema
    .createIndex('incident_assessments_waiting')
    .on('incident_assessments')
    .columns(['language_state', 'language_due_at'])
    .execute()
  await db.schema
    .createTable('incident_plugs')
    .addColumn('incident_id', 'text', (column) => column.notNull().references('incidents.id').onDelete('cascade'))
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('plug_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('is_on', 'integer', (column) => column.notNull().check(zeroOrOne('is_on')))
    .addColumn('power_mw', 'integer')
    .addPrimaryKeyConstraint('incident_plugs_once', ['incident_id', 'plug_id', 'at'] as never)
    .execute()
}

async function learnHabits(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('activity_baselines')
    .addColumn('camera_id', 'text', (column) => column.notNull())
    .addColumn('class', 'text', (column) => column.notNull())
    .addColumn('weekday', 'integer', (column) => column.notNull())
    .addColumn('hour', 'integer', (column) => column.notNull())
    .addColumn('visits_milli', 'integer', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('activity_baselines_once', ['camera_id', 'class', 'weekday', 'hour'] as never)
    .execute()
  // Since when a camera is watched: before that, quiet means nothing.
  await db.schema
    .createTable('activity_since')
    .addColumn('camera_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('expectations')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('who', 'text', (column) => column.notNull())
    .addColumn('classes', 'text', (column) => column.notNull())
    .addColumn('cameras', 'text')
    .addColumn('weekdays', 'text', (column) => column.notNull())
    .addColumn('from_minute', 'integer', (column) => column.notNull())
    .addColumn('to_minute', 'integer', (column) => column.notNull())
    .addColumn('enabled', 'integer', (column) => column.notNull().check(zeroOrOne('enabled')))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
}

/** Verdict and score, visits over several cameras, what is usual at an hour, who is expected. */
export const risk: Migration = {
  name: '0005-risk',
  async up(db) {
    await placeCameras(db)
    await judgeIncidents(db)
    await learnHabits(db)
  },
}
