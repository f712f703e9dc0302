import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { PERMISSIONS } from '../../appliance/src/api/permissions.ts'
import { countRoutes, readRoutes, readSources } from '../../scripts/reference/read-code.ts'

const NOT_PERMISSIONS = ['public', 'setup', 'sign-in', 'session', 'signed-in', 'signed-link', 'admin-key']
const CHANGING = ['POST', 'PUT', 'PATCH', 'DELETE']

const routes = await readRoutes()
const nameOf = ({ method, path }: { method: string; path: string }): string => `${method} ${path}`

describe('every route', () => {
  test('that is declared in a file is found', () => {
    const declared = readSources('appliance/src').map(({ file, text }) => ({ file, count: countRoutes(text) }))
    for (const { file, count } of declared.filter(({ count }) => count > 0)) {
      assert.equal(routes.filter((route) => route.file === file).length, count, `routes of ${file}`)
    }
    assert.ok(routes.length >= 30, `only ${routes.length} routes were found`)
  })

  test('says who may call it, in words that exist', () => {
    const known: readonly string[] = [...PERMISSIONS, ...NOT_PERMISSIONS]
    const wrong = routes
      .filter(({ needs }) => !known.includes(needs))
      .map((route) => `${nameOf(route)}: ${route.needs}`)
    assert.deepEqual(wrong, [])
  })

  test('begins with /api/ and is declared once', () => {
    const names = routes.map(nameOf)
    assert.deepEqual(
      names.filter((name) => !name.includes(' /api/')),
      [],
    )
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    )
  })

  test('checks what it takes: one with parameters has a schema for each of them', () => {
    const unchecked = routes.filter(({ path, params }) => path.includes(':') !== (params !== undefined))
    assert.deepEqual(unchecked.map(nameOf), [])
  })

  test('that changes something is not open to anybody: not even signing in, before there is an account', () => {
    const open = routes.filter(({ method, needs }) => CHANGING.includes(method) && needs === 'public').map(nameOf)
    assert.deepEqual(open, [])
  })

  test('that changes the home takes more than a signed-in account, unless it is about that account', () => {
    // In modes: the phones by which somebody lets it be known whether they are home.
    const ofTheAccount = ['accounts', 'alerts', 'modes']
    const loose = routes.filter(
      ({ method, needs }) => (CHANGING.includes(method) && needs === 'signed-in') || needs === 'session',
    )
    assert.deepEqual(loose.filter(({ feature }) => !ofTheAccount.includes(feature)).map(nameOf), [])
  })
})
