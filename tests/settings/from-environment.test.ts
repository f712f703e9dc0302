import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { z } from 'zod'
import { createSecretBox } from '../../appliance/src/core/crypto.ts'
import type { LaresError } from '../../appliance/src/core/errors.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { createVariables } from '../../appliance/src/core/variables.ts'
import { openTestDatabase } from '../../appliance/src/db/testing.ts'
import { openHome } from '../../appliance/src/open-home.ts'
import {
  createSettings,
  readFixedSettings,
  type AnySetting,
  type EditableSettings,
  type SettingDefinition,
} from '../../appliance/src/settings/index.ts'
import { createFakeClock } from '../fakes/clock.ts'

const define = <T>(
  key: string,
  env: string,
  schema: z.ZodType<T>,
  initial: T,
  secret = false,
): SettingDefinition<T> => ({
  ...{ key, env, schema, initial, secret, words: `What ${key} is.` },
})
const days = define('door.days', 'DOOR_DAYS', z.int().min(0).max(90), 7)
const factor = define('door.factor', 'DOOR_FACTOR', z.number(), 1)
const open = define('door.open', 'DOOR_OPEN', z.boolean(), false)
const label = define('door.label', 'DOOR_LABEL', z.string().max(20), 'Door')
const mode = define<'slow' | 'fast'>('door.mode', 'DOOR_MODE', z.enum(['slow', 'fast']), 'slow')
const names = define<string[]>('door.names', 'DOOR_NAMES', z.array(z.string()), [])
const level = define<number | null>('door.level', 'DOOR_LEVEL', z.int().nullable(), null)
const code = define('door.code', 'DOOR_CODE', z.string(), '', true)
const all: readonly AnySetting[] = [days, factor, open, label, mode, names, level, code]

const fixedBy = (env: Record<string, string>): ReadonlyMap<string, unknown> =>
  readFixedSettings(
    all,
    createVariables(env, { strict: true, readSecretFile: () => ({ text: 'sesame\n', mode: 0o600 }) }),
  )

describe('the text of a variable', () => {
  const read: [string, string, unknown][] = [
    ['DOOR_DAYS', '30', 30],
    ['DOOR_DAYS', ' 0 ', 0],
    ['DOOR_FACTOR', '-1.5', -1.5],
    ['DOOR_OPEN', 'true', true],
    ['DOOR_OPEN', 'ON', true],
    ['DOOR_OPEN', '0', false],
    ['DOOR_LABEL', '12', '12'],
    ['DOOR_LABEL', 'true', 'true'],
    ['DOOR_MODE', 'fast', 'fast'],
    ['DOOR_NAMES', '["a","b"]', ['a', 'b']],
    ['DOOR_LEVEL', '3', 3],
    ['DOOR_LEVEL', 'null', null],
    ['DOOR_CODE', 'hunter2', 'hunter2'],
    ['DOOR_CODE_FILE', '/run/secrets/door', 'sesame'],
  ]
  for (const [name, text, value] of read)
    test(`${name}=${text} is ${JSON.stringify(value)}`, () => {
      assert.deepEqual([...fixedBy({ [name]: text }).values()], [value])
    })

  const wrong: [string, string][] = [
    ['DOOR_DAYS', '91'],
    ['DOOR_DAYS', '1.5'],
    ['DOOR_DAYS', '0x10'],
    ['DOOR_DAYS', '7 days'],
    ['DOOR_FACTOR', 'Infinity'],
    ['DOOR_OPEN', 'maybe'],
    ['DOOR_LABEL', 'x'.repeat(21)],
    ['DOOR_MODE', 'FAST'],
    ['DOOR_NAMES', 'a,b'],
    ['DOOR_NAMES', '[1]'],
  ]
  for (const [name, text] of wrong)
    test(`${name}=${text} stops the start with one sentence naming it`, () => {
      assert.throws(
        () => fixedBy({ [name]: text }),
        (error: LaresError) => error.kind === 'invalid' && error.message.startsWith(`${name} cannot be used: `),
      )
    })

  test('that is empty, or of a variable nobody knows, decides nothing', () => {
    assert.equal(fixedBy({ DOOR_DAYS: '', DOOR_OTHER: '1', DOOR_LABEL_FILE: '/etc/passwd' }).size, 0)
  })
})

describe('a setting that the environment decides', () => {
  const closing: (() => Promise<unknown>)[] = []
  after(() => Promise.all(closing.map((close) => close())))

  async function create(env: Record<string, string>, database?: Awaited<ReturnType<typeof openTestDatabase>>) {
    const db = database ?? (await openTestDatabase())
    if (!database) closing.push(() => db.close())
    const settings: EditableSettings = createSettings({
      ...{ database: db, clock: createFakeClock(), secretBox: createSecretBox(Buffer.alloc(32, 1)) },
      ...{ log: silentLog(), definitions: all, fixed: fixedBy(env) },
    })
    await settings.load()
    return { settings, database: db }
  }

  test('stands above what is stored, which is there again without it', async () => {
    const before = await create({})
    await before.settings.set(days, 14)
    const { settings } = await create({ DOOR_DAYS: '30' }, before.database)
    assert.equal(settings.get(days), 30)
    assert.equal((await create({}, before.database)).settings.get(days), 14)
  })

  test('cannot be changed or put back, and nothing is stored', async () => {
    const { settings, database } = await create({ DOOR_DAYS: '30' })
    const isRefused = (error: LaresError): boolean =>
      error.kind === 'conflict' && error.code === 'SET_BY_ENVIRONMENT' && error.message.startsWith('DOOR_DAYS decides')
    await assert.rejects(settings.set(days, 14), isRefused)
    await assert.rejects(
      database.transaction((trx) => settings.change('door.days', 14, trx)),
      isRefused,
    )
    await assert.rejects(
      database.transaction((trx) => settings.reset('door.days', trx)),
      isRefused,
    )
    assert.equal(settings.get(days), 30)
    assert.deepEqual(await database.reader.selectFrom('settings').selectAll().execute(), [])
  })

  test('says so in the list; a secret one shows nothing', async () => {
    const { settings } = await create({ DOOR_DAYS: '30', DOOR_CODE: 'hunter2' })
    const entry = settings.describe('door.days')
    assert.deepEqual([entry.value, entry.initial, entry.env, entry.setByEnv], [30, 7, 'DOOR_DAYS', true])
    assert.equal(settings.describe('door.label').setByEnv, false)
    assert.doesNotMatch(JSON.stringify(settings.list()), /hunter2/)
    assert.equal(settings.get(code), 'hunter2')
  })
})

test('a value that cannot be stops the start before the data folder is made', async () => {
  const dataDir = join(await mkdtemp(join(tmpdir(), 'lares-env-')), 'data')
  try {
    const variables = createVariables({ PASSWORD_MAX_AGE_DAYS: 'soon' }, { strict: true })
    await assert.rejects(
      openHome({ dataDir, clock: createFakeClock(), log: silentLog(), variables }),
      /^LaresError: PASSWORD_MAX_AGE_DAYS cannot be used/,
    )
    await assert.rejects(stat(dataDir))
  } finally {
    await rm(join(dataDir, '..'), { recursive: true, force: true })
  }
})
