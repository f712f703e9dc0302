import assert from 'node:assert/strict'
import { readdir, readFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { sql } from 'kysely'
import type { LaresError } from '../../appliance/src/core/errors.ts'
import { sha256Hex } from '../../appliance/src/core/crypto.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { openDatabase, type Database, type Migration } from '../../appliance/src/db/index.ts'
import { migrations } from '../../appliance/src/db/migrations/index.ts'
import { openTestDatabase } from '../../appliance/src/db/testing.ts'
import { listDevices } from '../../appliance/src/plugs/device-store.ts'
import { listAddresses, listPlugs } from '../../appliance/src/plugs/plug-store.ts'

const log = silentLog()

async function schemaOf(database: Database): Promise<unknown[]> {
  const { rows } =
    await sql`select type, name, tbl_name, sql from sqlite_master where name not like 'sqlite_%' order by type, name`.execute(
      database.reader,
    )
  return rows
}

const another: Migration = {
  name: '9001-another',
  async up(db) {
    await db.schema
      .createTable('another')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .execute()
  },
}
const failing: Migration = {
  name: '9002-failing',
  async up(db) {
    await db.schema.createTable('half').addColumn('id', 'text').execute()
    await sql`insert into nowhere values (1)`.execute(db)
  },
}

describe('migrations', () => {
  let root: string
  let file: string
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'lares-migrate-'))
  })
  beforeEach(async () => {
    file = join(await mkdtemp(join(root, 'x-')), 'lares.db')
  })
  after(() => rm(root, { recursive: true, force: true }))

  test('are named in order and never twice', () => {
    const names = migrations.map((migration) => migration.name)
    assert.deepEqual(names, [...new Set(names)].sort())
    assert.ok(names.every((name) => /^\d{4}-[a-z0-9-]+$/.test(name)))
  })

  test('step by step from the first one ends like a fresh database, with the data still there', async () => {
    const fresh = await openTestDatabase()
    for (let count = 1; count <= migrations.length; count++) {
      const step = await openDatabase({ file, log, migrations: migrations.slice(0, count) })
      if (count === 1)
        await step.writer.insertInto('settings').values({ key: 'home.name', value: '"Villa"', updated_at: 1 }).execute()
      await step.close()
    }
    const upgraded = await openDatabase({ file, log })
    assert.deepEqual(await schemaOf(upgraded), await schemaOf(fresh))
    assert.deepEqual(await upgraded.reader.selectFrom('settings').select('value').execute(), [{ value: '"Villa"' }])
    await upgraded.close()
    await fresh.close()
  })

  test('plugs of the first release keep their ids, names and states; a strip becomes one device', async () => {
    const old = await openDatabase({ file, log, migrations: migrations.slice(0, 2) })
    const reading = { at: 5, powerMw: 7, voltageMv: null, currentMa: null, totalWh: null }
    const state = JSON.stringify({ on: true, reading, seenAt: 5 })
    const row = (id: string, mac: string, outlet: string, name: string, meters: 0 | 1) => sql`
      insert into plugs (id, mac, outlet, name, named, model, host, port, can_meter, last_state, created_at, updated_at)
      values (${id}, ${mac}, ${outlet}, ${name}, 1, 'HS300', '192.168.1.9', 9999, ${meters}, ${state}, 3, 4)`
    await row('a1', 'AA', '01', 'Fan', 1).execute(old.writer)
    await row('a2', 'AA', '02', 'Lamp', 1).execute(old.writer)
    await row('b1', 'BB', '', 'Porch', 0).execute(old.writer)
    await old.close()
    const now = await openDatabase({ file, log })
    const plugs = await listPlugs(now.reader)
    assert.deepEqual(
      plugs.map(({ id, mac, outlet, position, name, named, last }) => [
        id,
        mac,
        outlet,
        position,
        name,
        named,
        last.on,
      ]),
      [
        ['a1', 'AA', '01', 0, 'Fan', true, true],
        ['a2', 'AA', '02', 1, 'Lamp', true, true],
        ['b1', 'BB', '', 0, 'Porch', true, true],
      ],
    )
    const devices = await listDevices(now.reader)
    assert.deepEqual(devices.map(({ mac, host, port, can, link }) => [mac, host, port, can, link]).sort(), [
      ['AA', '192.168.1.9', 9999, ['switch', 'meter'], null],
      ['BB', '192.168.1.9', 9999, ['switch'], null],
    ])
    assert.deepEqual(await listAddresses(now.reader, 'AA'), [{ host: '192.168.1.9', firstSeenAt: 3, lastSeenAt: 4 }])
    await now.close()
  })

  test('an existing database is copied before it changes; a new one is not', async () => {
    const first = await openDatabase({ file, log })
    await first.writer.insertInto('settings').values({ key: 'a', value: '1', updated_at: 1 }).execute()
    await first.close()
    const names = async () => (await readdir(join(file, '..'))).filter((name) => name.includes('before')).sort()
    assert.deepEqual(await names(), [])
    await (await openDatabase({ file, log, migrations: [...migrations, another] })).close()
    assert.deepEqual(await names(), ['lares.db.before-9001-another'])
    const copy = await openDatabase({ file: join(file, '..', 'lares.db.before-9001-another'), log })
    assert.deepEqual(await copy.reader.selectFrom('settings').select('key').execute(), [{ key: 'a' }])
    await copy.close()
  })

  test('a step that fails leaves everything as it was before the step', async () => {
    await (await openDatabase({ file, log })).close()
    await assert.rejects(openDatabase({ file, log, migrations: [...migrations, another, failing] }))
    const after = await openDatabase({ file, log, migrations: [...migrations, another] })
    const tables = (await schemaOf(after)).map((entry) => (entry as { name: string }).name)
    assert.ok(tables.includes('another') && !tables.includes('half'))
    await after.close()
  })

  test('a database of a newer version is refused in plain words and not touched', async () => {
    await (await openDatabase({ file, log, migrations: [...migrations, another] })).close()
    const before = sha256Hex(await readFile(file))
    await assert.rejects(openDatabase({ file, log }), (error: LaresError) => {
      assert.deepEqual([error.kind, error.code], ['unsupported', 'DATABASE_NEWER'])
      assert.match(error.message, /newer version of Lares/)
      return true
    })
    assert.equal(sha256Hex(await readFile(file)), before)
  })

  test('a file that is no database, or a damaged one, is named and not overwritten', async () => {
    await writeFile(file, 'These are not the pages you are looking for. '.repeat(200))
    await assert.rejects(openDatabase({ file, log }), (error: LaresError) => {
      assert.equal(error.code, 'DATABASE_DAMAGED')
      assert.ok(error.message.includes(file) && /npm run lares -- check/.test(error.message))
      return true
    })
    assert.match(await readFile(file, 'utf8'), /^These are not/)
  })

  test('a folder that cannot hold the file is said so', async () => {
    await assert.rejects(
      openDatabase({ file: join(root, 'missing', 'lares.db'), log }),
      (error: LaresError) => error.code === 'DATABASE_UNREACHABLE',
    )
  })
})
