import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ApiKeysReply, ImportedKey } from '../../appliance/src/api/keys.ts'
import { PERMISSIONS, ROLE_PERMISSIONS, type Permission } from '../../appliance/src/api/permissions.ts'
import { startAccess } from './access.ts'
import { codeOf, readAudit } from './factors.ts'
import { ask, probes, startHome } from './program.ts'

describe('SEC-A11 keys from the environment', () => {
  const imported = (key: string, scopes: readonly Permission[], name = 'Imported'): ImportedKey => ({
    name,
    key,
    scopes,
  })
  const [one, two] = ['first-key-of-the-environment', 'second-key-of-the-environment']

  test('are hashed at the start, brought up to date at the next, and end when they are taken out', async () => {
    const first = await startHome([imported(one, ROLE_PERMISSIONS.operator), imported(two, ['devices.view'])])
    let { at } = first
    try {
      const { keys } = await first.browser.must<ApiKeysReply>('GET', '/api/keys')
      assert.deepEqual(keys.map(({ owner, prefix, state }) => `${prefix} ${owner} ${state}`).sort(), [
        'firs… null active',
        'seco… null active',
      ])
      const stored = JSON.stringify(await at.database.reader.selectFrom('api_keys').selectAll().execute())
      assert.ok(!stored.includes(one) && !at.logLines.join('').includes(one))
      assert.deepEqual((await ask(at, one)).json().permissions, ROLE_PERMISSIONS.operator)
      assert.equal((await ask(at, two, '/api/probe/control')).status, 403)
      for (const { id } of keys) {
        for (const [method, path, body] of [
          ['DELETE', `/api/keys/${id}`],
          ['POST', `/api/keys/${id}/rotate`, { overlapHours: 1 }],
        ] as const) {
          const answer = await first.browser.call(method, path, body)
          assert.deepEqual([answer.status, codeOf(answer)], [409, 'SET_BY_ENVIRONMENT'])
        }
      }

      await at.stopServer()
      at = await startAccess({ routes: probes, again: at, importedKeys: [imported(two, PERMISSIONS, 'Renamed')] })
      assert.equal(codeOf(await ask(at, one)), 'API_KEY_INVALID')
      assert.equal((await ask(at, two, '/api/probe/control')).json().name, 'Renamed')
      const types = (await readAudit(at, 'api_key_created', 'api_key_revoked')).map(({ type, user_id }) => [
        type,
        user_id,
      ])
      assert.deepEqual(types, [
        ['api_key_created', null],
        ['api_key_created', null],
        ['api_key_revoked', null],
      ])

      await at.stopServer()
      at = await startAccess({ routes: probes, again: at, importedKeys: [imported(one, ['devices.view'])] })
      assert.equal((await ask(at, one)).status, 200)
      assert.equal(codeOf(await ask(at, two)), 'API_KEY_INVALID')
    } finally {
      await at.stop()
    }
  })
})
