import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { LaresError } from '../../appliance/src/core/errors.ts'
import { openTestDatabase, type TestDatabase } from '../../appliance/src/db/testing.ts'

const row = (key: string, value = 'v') => ({ key, value, updated_at: 1 })
const failsWith =
  (kind: string, code: string) =>
  (error: LaresError): boolean => {
    assert.deepEqual([error.kind, error.code], [kind, code])
    return true
  }

let database: TestDatabase
before(async () => {
  database = await openTestDatabase()
})
after(() => database.close())

test('what was written is there for readers at once', async () => {
  await database.writer.insertInto('settings').values(row('a', 'ä 🏠')).execute()
  const found = await database.reader.selectFrom('settings').selectAll().where('key', '=', 'a').execute()
  assert.deepEqual(found, [row('a', 'ä 🏠')])
  const changed = await database.writer
    .updateTable('settings')
    .set({ value: 'b' })
    .where('key', '=', 'a')
    .executeTakeFirst()
  assert.equal(changed.numUpdatedRows, 1n)
  const returned = await database.writer.deleteFrom('settings').where('key', '=', 'a').returning('value').execute()
  assert.deepEqual(returned, [{ value: 'b' }])
})

test('what is committed is on the disk before anybody is told: a power cut loses no acknowledged write', async () => {
  const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(database.writer)
  // 2 is FULL: SQLite waits for the disk at each commit. Killing a process cannot show the difference, image:test does.
  assert.equal(Number(rows[0]?.synchronous), 2)
})

test('times of today come back exactly', async () => {
  const at = Date.UTC(2026, 10, 21, 23, 59, 59, 999)
  await database.writer
    .insertInto('settings')
    .values({ ...row('time'), updated_at: at })
    .execute()
  const found = await database.reader
    .selectFrom('settings')
    .select('updated_at')
    .where('key', '=', 'time')
    .executeTakeFirst()
  assert.equal(found?.updated_at, at)
})

test('values without one exact form are refused, nothing is written', async () => {
  for (const value of [true, false, undefined, new Date(), { a: 1 }, [1], Symbol('x'), Number.NaN, Infinity]) {
    const insert = database.writer.insertInto('settings').values({ key: 'bad', value: value as never, updated_at: 1 })
    // Kysely leaves undefined out of an insert; in a condition it arrives.
    const query =
      value === undefined
        ? database.reader
            .selectFrom('settings')
            .selectAll()
            .where('key', '=', undefined as never)
        : insert
    await assert.rejects(async () => await query.execute(), failsWith('internal', 'BAD_BIND_VALUE'), typeof value)
  }
  assert.deepEqual(await database.reader.selectFrom('settings').selectAll().where('key', '=', 'bad').execute(), [])
})

test('a transaction that SQLite itself took back, as on a full disk, fails with its reason', async () => {
  await database.writer.insertInto('settings').values(row('taken back')).execute()
  const twice = database.writer.transaction().execute(async (trx) => {
    await sql`insert into settings (key, value, updated_at) values ('before it', 'v', 1)`.execute(trx)
    await sql`insert or rollback into settings (key, value, updated_at) values ('taken back', 'v', 1)`.execute(trx)
  })
  await assert.rejects(twice, failsWith('conflict', 'ALREADY_EXISTS'))
  const left = await database.reader.selectFrom('settings').selectAll().where('key', '=', 'before it').execute()
  assert.deepEqual(left, [])
  await database.writer.insertInto('settings').values(row('after it')).execute()
})

