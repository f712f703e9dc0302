import { sql, type Kysely } from 'kysely'
import type { Migration } from '../migrate.ts'

const run = async (db: Kysely<unknown>, statement: string): Promise<void> => void (await sql.raw(statement).execute(db))

async function drawZones(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('camera_zones')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('camera_id', 'text', (column) => column.notNull().references('cameras.id').onDelete('cascade'))
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('definition', 'text', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('camera_zones_by_camera').on('camera_zones').columns(['camera_id']).execute()
  await db.schema
    .createTable('camera_zone_settings')
    .addColumn('camera_id', 'text', (column) =>
      column.primaryKey().notNull().references('cameras.id').onDelete('cascade'),
    )
    .addColumn('limits', 'text', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .execute()
}

/** What was entered, by its name of then: zones may be gone when somebody looks at it. */
async function rememberZones(db: Kysely<unknown>): Promise<void> {
  const column = (table: string) =>
    db.schema.alterTable(table).addColumn('zones', 'text', (made) => made.notNull().defaultTo('[]'))
  await column('incidents').execute()
  await column('incident_tracks').execute()
  const ids = (of: string): string => `(select group_concat(json_extract(value, '$.id')) from json_each(${of}.zones))`
  const due = (of: string): string => `insert into incident_search_due (place)
    select place from incidents where id in (${of}) and place is not null
      and not exists (select 1 from incident_search_due due where due.place = incidents.place)`
  // As in 0006: which zones, not how long somebody stayed in them, is what it is found by.
  await run(
    db,
    `create trigger incidents_rezoned after update of zones on incidents
       when new.zones <> old.zones and ${ids('new')} is not ${ids('old')} begin
       ${due('new.id, new.part_of')};
     end`,
  )
}

/** What is usual is counted for a camera as a whole (zone '') and for each zone of it. */
async function learnByZone(db: Kysely<unknown>): Promise<void> {
  await run(db, 'alter table activity_baselines rename to activity_baselines_before')
  await db.schema
    .createTable('activity_baselines')
    .addColumn('camera_id', 'text', (column) => column.notNull())
    .addColumn('zone_id', 'text', (column) => column.notNull())
    .addColumn('class', 'text', (column) => column.notNull())
    .addColumn('weekday', 'integer', (column) => column.notNull())
    .addColumn('hour', 'integer', (column) => column.notNull())
    .addColumn('visits_milli', 'integer', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('activity_baselines_by_zone', [
      ...['camera_id', 'zone_id', 'class', 'weekday', 'hour'],
    ] as never)
    .execute()
  const rest = 'class, weekday, hour, visits_milli, updated_at'
  await run(
    db,
    `insert into activity_baselines (camera_id, zone_id, ${rest}) select camera_id, '', ${rest} from activity_baselines_before`,
  )
  await run(db, 'drop table activity_baselines_before')
}

/** Zones, masks and limits of cameras; what of them was entered in an incident; habits by zone. */
export const zones: Migration = {
  name: '0012-zones',
  async up(db) {
    await drawZones(db)
    await rememberZones(db)
    await learnByZone(db)
  },
}
