import assert from 'node:assert/strict'
import { after, beforeEach, describe, test } from 'node:test'
import type { AuditPage } from '../../appliance/src/api/audit.ts'
import { createAudit, type Audit, type AuditEvent } from '../../appliance/src/audit/index.ts'
import { createLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase, type TestDatabase } from '../../appliance/src/db/testing.ts'
import { createFakeClock, type FakeClock } from '../fakes/clock.ts'
import { callRoute } from '../fakes/routes.ts'
import { person, startServer, tokenOf } from '../http/harness.ts'

const opened: TestDatabase[] = []
const lines: string[] = []
let database: TestDatabase
let clock: FakeClock
let audit: Audit

beforeEach(async () => {
  database = await openTestDatabase()
  opened.push(database)
  clock = createFakeClock()
  lines.length = 0
  audit = createAudit({ database, clock, log: createLog({ destination: { write: (line) => void lines.push(line) } }) })
})
after(() => Promise.all(opened.map((each) => each.close())))

const rows = () => database.reader.selectFrom('audit').selectAll().orderBy('id').execute()
const read = (query: Record<string, unknown> = {}) => callRoute<AuditPage>(audit.routes, 'GET', '/api/audit', { query })
const refusal = (route: string): AuditEvent => ({ type: 'permission_denied', severity: 'WARNING', details: { route } })

describe('SEC-E1 what was done and its record', () => {
  test('are there together', async () => {
    await database.transaction(async (trx) => {
      const who = { userId: 'u1', username: 'ada', role: 'admin', sessionId: 's1' }
      await audit.record(trx, {
        ...{ type: 'role_created', who, address: '192.168.1.20', userAgent: 'Phone', resource: 'role:r1' },
        details: { permissions: ['devices.view'] },
      })
    })
    const [entry] = (await read()).entries
    assert.ok(entry)
    const { id: _, ...rest } = entry
    assert.deepEqual(rest, {
      ...{ at: clock.now(), type: 'role_created', severity: 'INFO', userId: 'u1', username: 'ada', role: 'admin' },
      ...{ address: '192.168.1.20', userAgent: 'Phone', sessionId: 's1', resource: 'role:r1' },
      details: { permissions: ['devices.view'] },
    })
  })

  test('are both not there when the work fails afterwards', async () => {
    const failing = database.transaction(async (trx) => {
      await audit.record(trx, { type: 'user_created' })
      throw new Error('no')
    })
    await assert.rejects(failing)
    assert.deepEqual(await rows(), [])
  })

  test('stand and fall with each other the other way round too: without a record nothing is done', async () => {
    const { writer } = database
    await writer.schema.alterTable('audit').renameTo('audit_gone').execute()
    const work = database.transaction(async (trx) => {
      await trx.insertInto('settings').values({ key: 'a.b', value: '1', updated_at: 1 }).execute()
      await audit.record(trx, { type: 'setting_changed' })
    })
    await assert.rejects(work)
    assert.deepEqual(await database.reader.selectFrom('settings').selectAll().execute(), [])
  })

  test('a person who is removed stays in what they did; a long user agent is cut', async () => {
    await database.transaction((trx) => audit.record(trx, { type: 'logout', userAgent: 'x'.repeat(5_000) }))
    assert.equal((await rows())[0]?.user_agent?.length, 256)
    assert.equal((await rows())[0]?.user_id, null)
  })
})