test('errors of the driver say who must act', async () => {
  await database.writer.insertInto('settings').values(row('twice')).execute()
  await assert.rejects(
    database.writer.insertInto('settings').values(row('twice')).execute(),
    failsWith('conflict', 'ALREADY_EXISTS'),
  )
  const orphan = {
    id: 't',
    incident_id: 'nobody',
    class: 'person',
    first_seen_at: 1,
    last_seen_at: 1,
    best_score_milli: 1,
    path: '[]',
  }
  await assert.rejects(
    database.writer.insertInto('incident_tracks').values(orphan).execute(),
    failsWith('conflict', 'REFERENCE_GONE'),
  )
  const lacking = {
    id: 'c',
    name: null as never,
    kind: 'file',
    source: '{}',
    credentials: null,
    enabled: 1 as const,
    classes: '[]',
    created_at: 1,
    updated_at: 1,
  }
  await assert.rejects(
    database.writer.insertInto('cameras').values(lacking).execute(),
    failsWith('internal', 'CONSTRAINT'),
  )
  const odd = { ...lacking, name: 'x', enabled: 2 as never }
  await assert.rejects(database.writer.insertInto('cameras').values(odd).execute(), failsWith('internal', 'CONSTRAINT'))
  await assert.rejects(
    database.writer
      .selectFrom('nothing' as never)
      .selectAll()
      .execute(),
    failsWith('internal', 'INTERNAL'),
  )
  await assert.rejects(
    database.reader.insertInto('settings').values(row('x')).execute(),
    failsWith('unavailable', 'DISK_READ_ONLY'),
  )
})

test('a transaction is all or nothing, and is announced after it stands', async () => {
  const said: string[] = []
  const kept = await database.transaction(async (trx, afterCommit) => {
    await trx.insertInto('settings').values(row('kept')).execute()
    afterCommit(() => said.push('kept'))
    database.afterCommit(trx, () => said.push('kept too'))
    assert.deepEqual(said, [])
    return 7
  })
  assert.equal(kept, 7)
  assert.deepEqual(said, ['kept', 'kept too'])
  const failing = database.transaction(async (trx, afterCommit) => {
    await trx.insertInto('settings').values(row('lost')).execute()
    afterCommit(() => said.push('lost'))
    throw new Error('no')
  })
  await assert.rejects(failing, /^Error: no$/)
  assert.deepEqual(said, ['kept', 'kept too'])
  const keys = await database.reader.selectFrom('settings').select('key').where('key', 'in', ['kept', 'lost']).execute()
  assert.deepEqual(keys, [{ key: 'kept' }])
})

test('a failing announcement does not look like a failed write', async () => {
  const said: string[] = []
  await database.transaction(async (trx, afterCommit) => {
    await trx.insertInto('settings').values(row('stands')).execute()
    afterCommit(() => {
      throw new Error('listener')
    })
    afterCommit(() => said.push('next'))
  })
  assert.deepEqual(said, ['next'])
})

test('the outer handle inside a transaction is an error, not a deadlock', async () => {
  const inside = (work: () => Promise<unknown>) => database.transaction(async () => void (await work()))
  await assert.rejects(
    inside(() => database.writer.selectFrom('settings').selectAll().execute()),
    failsWith('internal', 'OUTER_HANDLE'),
  )
  await assert.rejects(
    inside(() => database.transaction(async () => undefined)),
    failsWith('internal', 'OUTER_HANDLE'),
  )
  // Readers have their own connections, and what is started by a commit is free again.
  await inside(() => database.reader.selectFrom('settings').selectAll().execute())
  let later: Promise<unknown> = Promise.resolve()
  await database.transaction(async (_trx, afterCommit) => {
    afterCommit(() => {
      later = database.writer.selectFrom('settings').selectAll().execute()
    })
  })
  await later
  assert.throws(
    () => database.afterCommit(database.writer as never, () => undefined),
    failsWith('internal', 'INTERNAL'),
  )
})

test('a hundred writers at once take turns and lose nothing', async () => {
  await database.writer.insertInto('settings').values(row('count', '0')).execute()
  const increment = () =>
    database.transaction(async (trx) => {
      const { value } = await trx
        .selectFrom('settings')
        .select('value')
        .where('key', '=', 'count')
        .executeTakeFirstOrThrow()
      await trx
        .updateTable('settings')
        .set({ value: String(Number(value) + 1) })
        .where('key', '=', 'count')
        .execute()
    })
  await Promise.all(Array.from({ length: 100 }, increment))
  const { value } = await database.reader
    .selectFrom('settings')
    .select('value')
    .where('key', '=', 'count')
    .executeTakeFirstOrThrow()
  assert.equal(value, '100')
})

test('more different statements than are kept prepared', async () => {
  for (let index = 1; index <= 300; index++) {
    const { rows } = { rows: await database.reader.selectFrom('settings').select('key').limit(index).execute() }
    assert.ok(rows.length > 0)
  }
  assert.ok((await database.reader.selectFrom('settings').select('key').limit(1).execute()).length === 1)
})
