import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { allSettings } from '../../appliance/src/all-settings.ts'
import { makePages } from '../../scripts/reference/pages.ts'
import {
  readBootVariables,
  readEnvironmentVariables,
  readSettings,
  readSources,
} from '../../scripts/reference/read-code.ts'
import { isOurs } from '../../scripts/testing/our-variables.mjs'

const settings = await readSettings()
const keys = settings.map(({ key }) => key)
const server = readSources('appliance/src')
const page = (await makePages())['settings.md'] ?? ''

const guideFolder = new URL('../../docs/guide/', import.meta.url)
const readGuides = (): { file: string; text: string }[] =>
  readdirSync(guideFolder)
    .filter((name) => name.endsWith('.md'))
    .map((file) => ({ file, text: readFileSync(new URL(file, guideFolder), 'utf8') }))

const IMPORT_OR_REEXPORT = /^(import|export) (type )?(\{[^}]*\}|\*|\w+)[^\n{}]* from .*$/gm

/** Files other than where it is declared, without their import lines, that name it. */
function readersOf(name: RegExp, declaredIn: string): string[] {
  const others = server.filter(({ file }) => file !== declaredIn && !file.endsWith('/all-settings.ts'))
  return others.filter(({ text }) => name.test(text.replace(IMPORT_OR_REEXPORT, ''))).map(({ file }) => file)
}

/** Its own file counts where it asks for the value, as `http/settings.ts` does, which cannot import `settings/`. */
function settingReaders(constant: string, file: string): string[] {
  const name = constant.replaceAll('.', '\\.')
  const own = server.find((source) => source.file === file)?.text ?? ''
  const readsItself = new RegExp(`\\.get\\(${name}\\)`).test(own) ? [file] : []
  return [...readersOf(new RegExp(`\\b${name}\\b`), file), ...readsItself]
}

describe('every setting', () => {
  test('is found', () => assert.ok(settings.length >= 5, `only ${settings.length} settings were found`))

  for (const { key, constant, file, initial, schema, words } of settings) {
    test(`${key} is read by code`, () => assert.notDeepEqual(settingReaders(constant, file), []))

    test(`${key} begins with a value that it allows, says what it is, and is in the reference`, () => {
      assert.ok(schema.safeParse(initial).success, `${JSON.stringify(initial)} is not allowed`)
      assert.match(words, /^[A-Z].*\.$/s, 'one plain sentence')
      assert.ok(page.includes(`\`${key}\``))
    })
  }

  test('is in the list that main.ts hands out', () => {
    const listed = new Set(allSettings.map(({ key }) => key))
    assert.deepEqual(
      keys.filter((key) => !listed.has(key)),
      [],
    )
    assert.equal(listed.size, keys.length)
  })

  test('has a key of its own', () => {
    assert.deepEqual(
      keys.filter((key, index) => keys.indexOf(key) !== index),
      [],
    )
  })
})

describe('every boot variable', () => {
  for (const { name, field, flag, words } of readBootVariables()) {
    test(`${name} is read by code and in the reference`, () => {
      assert.ok(field, 'no field of BootConfig is filled from it')
      assert.notDeepEqual(readersOf(new RegExp(`\\b${field}\\b`), 'appliance/src/boot-config.ts'), [])
      assert.ok(page.includes(`\`${name}\``) && page.includes(`\`--${flag}\``))
      assert.match(words, /\.$/)
    })
  }
})

/** Rows A, B1, C1 and C2 of the security specification name them; D1 the `_FILE` forms. */
const OF_THE_SPECIFICATION = [
  'PASSWORD_MAX_AGE_DAYS',
  'ACCESS_TOKEN_EXPIRE_MINUTES',
  'REFRESH_TOKEN_EXPIRE_DAYS',
  'JWT_SECRET_KEY',
  'MAX_CONCURRENT_SESSIONS',
  'SESSION_TIMEOUT_MINUTES',
  'SESSION_WARNING_MINUTES',
  'API_KEY_ENABLED',
  'API_KEYS',
  'LOGIN_MAX_FAILURES',
  'DEBUG',
  'ADMIN_ENABLED',
  'ADMIN_API_KEY',
  'RATE_LIMIT_ENABLED',
  'RATE_LIMIT_REQUESTS_PER_MINUTE',
  'RATE_LIMIT_BURST',
  'RATE_LIMIT_MEDIA_REQUESTS_PER_MINUTE',
  'RATE_LIMIT_SEARCH_REQUESTS_PER_MINUTE',
  'RATE_LIMIT_WEBSOCKET_CONNECTIONS_PER_MINUTE',
  'CORS_ORIGINS',
  'CORS_ALLOWED_ORIGINS',
  'TLS_MODE',
  'TLS_CERT_PATH',
  'TLS_KEY_PATH',
  'TLS_CA_PATH',
  'TLS_VERIFY_CLIENT',
  'TLS_MIN_VERSION',
  'TLS_CERT_DIR',
]

