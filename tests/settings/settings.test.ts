import assert from 'node:assert/strict'
import { after, afterEach, beforeEach, describe, test } from 'node:test'
import { z } from 'zod'
import { allSettings } from '../../appliance/src/all-settings.ts'
import type { SettingEntry } from '../../appliance/src/api/system.ts'
import type { AuditEvent } from '../../appliance/src/audit/types.ts'
import { createSecretBox } from '../../appliance/src/core/crypto.ts'
import type { LaresError } from '../../appliance/src/core/errors.ts'
import { createLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase, type TestDatabase } from '../../appliance/src/db/testing.ts'
import {
  createSettings,
  homeCurrency,
  homeDefinitions,
  homeName,
  homeTimeZone,
  settingsRoutes,
  type SettingDefinition,
  type EditableSettings,
} from '../../appliance/src/settings/index.ts'
import { createFakeClock } from '../fakes/clock.ts'
import { person, startServer, tokenOf } from '../http/harness.ts'

const doorCode: SettingDefinition<string> = {
  key: 'door.code',
  schema: z.string(),
  initial: '',
  words: 'A test.',
  secret: true,
}
const volume: SettingDefinition<number> = {
  key: 'door.volume',
  schema: z.int().min(0).max(10),
  initial: 5,
  words: 'How loud.',
}
const own: SettingDefinition<string> = {
  key: 'door.own',
  schema: z.string(),
  initial: 'x',
  words: 'Of the box.',
  internal: true,
}

const open: TestDatabase[] = []
let database: TestDatabase
let settings: EditableSettings
const recorded: AuditEvent[] = []
const audit = {
  record: async (_trx: unknown, event: AuditEvent): Promise<void> => void recorded.push(event),
}
const lines: string[] = []
const create = (): EditableSettings =>
  createSettings({
    ...{ database, clock: createFakeClock(), secretBox: createSecretBox(Buffer.alloc(32, 1)) },
    log: createLog({ destination: { write: (line) => void lines.push(line) } }),
    definitions: [...homeDefinitions, doorCode, volume, own],
  })
beforeEach(async () => {
  recorded.length = 0
  database = await openTestDatabase()
  open.push(database)
  settings = create()
  await settings.load()
})
after(() => Promise.all(open.map((each) => each.close())))
const stored = () => database.reader.selectFrom('settings').select(['key', 'value']).execute()

test('the default until it is set; what was set survives a restart', async () => {
  assert.equal(settings.get(homeName), 'Home')
  await settings.set(homeName, '  Villa ')
  assert.equal(settings.get(homeName), 'Villa')
  const again = create()
  await again.load()
  assert.equal(again.get(homeName), 'Villa')
})

test('a wrong value is refused in words and changes nothing', async () => {
  await assert.rejects(
    settings.set(volume, 11),
    (error: LaresError) => error.kind === 'invalid' && /^How loud\./.test(error.message),
  )
  await assert.rejects(settings.set(homeTimeZone, 'Mars/Olympus'), /time zone/)
  for (const zone of ['+02:00', '', 'europe berlin']) await assert.rejects(settings.set(homeTimeZone, zone), zone)
  for (const code of ['XYZ', 'EURO', '€']) await assert.rejects(settings.set(homeCurrency, code), code)
  assert.equal(settings.get(volume), 5)
  assert.deepEqual(await stored(), [])
  await settings.set(homeTimeZone, 'Europe/Berlin')
  await settings.set(homeCurrency, 'chf')
  assert.equal(settings.get(homeCurrency), 'CHF')
})

test('a secret is sealed where it is stored', async () => {
  await settings.set(doorCode, 'hunter2')
  const [row] = await stored()
  assert.ok(row && !row.value.includes('hunter2'))
  const again = create()
  await again.load()
  assert.equal(again.get(doorCode), 'hunter2')
})

test('inside a transaction it holds from the commit, and not at all without one', async () => {
  const heard: number[] = []
  settings.onChange(volume, (value) => heard.push(value))
  await database.transaction(async (trx) => {
    await settings.set(volume, 7, trx)
    assert.equal(settings.get(volume), 5)
  })
  assert.equal(settings.get(volume), 7)
  const failing = database.transaction(async (trx) => {
    await settings.set(volume, 9, trx)
    throw new Error('no')
  })
  await assert.rejects(failing)
  assert.equal(settings.get(volume), 7)
  assert.deepEqual(heard, [7])
})

test('listeners hear each change until they stop; a failing one hurts nobody', async () => {
  const heard: number[] = []
  settings.onChange(volume, () => {
    throw new Error('listener')
  })
  const stop = settings.onChange(volume, (value) => heard.push(value))
  await settings.set(volume, 1)
  stop()
  await settings.set(volume, 2)
  assert.deepEqual(heard, [1])
})

test('a stored value that cannot be read any more is its default, is said, and stays stored', async () => {
  await database.writer.insertInto('settings').values({ key: 'door.volume', value: '"loud"', updated_at: 1 }).execute()
  await database.writer.insertInto('settings').values({ key: 'from.the.future', value: '1', updated_at: 1 }).execute()
  const again = create()
  await again.load()
  assert.equal(again.get(volume), 5)
  assert.ok(lines.some((line) => line.includes('door.volume')))
  assert.equal((await stored()).length, 2)
})

test('a setting that is declared twice, or not in the list, is a mistake of ours', () => {
  const twice = () =>
    createSettings({
      database,
      clock: createFakeClock(),
      secretBox: createSecretBox(Buffer.alloc(32)),
      log: createLog(),
      definitions: [volume, volume],
    })
  assert.throws(twice, (error: LaresError) => error.code === 'DUPLICATE_SETTING')
  assert.throws(() => settings.get({ ...volume, key: 'unknown' }), /catalogue/)
})

