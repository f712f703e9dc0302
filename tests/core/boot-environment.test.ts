import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { ROLE_PERMISSIONS } from '../../appliance/src/api/permissions.ts'
import { readBootConfig, type BootConfig } from '../../appliance/src/boot-config.ts'
import { parseApiKeys, parseOrigins } from '../../appliance/src/boot-environment.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'

type Env = Record<string, string>

const LONG = 'k'.repeat(20)
const read = (env: Env): BootConfig => readBootConfig(env, [])
const lax = (env: Env): BootConfig => read({ ENVIRONMENT: 'development', ...env })

function refuses(env: Env, code: string, words: RegExp): void {
  assert.throws(
    () => read(env),
    (error: LaresError) => {
      assert.equal(error.kind, 'invalid')
      assert.equal(error.code, code)
      assert.match(error.message, words)
      return true
    },
  )
}

/** In production it stops the start; in development it is said and nothing else. */
function onlyProductionRefuses(env: Env, code: string, words: RegExp): void {
  refuses(env, code, words)
  const { warnings } = lax(env).variables
  assert.ok(
    warnings.some((warning) => words.test(warning)),
    warnings.join('\n'),
  )
  assert.match(lax({ ...env, ENVIRONMENT: 'staging' }).variables.warnings.join('\n'), words)
}

const folder = mkdtempSync(join(tmpdir(), 'lares-secrets-'))
after(() => rmSync(folder, { recursive: true, force: true }))
function secretFile(name: string, text: string, mode = 0o600): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}

describe('what decides before the database opens', () => {
  test('without any of it the box is in production, and nothing dangerous is on', () => {
    const config = read({})
    assert.deepEqual(
      [config.environment, config.debug, config.adminEnabled, config.adminApiKey, config.jwtSecretKey],
      ['production', false, false, undefined, undefined],
    )
    assert.deepEqual([config.apiKeys, config.corsOrigins, config.variables.warnings], [[], [], []])
  })

  test('an ENVIRONMENT that is none of the three stops the start', () => {
    for (const wrong of ['prod', 'Production', 'test'])
      refuses({ ENVIRONMENT: wrong }, 'BAD_ENVIRONMENT', /ENVIRONMENT must be/)
    assert.equal(read({ ENVIRONMENT: '' }).environment, 'production')
  })

  test('SEC-A13 only a clear yes switches something on: DEBUG is a name that other programs use too', () => {
    for (const no of ['*', 'koa:*', 'yes', 'TRUE ', 'on', '0', 'false', '']) {
      const { debug, adminEnabled } = read({ DEBUG: no, ADMIN_ENABLED: no })
      assert.deepEqual([debug, adminEnabled], [false, false], no)
    }
    for (const yes of ['true', '1']) assert.equal(read({ DEBUG: yes }).debug, true)
  })

  test('SEC-A13 asked for without a key, the admin endpoints stop the start in production', () => {
    const env = { DEBUG: 'true', ADMIN_ENABLED: 'true' }
    onlyProductionRefuses(env, 'ADMIN_KEY_MISSING', /ADMIN_API_KEY is not set/)
    assert.equal(read({ ...env, ADMIN_API_KEY: LONG }).adminApiKey, LONG)
    for (const half of [{ DEBUG: 'true' }, { ADMIN_ENABLED: 'true' }]) assert.doesNotThrow(() => read(half))
  })

  test('weak keys are refused in production and said elsewhere, and no message holds one', () => {
    onlyProductionRefuses({ ADMIN_API_KEY: 'hunter2' }, 'WEAK_SECRET', /^ADMIN_API_KEY is shorter than 16/)
    onlyProductionRefuses({ JWT_SECRET_KEY: 'x'.repeat(31) }, 'WEAK_SECRET', /^JWT_SECRET_KEY is shorter than 32/)
    onlyProductionRefuses({ API_KEYS: `${LONG},hunter2` }, 'WEAK_SECRET', /entry 2 is shorter than 16/)
    assert.equal(read({ JWT_SECRET_KEY: 'x'.repeat(32) }).jwtSecretKey?.length, 32)
    const said = lax({ ADMIN_API_KEY: 'hunter2', API_KEYS: 'hunter3' }).variables.warnings.join('\n')
    assert.doesNotMatch(said, /hunter/)
  })

  test('SEC-C2 every page of the web is refused in production', () => {
    onlyProductionRefuses({ CORS_ORIGINS: '*' }, 'CORS_WILDCARD', /every page of the web/)
    onlyProductionRefuses({ CORS_ALLOWED_ORIGINS: '["https://a.example","*"]' }, 'CORS_WILDCARD', /every page/)
  })
})

