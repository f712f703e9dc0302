import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allSettings } from '../../appliance/src/all-settings.ts'
import { makePages } from '../../scripts/reference/pages.ts'
import { readBootVariables, readSettings, readSources } from '../../scripts/reference/read-code.ts'

const settings = await readSettings()
const keys = settings.map(({ key }) => key)
const server = readSources('appliance/src')
const page = (await makePages())['settings.md'] ?? ''

const IMPORT_OR_REEXPORT = /^(import|export) (type )?(\{[^}]*\}|\*|\w+)[^\n{}]* from .*$/gm

/** Files other than where it is declared, without their import lines, that name it. */
function readersOf(name: RegExp, declaredIn: string): string[] {
  const others = server.filter(({ file }) => file !== declaredIn && !file.endsWith('/all-settings.ts'))
  return others.filter(({ text }) => name.test(text.replace(IMPORT_OR_REEXPORT, ''))).map(({ file }) => file)
}

describe('every setting', () => {
  test('is found', () => assert.ok(settings.length >= 5, `only ${settings.length} settings were found`))

  for (const { key, constant, file, initial, schema, words } of settings) {
    test(`${key} is read by code`, () => assert.notDeepEqual(readersOf(new RegExp(`\\b${constant}\\b`), file), []))

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
