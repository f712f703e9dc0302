import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { BOOT_VARIABLES } from '../../appliance/src/boot-config.ts'
import { commands } from '../../appliance/src/cli/commands.ts'

const files = new URL('../../firmware-image/package/files/', import.meta.url)
const manual = readFileSync(new URL('lares.1', files), 'utf8').replaceAll('\\-', '-')

test('the manual page names every command and every variable, and no others', () => {
  const section = manual.slice(manual.indexOf('.SH COMMANDS'), manual.indexOf('.SH FILES'))
  const named = [...section.matchAll(/^\.BI? "?([a-z -]+?)(?:"? ?[A-Z]+(?:\|[a-z]+)?)?"?(?: [A-Z]+)?$/gm)].map(
    ([, name]) => name?.trim(),
  )
  assert.deepEqual(named.sort(), commands.map(({ name }) => name).sort())
  const variables = [...manual.matchAll(/\bLARES_[A-Z_]+/g)].map(([name]) => name)
  assert.deepEqual(variables.sort(), Object.keys(BOOT_VARIABLES).sort())
})

test('what the configuration of the package shows as an example is a variable', () => {
  const shown = [...readFileSync(new URL('lares.conf', files), 'utf8').matchAll(/\b(LARES_[A-Z_]+)=/g)]
  assert.ok(shown.length > 0)
  for (const [, name = ''] of shown) assert.ok(name in BOOT_VARIABLES, name)
})