describe('SEC-E2 refusals', () => {
  test('are written together, a moment later, and in nobody’s way', async () => {
    for (const route of ['a', 'b', 'c']) {
      audit.note(refusal(route))
      await clock.advance(1)
    }
    assert.equal((await rows()).length, 0)
    await clock.advance(300)
    await audit.stop()
    assert.deepEqual(
      (await rows()).map(({ details }) => JSON.parse(details) as unknown),
      [{ route: 'a' }, { route: 'b' }, { route: 'c' }],
    )
  })

  test('whoever was just told that something is done finds it in the record at once', async () => {
    audit.note(refusal('just now'))
    const { entries } = await read()
    assert.deepEqual(
      entries.map(({ details }) => details),
      [{ route: 'just now' }],
    )
  })

  test('what waits at the end is written', async () => {
    audit.note(refusal('last'))
    await audit.stop()
    assert.equal((await rows()).length, 1)
    assert.deepEqual(clock.pending(), [])
  })

  test('a flood fills neither disk nor memory: ten a second, the others counted in the next', async () => {
    for (let index = 0; index < 5_000; index++) audit.note(refusal(`flood ${index}`))
    await clock.advance(1_000)
    audit.note(refusal('after'))
    await audit.stop()
    const written = await rows()
    assert.equal(written.length, 11)
    assert.deepEqual(JSON.parse(written.at(-1)?.details ?? ''), { route: 'after', leftOutBefore: 4_990 })
  })

  test('a flood does not go on for ever because the clock was set back', async () => {
    for (let index = 0; index < 20; index++) audit.note(refusal(`x ${index}`))
    clock.setWallClock(clock.now() - 86_400_000)
    audit.note(refusal('a day earlier'))
    await audit.stop()
    assert.equal((await rows()).length, 11)
  })

  test('a database that cannot be written is said in the log, and the next batch is tried', async () => {
    await database.writer.schema.alterTable('audit').renameTo('audit_gone').execute()
    audit.note(refusal('lost'))
    await clock.advance(300)
    await audit.stop()
    assert.ok(
      lines.some((line) => line.includes('Cannot write the record')),
      lines.join(''),
    )
    await database.writer.schema.alterTable('audit_gone').renameTo('audit').execute()
    audit.note(refusal('kept'))
    await audit.stop()
    assert.equal((await rows()).length, 1)
  })
})

describe('SEC-E1 reading the record', () => {
  const addMany = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) {
      await clock.advance(1)
      const type = index % 2 ? ('logout' as const) : ('login_success' as const)
      const who = {
        userId: `00000000-0000-7000-8000-00000000000${index % 3}`,
        username: 'x',
        role: 'x',
        sessionId: 'x',
      }
      await database.transaction((trx) => audit.record(trx, { type, who, details: { index } }))
    }
  }
  const indexes = ({ entries }: AuditPage): unknown[] => entries.map(({ details }) => details['index'])

  test('newest first, page by page, nothing twice and nothing left out', async () => {
    await addMany(7)
    const first = await read({ limit: 3 })
    assert.deepEqual(indexes(first), [6, 5, 4])
    const second = await read({ limit: 3, before: first.next })
    assert.deepEqual(indexes(second), [3, 2, 1])
    const third = await read({ limit: 3, before: second.next })
    assert.deepEqual(indexes(third), [0])
    assert.equal(third.next, null)
  })

  test('what is added meanwhile does not shift the next page', async () => {
    await addMany(4)
    const first = await read({ limit: 2 })
    await addMany(2)
    assert.deepEqual(indexes(await read({ limit: 2, before: first.next })), [1, 0])
  })

  test('by kind and by person', async () => {
    await addMany(6)
    assert.deepEqual(indexes(await read({ type: 'logout' })), [5, 3, 1])
    assert.deepEqual(indexes(await read({ user: '00000000-0000-7000-8000-000000000001' })), [4, 1])
    assert.deepEqual(indexes(await read({ type: 'logout', user: '00000000-0000-7000-8000-000000000001' })), [1])
    assert.deepEqual(await read({ type: 'x’; drop table audit; --' }), { entries: [], next: null })
  })

  test('needs system.view, and is changed by no route', async () => {
    const at = await startServer(audit.routes)
    at.people.set(tokenOf('keeper'), person('keeper', ['system.view']))
    try {
      assert.equal((await at.ask('/api/audit', { as: 'keeper' })).status, 200)
      assert.equal((await at.ask('/api/audit', { as: 'otto' })).status, 403)
      for (const query of ['limit=0', 'limit=201', 'limit=x', 'before=1', 'user=me', `type=${'x'.repeat(65)}`, 'a=b'])
        assert.equal((await at.ask(`/api/audit?${query}`, { as: 'keeper' })).status, 400, query)
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
        assert.equal((await at.ask('/api/audit', { as: 'keeper', method })).status, 405, method)
    } finally {
      await at.stop()
    }
  })
})