describe('SEC-D1 secrets out of files', () => {
  test('what the file holds counts, without the line end', () => {
    const config = read({ ADMIN_API_KEY_FILE: secretFile('admin', `${LONG}\n`) })
    assert.equal(config.adminApiKey, LONG)
    assert.deepEqual(config.variables.warnings, [])
    const keys = secretFile('keys', `["${LONG}"]\n`, 0o440)
    assert.equal(read({ API_KEYS_FILE: keys }).apiKeys[0]?.key, LONG)
  })

  test('a file that is not there, empty, or a folder stops the start and says which', () => {
    const missing = join(folder, 'nowhere')
    for (const stage of ['production', 'development']) {
      const env = { ENVIRONMENT: stage }
      refuses(
        { ...env, JWT_SECRET_KEY_FILE: missing },
        'SECRET_FILE_MISSING',
        /JWT_SECRET_KEY_FILE names .*nowhere.*not there/,
      )
      refuses({ ...env, ADMIN_API_KEY_FILE: folder }, 'SECRET_FILE_MISSING', /is a folder/)
      refuses({ ...env, API_KEYS_FILE: secretFile('empty', ' \n') }, 'SECRET_FILE_EMPTY', /which is empty/)
    }
  })

  test('one that everybody may read is refused in production', () => {
    const open = secretFile('open', LONG, 0o644)
    onlyProductionRefuses({ ADMIN_API_KEY_FILE: open }, 'SECRET_FILE_OPEN', /everybody on this machine may read/)
  })

  test('value and file together are one too many', () => {
    const file = secretFile('twice', LONG)
    refuses({ ADMIN_API_KEY: LONG, ADMIN_API_KEY_FILE: file }, 'SECRET_GIVEN_TWICE', /Both ADMIN_API_KEY and/)
    assert.equal(read({ ADMIN_API_KEY: '', ADMIN_API_KEY_FILE: file }).adminApiKey, LONG)
  })
})

describe('SEC-A11 API_KEYS', () => {
  test('texts with commas between, a JSON list of texts, or objects with name and scopes', () => {
    const [one, two] = [`${LONG}1`, `${LONG}2`]
    const bare = ROLE_PERMISSIONS.operator
    const expected = [
      { name: 'Key 1', key: one, scopes: bare },
      { name: 'Key 2', key: two, scopes: bare },
    ]
    assert.deepEqual(parseApiKeys(` ${one}, ${two},`), expected)
    assert.deepEqual(parseApiKeys(JSON.stringify([one, two])), expected)
    assert.deepEqual(parseApiKeys(JSON.stringify([{ name: ' Home Assistant ', key: one, scopes: ['devices.view'] }])), [
      { name: 'Home Assistant', key: one, scopes: ['devices.view'] },
    ])
    assert.deepEqual(parseApiKeys(JSON.stringify([{ name: 'x', key: one }]))[0]?.scopes, bare)
  })

  test('what is neither is refused by its number, never by its text', () => {
    const wrong = ['[', '["a",1]', '[{"key":"hunter2"}]', '[{"name":"a","key":"hunter2","scopes":["all"]}]']
    for (const text of [...wrong, '["hunter2 with spaces"]', `["${'h'.repeat(257)}"]`, 'hunter2,hunter2'])
      assert.throws(
        () => parseApiKeys(text),
        (error: LaresError) => error.code === 'BAD_ENVIRONMENT' && !/hunter|hhh/.test(error.message),
        text,
      )
  })

  test('whatever it holds: keys, or one refusal', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(fc.string()).map((list) => JSON.stringify(list)),
    )
    fc.assert(fc.property(text, (given) => onlyRefuses(() => parseApiKeys(given))))
  })
})

describe('SEC-C2 CORS_ORIGINS', () => {
  test('exact origins and patterns of subdomains, as JSON or with commas', () => {
    const list = ['https://a.example', 'http://localhost:3000', 'https://*.home.example', 'http://[::1]:80']
    assert.deepEqual(parseOrigins(list.join(', ')), list)
    assert.deepEqual(parseOrigins(JSON.stringify(list)), list)
    assert.deepEqual(parseOrigins('HTTPS://A.Example/'), ['https://a.example'])
    assert.deepEqual(read({ CORS_ALLOWED_ORIGINS: 'https://a.example' }).corsOrigins, ['https://a.example'])
  })

  test('what is no origin stops the start', () => {
    const wrong = ['a.example', 'https://', 'https://a.example/path', 'https://*', 'https://*.com', 'null', 'ftp://a.b']
    for (const origin of [...wrong, 'https://a.*.b', 'https://u:p@a.b', '[1]', 'https://a b'])
      refuses({ CORS_ORIGINS: origin }, 'BAD_ENVIRONMENT', /CORS_ORIGINS/)
  })

  test('both names with different lists are a contradiction', () => {
    refuses({ CORS_ORIGINS: 'https://a.b', CORS_ALLOWED_ORIGINS: 'https://c.d' }, 'BAD_ENVIRONMENT', /differ/)
  })

  test('whatever it holds: origins, or one refusal', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.json()), (given) => onlyRefuses(() => parseOrigins(given))),
    )
  })
})

function onlyRefuses(work: () => unknown): void {
  try {
    work()
  } catch (error) {
    assert.ok(error instanceof LaresError && error.kind === 'invalid', String(error))
  }
}
