import { SqliteAdapter, sql, type CreateTableBuilder, type Kysely } from 'kysely'
import type { Migration } from '../migrate.ts'

const withId = (table: CreateTableBuilder<string, never>): CreateTableBuilder<string, 'id'> =>
  table.addColumn('id', 'text', (column) => column.primaryKey().notNull())

const withTimes = <T extends string>(table: CreateTableBuilder<T, never>): CreateTableBuilder<T, never> =>
  table
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull()) as never

async function createDevices(db: Kysely<unknown>): Promise<void> {
  await withTimes(
    db.schema
      .createTable('plug_devices')
      .addColumn('mac', 'text', (column) => column.primaryKey().notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('model', 'text', (column) => column.notNull())
      .addColumn('firmware', 'text', (column) => column.notNull())
      .addColumn('hardware', 'text', (column) => column.notNull())
      .addColumn('host', 'text', (column) => column.notNull())
      .addColumn('port', 'integer', (column) => column.notNull())
      .addColumn('link', 'text')
      .addColumn('can', 'text', (column) => column.notNull()) as never,
  ).execute()
  await db.schema
    .createTable('plug_addresses')
    .addColumn('mac', 'text', (column) => column.notNull().references('plug_devices.mac').onDelete('cascade'))
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('first_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('plug_addresses_once', ['mac', 'host'] as never)
    .execute()
}

/** Ids and names stay; what belongs to the whole device moves into a row of its own. */
async function moveDevices(db: Kysely<unknown>): Promise<void> {
  await sql`insert into plug_devices (mac, name, model, firmware, hardware, host, port, link, can, created_at, updated_at)
    select mac, min(model), min(model), '', '', min(host), min(port), null,
      case max(can_meter) when 1 then '["switch","meter"]' else '["switch"]' end, min(created_at), max(updated_at)
    from plugs group by mac`.execute(db)
  await sql`insert into plug_addresses (mac, host, first_seen_at, last_seen_at)
    select mac, host, created_at, updated_at from plug_devices`.execute(db)
  await withTimes(
    withId(db.schema.createTable('plugs_with_devices') as never)
      .addColumn('mac', 'text', (column) => column.notNull().references('plug_devices.mac').onDelete('cascade'))
      .addColumn('outlet', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('named', 'integer', (column) => column.notNull().check(sql`named in (0, 1)`))
      .addColumn('room_id', 'text', (column) => column.references('rooms.id').onDelete('set null'))
      .addColumn('notes', 'text', (column) => column.notNull())
      .addColumn('picture', 'text')
      .addColumn('last_state', 'text') as never,
  )
    .addUniqueConstraint('plugs_once', ['mac', 'outlet'] as never)
    .execute()
  // Outlets of a strip were stored in the order of the strip, and ids sort by time.
  await sql`insert into plugs_with_devices
      (id, mac, outlet, position, name, named, room_id, notes, picture, last_state, created_at, updated_at)
    select id, mac, outlet, (select count(*) from plugs as earlier where earlier.mac = plugs.mac and earlier.id < plugs.id),
      name, named, null, '', null, last_state, created_at, updated_at
    from plugs`.execute(db)
  await db.schema.dropTable('plugs').execute()
  await db.schema.alterTable('plugs_with_devices').renameTo('plugs').execute()
  await db.schema.createIndex('plugs_by_room').on('plugs').columns(['room_id']).execute()
}

async function createTogether(db: Kysely<unknown>, thing: 'group' | 'scene', members: string): Promise<void> {
  await withTimes(
    withId(db.schema.createTable(`plug_${thing}s`) as never).addColumn('name', 'text', (column) =>
      column.notNull().unique(),
    ) as never,
  ).execute()
  const reference = `${thing}_id`
  const table = db.schema
    .createTable(members)
    .addColumn(reference, 'text', (column) => column.notNull().references(`plug_${thing}s.id`).onDelete('cascade'))
    .addColumn('plug_id', 'text', (column) => column.notNull().references('plugs.id').onDelete('cascade'))
    .addPrimaryKeyConstraint(`${members}_once`, [reference, 'plug_id'] as never)
  if (thing === 'group') await table.execute()
  else
    await table
      .addColumn('on_state', 'integer', (column) => column.notNull().check(sql`on_state in (0, 1)`))
      .addColumn('brightness', 'integer')
      .execute()
  await db.schema.createIndex(`${members}_by_plug`).on(members).columns(['plug_id']).execute()
}

async function createEnergy(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('energy_meters')
    .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('mac', 'text', (column) => column.notNull())
    .addColumn('outlet', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('energy_meters_once', ['mac', 'outlet'] as never)
    .execute()
  const readings = db.schema
    .createTable('energy_readings')
    .addColumn('meter', 'integer', (column) => column.notNull().references('energy_meters.id'))
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('power_mw', 'integer', (column) => column.notNull())
    .addColumn('counter_mwh', 'bigint')
    .addColumn('energy_mwh', 'bigint', (column) => column.notNull())
    .addColumn('quality', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('energy_readings_once', ['meter', 'at'] as never)
  // Clustered by its key: half the size, and a day of one meter lies together.
  const isSqlite = db.getExecutor().adapter instanceof SqliteAdapter
  await (isSqlite ? readings.modifyEnd(sql`without rowid`) : readings).execute()
}

/** Devices apart from their outlets; rooms, groups, scenes, pictures, accounts; readings of the meters. */
export const plugHome: Migration = {
  name: '0004-plug-home',
  async up(db) {
    await withTimes(
      withId(db.schema.createTable('rooms') as never)
        .addColumn('name', 'text', (column) => column.notNull().unique())
        .addColumn('position', 'integer', (column) => column.notNull()) as never,
    ).execute()
    await createDevices(db)
    await moveDevices(db)
    await createTogether(db, 'group', 'plug_group_members')
    await createTogether(db, 'scene', 'plug_scene_steps')
    await withTimes(
      withId(db.schema.createTable('plug_accounts') as never)
        .addColumn('credentials', 'text', (column) => column.notNull())
        .addColumn('position', 'integer', (column) => column.notNull()) as never,
    ).execute()
    await createEnergy(db)
  },
}