const environment = readEnvironmentVariables()
const withVariable = settings.flatMap(({ env, envAlias, secret = false }) =>
  [env, envAlias].filter((name) => name !== undefined).map((name) => ({ name, secret })),
)
const allVariables = [...environment, ...withVariable]
const variableNames = allVariables.map(({ name }) => name)
const ground = server.find(({ file }) => file === 'appliance/src/boot-environment.ts')?.text ?? ''

describe('every variable of the environment', () => {
  test('that the specification names in rows A, B1, C1 and C2 is there', () => {
    assert.deepEqual(
      OF_THE_SPECIFICATION.filter((name) => !variableNames.includes(name)),
      [],
    )
  })

  test('decides one thing', () => {
    assert.deepEqual(
      variableNames.filter((name, index) => variableNames.indexOf(name) !== index),
      [],
    )
  })

  for (const { name, secret } of allVariables)
    test(`${name} is in the reference, and does not reach the tests of whoever has it set`, () => {
      assert.ok(page.includes(`\`${name}\``))
      assert.equal(page.includes(`\`${name}_FILE\``), secret)
      assert.ok(isOurs(name) && isOurs(`${name}_FILE`), 'scripts/testing/our-variables.mjs')
    })

  for (const { name, field, words } of environment)
    test(`${name} is read at the start, and what it says is used`, () => {
      const isRead = new RegExp(`(getSecret\\(|get\\(|variables, )'${name}'|env\\.${name}\\b`).test(ground)
      assert.ok(isRead, 'boot-environment.ts does not read it')
      const used = new RegExp(`\\bconfig\\.${field}\\b|\\{[^}]*\\b${field}\\b[^}]*\\} = config\\b`)
      const inItself = field === 'environment' && /strict: environment/.test(ground)
      assert.ok(inItself || server.some(({ text }) => used.test(text)), `nothing reads config.${field}`)
      assert.match(words, /^[A-Z].*\.$/s)
    })

  test('that code reads is in the list: nothing is asked for behind its back', () => {
    const asked = server.flatMap(({ file, text }) =>
      [...text.matchAll(/\bget(?:Secret)?\('([A-Z][A-Z0-9_]+)'\)/g)].map(([, name = '']) => ({ file, name })),
    )
    assert.ok(asked.length >= 4, JSON.stringify(asked))
    assert.deepEqual(
      asked.filter(({ name }) => !variableNames.includes(name)),
      [],
    )
    const behind = server.filter(({ text }) => /process\.env\b/.test(text)).map(({ file }) => file)
    // The two others hand it on to a child and look whether telemetry is off.
    const known = ['cli/main.ts', 'core/subprocess.ts', 'main.ts', 'serve.ts', 'vision/detector-worker.ts']
    assert.deepEqual(
      behind.map((file) => file.replace('appliance/src/', '')),
      known,
    )
  })

  test('that a guide names is one that code reads', () => {
    const codes = new Set(
      server.flatMap(({ text }) => [...text.matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g)].map(([, code]) => code)),
    )
    const boot = readBootVariables().map(({ name }) => name)
    const known = new Set([
      ...boot,
      ...allVariables.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name])),
    ])
    const named = readGuides().flatMap(({ file, text }) =>
      [...text.matchAll(/\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g)].map(([, name = '']) => ({ file, name })),
    )
    assert.deepEqual(
      named.filter(({ name }) => name !== 'NAME_FILE' && !known.has(name) && !codes.has(name)),
      [],
    )
  })
})