test('every setting of the product has words, a key of its own and a default that fits', () => {
  assert.equal(new Set(allSettings.map((each) => each.key)).size, allSettings.length)
  for (const { key, words, schema, initial } of allSettings) {
    assert.match(key, /^[a-z]+(\.[a-zA-Z][a-zA-Z0-9]*)+$/, key)
    assert.match(words, /^[A-Z].*\.$/s, key)
    assert.ok(schema.safeParse(initial).success, key)
  }
})

test('over HTTP: everybody signed in reads, only who may edit changes, all three or none', async () => {
  const at = await startServer(settingsRoutes({ settings, database, audit }))
  at.people.set(tokenOf('admin'), person('admin', ['system.edit']))
  try {
    const put = (send: unknown, as: string) => at.ask('/api/settings/home', { method: 'PUT', send, as })
    const home = { homeName: 'Villa', timeZone: 'Europe/Vienna', currency: 'EUR' }
    assert.equal((await put(home, 'otto')).status, 403)
    const wrong = await put({ ...home, homeName: 'New', currency: 'QQQ' }, 'admin')
    assert.equal(wrong.status, 400)
    assert.match(String(wrong.json().message), /currency/)
    assert.equal((await at.ask('/api/settings/home', { as: 'otto' })).json().homeName, 'Home')
    assert.deepEqual((await put(home, 'admin')).json(), home)
    assert.deepEqual((await at.ask('/api/settings/home', { as: 'otto' })).json(), home)
  } finally {
    await at.stop()
  }
})

describe('the settings page', () => {
  const HOUR_MS = 3_600_000
  let at: Awaited<ReturnType<typeof startServer>>
  beforeEach(async () => {
    at = await startServer(settingsRoutes({ settings, database, audit }))
    const may = ['system.view', 'system.edit'] as const
    at.people.set(tokenOf('keeper'), person('keeper', may, { freshUntil: Date.now() + HOUR_MS }))
    at.people.set(tokenOf('stale'), person('stale', may))
    at.people.set(tokenOf('viewer'), person('viewer', ['system.view'], { freshUntil: Date.now() + HOUR_MS }))
    at.people.set(tokenOf('robot'), person('robot', may, { kind: 'api-key', role: 'api-key' }))
  })
  afterEach(() => at.stop())
  const list = async (): Promise<SettingEntry[]> => {
    const reply = await at.ask('/api/settings', { as: 'viewer' })
    assert.equal(reply.status, 200)
    return reply.json().settings as SettingEntry[]
  }
  const put = (key: string, send: unknown, as = 'keeper') => at.ask(`/api/settings/${key}`, { method: 'PUT', send, as })

  test('lists what people may set, with what it may be; no secret, nothing of the box itself', async () => {
    await settings.set(doorCode, 'hunter2')
    const reply = await at.ask('/api/settings', { as: 'viewer' })
    assert.doesNotMatch(reply.text, /hunter2|door\.own|setup\.done/)
    const [entry] = (await list()).filter(({ key }) => key === 'door.volume')
    assert.deepEqual(entry, {
      ...{ key: 'door.volume', feature: 'door', words: 'How loud.', value: 5, initial: 5, secret: false },
      ...{ env: null, setByEnv: false, schema: { type: 'integer', minimum: 0, maximum: 10 } },
    })
    assert.equal((await list()).find(({ key }) => key === 'door.code')?.value, null)
    assert.equal((await at.ask('/api/settings', { as: 'otto' })).status, 403)
  })

  test('changes one, and puts it back; the record holds the key and no value', async () => {
    assert.equal((await put('door.volume', { value: 9 })).json().value, 9)
    assert.equal(settings.get(volume), 9)
    assert.equal((await put('door.volume', { reset: true })).json().value, 5)
    assert.deepEqual(await stored(), [])
    assert.equal((await put('door.code', { value: 'hunter2' })).json().value, null)
    assert.equal(settings.get(doorCode), 'hunter2')
    assert.deepEqual(
      recorded.map(({ type, resource, who }) => [type, resource, who?.username]),
      ['volume', 'volume', 'code'].map((name) => ['setting_changed', `setting:door.${name}`, 'keeper']),
    )
    assert.doesNotMatch(JSON.stringify({ ...recorded, log: at.logLines }), /hunter2/)
  })

  test('SEC-A14 asks for a fresh second factor, and lets no program in', async () => {
    assert.deepEqual([(await put('door.volume', { value: 1 }, 'stale')).json().error_code], ['SUDO_REQUIRED'])
    assert.deepEqual([(await put('door.volume', { value: 1 }, 'robot')).status], [403])
    assert.equal((await put('door.volume', { value: 1 }, 'viewer')).json().error_code, 'PERMISSION_DENIED')
    assert.equal(settings.get(volume), 5)
  })

  test('refuses what is wrong in words, and nothing is changed or recorded', async () => {
    for (const send of [
      { value: 11 },
      { value: 'loud' },
      { value: null },
      {},
      { value: 1, reset: true },
      { reset: false },
      [],
    ])
      assert.equal((await put('door.volume', send)).status, 400, JSON.stringify(send))
    for (const key of ['door.own', 'setup.done', 'nothing.here', '__proto__', 'constructor', 'x'.repeat(64)])
      assert.equal((await put(key, { value: 1 })).status, 404, key)
    assert.equal((await put('x'.repeat(65), { value: 1 })).status, 400)
    assert.deepEqual([settings.get(volume), recorded, await stored()], [5, [], []])
  })
})
