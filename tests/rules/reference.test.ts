import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { makePages } from '../../scripts/reference/pages.ts'

for (const [name, text] of Object.entries(await makePages())) {
  test(`docs/reference/${name} is what the code says (npm run reference writes it)`, () => {
    assert.equal(readFileSync(new URL(`../../docs/reference/${name}`, import.meta.url), 'utf8'), text)
  })
}
