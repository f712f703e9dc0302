import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createImport } from '../../appliance/src/accounts/people/import.ts'
import { insertUser, listActiveUsers } from '../../appliance/src/accounts/people/user-store.ts'
import { createAudit } from '../../appliance/src/audit/index.ts'
import { systemClock as clock } from '../../appliance/src/core/clock.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { newId } from '../../appliance/src/core/ids.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase, type TestDatabase } from '../../appliance/src/db/testing.ts'

const HASH = '$2b$12$abcdefghijklmnopqrstuuF73ROSCdZT.yLzSwzxyCF1dcaFBfGLS'
const person = (username: string, change: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...{ username, displayName: username, role: 'viewer', passwordHash: HASH },
  ...change,
})

describe('SEC-A3 accounts of another system', () => {
  let database: TestDatabase
  let importUsers: (users: unknown) => Promise<number>
  const names = async (): Promise<string[]> => (await listActiveUsers(database.reader)).map(({ username }) => username)

  before(async () => {
    database = await openTestDatabase()
    importUsers = createImport({ database, clock, audit: createAudit({ database, clock, log: silentLog() }) })
  })
  after(() => database.close())

  async function refused(users: unknown): Promise<LaresError> {
    const before = await names()
    const error = await importUsers(users).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    assert.ok(error instanceof LaresError, JSON.stringify(users).slice(0, 100))
    assert.deepEqual(await names(), before)
    assert.ok(!error.message.includes(HASH))
    return error
  }

  test('not before setup: the administrator is never imported', async () => {
    assert.equal((await refused([person('eve', { role: 'admin' })])).code, 'SETUP_REQUIRED')
    await insertUser(database.writer, {
      ...{ id: newId(1), username: 'ada', displayName: 'Ada', role: 'admin', cameras: null, passwordHash: HASH },
      ...{ passwordChangedAt: 1, totpSecret: null, totpLastStep: 0, createdAt: 1 },
    })
  })

  test('all or none: one wrong entry and nobody comes in; the message says which, and not what stood there', async () => {
    const good = [person('bea'), person('cem')]
    const wrong: [Record<string, unknown>, string][] = [
      [person('dan', { passwordHash: '5f4dcc3b5aa765d61d8327deb882cf99' }), 'IMPORT_INVALID'],
      [person('dan', { passwordHash: HASH.replace('$12$', '$31$') }), 'IMPORT_INVALID'],
      [person('dan', { role: 'emperor' }), 'ROLE_UNKNOWN'],
      [person('ADA'), 'NAME_TAKEN'],
      [person('Bea'), 'NAME_TAKEN'],
      [person('\u202edna'), 'IMPORT_INVALID'],
      [person('dan', { displayName: 'D\u001b[2Jan' }), 'IMPORT_INVALID'],
      [person('dan', { password: 'plain' }), 'IMPORT_INVALID'],
      [{ username: 'dan' }, 'IMPORT_INVALID'],
    ]
    for (const [entry, code] of wrong) {
      const error = await refused([...good, entry])
      assert.equal(error.code, code, JSON.stringify(entry))
      assert.match(error.message, /^Person 3 of the file: .* Nothing was imported\.$/)
    }
  })

  test('what is no list of people at all is refused in words', async () => {
    for (const content of [null, 7, 'x', {}, [], Array.from({ length: 501 }, (_, index) => person(`p${index}`))])
      assert.equal((await refused(content)).code, 'IMPORT_INVALID')
  })

  test('names are stored in small letters, roles go by id or by name, and each is recorded', async () => {
    const role = { id: newId(2), name: 'Sitter', permissions: '["cameras.view"]', created_at: 1, updated_at: 1 }
    await database.writer.insertInto('roles').values(role).execute()
    const count = await importUsers([
      person('Bea'),
      person('cem', { role: 'sitter' }),
      person('dan', { role: role.id }),
    ])
    assert.equal(count, 3)
    const imported = (await listActiveUsers(database.reader)).slice(1)
    assert.deepEqual(
      imported.map(({ username, roleName, permissions }) => [username, roleName, permissions.length]).sort(),
      [
        ['bea', 'Viewer', 5],
        ['cem', 'Sitter', 1],
        ['dan', 'Sitter', 1],
      ],
    )
    const entries = await database.reader.selectFrom('audit').selectAll().execute()
    assert.deepEqual(
      entries.map(({ type }) => type),
      ['user_imported', 'user_imported', 'user_imported'],
    )
    assert.ok(!JSON.stringify(entries).includes(HASH))
  })
})
