import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as soon } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { ApiKeysReply, CreateApiKeyReply } from '../../appliance/src/api/keys.ts'
import { apiKeysEnabled } from '../../appliance/src/accounts/settings.ts'
import type { HttpsClient } from '../harness/https-client.ts'
import { totpCode } from '../harness/setup.ts'
import { PASSWORD, type Access } from './access.ts'
import { addPerson, codeOf, readAudit } from './factors.ts'
import { ask, listed, makeKey, openStream, startHome } from './program.ts'

const DAY_MS = 86_400_000
const row = (at: Access, id: string) =>
  at.database.reader.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** Nobody's call waits for that note: it comes soon after. Until then it is one of `before`, and nothing else. */
async function noted(
  read: () => Promise<number | null>,
  atMs: number,
  before: (number | null)[] = [null],
): Promise<void> {
  for (;;) {
    const found = await read()
    if (found === atMs) return
    assert.ok(before.includes(found), `last used at ${found}`)
    await soon(5)
  }
}

describe('SEC-A11 an API key', () => {
  let home: Awaited<ReturnType<typeof startHome>>
  before(async () => {
    home = await startHome()
  })
  after(() => home.at.stop())

  test('has 256 random bits, is shown once, and stored only as a hash', async () => {
    const { key, secret } = await makeKey(home.browser)
    assert.match(secret, /^lares_[0-9a-f]{8}_[A-Za-z0-9_-]{43}$/)
    assert.ok(secret.startsWith(`${key.prefix}_`))
    assert.deepEqual([key.owner, key.state, key.scopes, key.expiresAt], ['Ada L', 'active', ['devices.view'], null])
    const answer = await home.browser.call('GET', '/api/keys')
    assert.equal(answer.json<ApiKeysReply>().enabled, true)
    const tail = secret.slice(-43)
    assert.ok(!answer.body.toString().includes(tail))
    const everything = JSON.stringify(await home.at.database.reader.selectFrom('api_keys').selectAll().execute())
    assert.ok(!everything.includes(tail) && everything.includes(key.prefix))
    await ask(home.at, secret)
    assert.ok(!home.at.logLines.join('').includes(tail))
    assert.notEqual((await makeKey(home.browser)).secret, secret)
  })

  test('opens what its scopes say and nothing else; it is no person', async () => {
    const { secret } = await makeKey(home.browser, {
      scopes: ['devices.view', 'users.view', 'users.edit', 'system.edit'],
    })
    const answer = await ask(home.at, secret)
    assert.equal(answer.status, 200)
    assert.deepEqual([answer.json().kind, answer.json().role, answer.json().name], ['api-key', 'api-key', 'ada'])
    assert.equal((await ask(home.at, secret, '/api/keys')).status, 200)
    const refused = await ask(home.at, secret, '/api/probe/control')
    assert.deepEqual([refused.status, codeOf(refused)], [403, 'PERMISSION_DENIED'])
    for (const [method, path, body] of [
      ['GET', '/api/me'],
      ['DELETE', '/api/session'],
      ['GET', '/api/me/sessions'],
      ['POST', '/api/keys', { name: 'x', scopes: ['devices.view'], expiresInDays: null }],
    ] as const) {
      const answer = await ask(home.at, secret, path, method, body)
      assert.deepEqual([answer.status, codeOf(answer)], [403, 'SESSION_NEEDED'], path)
    }
  })

  test('that is not one is 401, also beside a good cookie, and is never a 5xx', async () => {
    const good = (await makeKey(home.browser)).secret
    const wrong = [
      '',
      'x',
      `${good}x`,
      good.slice(0, -1),
      good.toUpperCase(),
      'lares_',
      '%00',
      'ä'.repeat(3),
      'x'.repeat(4_000),
    ]
    for (const key of wrong) {
      const answer = await ask(home.at, encodeURI(key))
      assert.deepEqual([answer.status, codeOf(answer)], [401, 'API_KEY_INVALID'], key)
    }
    const both = await home.browser.call('GET', '/api/probe', undefined, { 'x-api-key': 'wrong' })
    assert.equal(both.status, 401)
    assert.equal((await home.browser.call('GET', '/api/probe')).status, 200)
  })

  test('in an address is refused with 400 wherever it leads, and reaches no log', async () => {
    const { secret } = await makeKey(home.browser)
    const names = ['api_key', 'apikey', 'api-key', 'x-api-key', 'key', 'API_KEY', 'X-Api-Key', '%6bey', 'Key ']
    const paths = ['/api/probe', '/api/nothing/here', '/', '/assets/app.js', '/api/live', '/api/session']
    for (const path of paths)
      for (const name of names) {
        const answer = await home.browser.call('GET', `${path}?a=1&${encodeURI(name).replace('%25', '%')}=${secret}`)
        assert.deepEqual([answer.status, codeOf(answer)], [400, 'API_KEY_IN_QUERY'], `${path} ${name}`)
      }
    const beside = await home.at
      .browser()
      .call('GET', `/api/probe?api_key=${secret}`, undefined, { 'x-api-key': secret })
    assert.equal(codeOf(beside), 'API_KEY_IN_QUERY')
    const socket = new WebSocket(`${home.at.origin.replace('https', 'wss')}/api/stream?api_key=${secret}`, {
      ca: home.at.tls.rootPem(),
    })
    const status = await new Promise((resolve) => {
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode))
      socket.on('error', () => undefined)
    })
    assert.equal(status, 400)
    assert.ok(!home.at.logLines.join('').includes(secret))
    assert.equal((await home.browser.call('GET', '/api/probe?keys=1&monkey=2')).status, 200)
  })

  test('is replaced without a gap, and the old one ends when it was said', async () => {
    const old = await makeKey(home.browser, {
      name: 'HA',
      scopes: ['devices.view', 'devices.control'],
      expiresInDays: 10,
    })
    const next = await home.browser.must<CreateApiKeyReply>('POST', `/api/keys/${old.key.id}/rotate`, {
      overlapHours: 2,
    })
    assert.deepEqual([next.key.name, next.key.scopes], ['HA', old.key.scopes])
    assert.equal(next.key.expiresAt, home.at.clock.now() + 10 * DAY_MS)
    assert.equal((await listed(home.browser, old.key.id))?.state, 'rotated')
    const again = await home.browser.call('POST', `/api/keys/${next.key.id}/rotate`, { overlapHours: 0 })
    assert.equal(again.status, 200)
    assert.equal((await ask(home.at, next.secret)).status, 401, 'no overlap: at once')
    assert.equal((await ask(home.at, old.secret)).status, 200)
    await home.at.clock.advance(2 * 3_600_000)
    assert.equal((await ask(home.at, old.secret)).status, 401)
    assert.equal((await ask(home.at, again.json<CreateApiKeyReply>().secret)).status, 200)
  })
})

describe('SEC-A11 the life of a key', () => {
  let home: Awaited<ReturnType<typeof startHome>>
  before(async () => {
    home = await startHome()
  })
  after(() => home.at.stop())

  test('ends when it was said, also for one that is in use', async () => {
    const { at, browser } = home
    const { key, secret } = await makeKey(browser, { expiresInDays: 1 })
    assert.equal((await ask(at, secret)).status, 200)
    at.clock.setWallClock(at.clock.now() + DAY_MS - 1)
    assert.equal((await ask(at, secret)).status, 200)
    at.clock.setWallClock(at.clock.now() + 1)
    const late = await ask(at, secret)
    assert.deepEqual([late.status, codeOf(late)], [401, 'API_KEY_INVALID'])
    at.clock.setWallClock(at.clock.now() - DAY_MS)
    assert.equal((await listed(browser, key.id))?.state, 'active')
  })

  test('ends the live streams of the old one when it is replaced, which opens another while it may', async () => {
    const { at, browser } = home
    const { key, secret } = await makeKey(browser)
    const first = await openStream(at, secret)
    await browser.must('POST', `/api/keys/${key.id}/rotate`, { overlapHours: 1 })
    assert.equal(await first.closed, 4001)
    const second = await openStream(at, secret)
    await browser.must('DELETE', `/api/keys/${key.id}`)
    assert.equal(await second.closed, 4001)
  })

  test('ends at once when it is revoked, with the live stream that it opened', async () => {
    const { at, browser } = home
    const { key, secret } = await makeKey(browser)
    const other = await makeKey(browser)
    const { closed } = await openStream(at, secret)
    const stays = await openStream(at, other.secret)
    const before = performance.now()
    await browser.must('DELETE', `/api/keys/${key.id}`)
    assert.equal(await closed, 4001)
    assert.ok(performance.now() - before < 1_000)
    assert.equal((await ask(at, secret)).status, 401)
    assert.equal((await listed(browser, key.id))?.state, 'revoked')
    assert.equal(stays.socket.readyState, WebSocket.OPEN)
    stays.socket.terminate()
    const twice = await browser.call('DELETE', `/api/keys/${key.id}`)
    assert.deepEqual([twice.status, codeOf(twice)], [409, 'KEY_NOT_ACTIVE'])
    assert.equal((await browser.call('DELETE', '/api/keys/01900000-0000-7000-8000-000000000000')).status, 404)
  })

  test('says when it was last used, written at most once a minute', async () => {
    const { at, browser } = home
    const { key, secret } = await makeKey(browser)
    const used = async (): Promise<number | null> => (await row(at, key.id)).last_used_at
    const first = at.clock.now()
    await ask(at, secret)
    await noted(used, first)
    assert.equal((await row(at, key.id)).last_used_from, '127.0.0.1')
    await at.clock.advance(58_000)
    await ask(at, secret)
    const third = await at.clock.advance(2_000).then(() => at.clock.now())
    await ask(at, secret)
    await noted(used, third, [first])
  })

  test('is in the record, without the key', async () => {
    const { at, browser } = home
    const { key, secret } = await makeKey(browser, { name: 'hunter2' })
    await at.clock.advance(1)
    const next = await browser.must<CreateApiKeyReply>('POST', `/api/keys/${key.id}/rotate`, { overlapHours: 1 })
    await at.clock.advance(1)
    await browser.must('DELETE', `/api/keys/${next.key.id}`)
    const found = await readAudit(at, 'api_key_created', 'api_key_rotated', 'api_key_revoked')
    const mine = found.filter(({ resource }) => [key.id, next.key.id].some((id) => resource === `api-key:${id}`))
    assert.deepEqual(
      mine.map(({ type }) => type),
      ['api_key_created', 'api_key_rotated', 'api_key_revoked'],
    )
    assert.ok(mine.every(({ user_id }) => user_id !== null))
    for (const word of [secret.slice(-43), next.secret.slice(-43), 'hunter2'])
      assert.ok(!JSON.stringify(found).includes(word))
  })

  test('there are a hundred at most, and those that ended count no more', async () => {
    const { at, browser } = home
    const { keys } = await browser.must<ApiKeysReply>('GET', '/api/keys')
    const live = keys.filter(({ state }) => state === 'active' || state === 'rotated').length
    for (let index = live; index < 100; index++) await makeKey(browser)
    const wish = { name: 'x', scopes: ['devices.view'], expiresInDays: null }
    const full = await browser.call('POST', '/api/keys', wish)
    assert.deepEqual([full.status, codeOf(full)], [409, 'TOO_MANY_KEYS'])
    const [some] = (await browser.must<ApiKeysReply>('GET', '/api/keys')).keys
    await browser.must('DELETE', `/api/keys/${some?.id}`)
    assert.equal((await browser.call('POST', '/api/keys', wish)).status, 200)
    assert.ok((await at.database.reader.selectFrom('api_keys').select('id').execute()).length > 100)
  })
})

describe('SEC-A11 a key may no more than who made it', () => {
  let home: Awaited<ReturnType<typeof startHome>>
  let bob: HttpsClient
  let bobId: string
  let roleId: string
  before(async () => {
    home = await startHome()
    const permissions = ['users.view', 'users.edit', 'devices.view', 'devices.control']
    roleId = (await home.browser.must<{ id: string }>('POST', '/api/roles', { name: 'Keeper', permissions })).id
    await addPerson(home.at, 'bob', roleId)
    bob = await signInAnew(home.at, 'bob')
    bobId = (await bob.must<{ user: { id: string } }>('GET', '/api/me')).user.id
  })
  after(() => home.at.stop())
  const permissionsOf = async (secret: string): Promise<unknown> => (await ask(home.at, secret)).json().permissions

  test('when it is made', async () => {
    for (const scopes of [['system.view'], ['devices.view', 'cameras.view']]) {
      const answer = await bob.call('POST', '/api/keys', { name: 'x', scopes, expiresInDays: null })
      assert.deepEqual([answer.status, codeOf(answer)], [403, 'BEYOND_YOUR_OWN'])
    }
  })

  test('when somebody else looks after it: an administrator’s key is not theirs to take', async () => {
    const mine = await makeKey(home.browser, { scopes: ['devices.view'] })
    for (const [method, path, body] of [
      ['POST', `/api/keys/${mine.key.id}/rotate`, { overlapHours: 1 }],
      ['DELETE', `/api/keys/${mine.key.id}`],
    ] as const) {
      const answer = await bob.call(method, path, body)
      assert.deepEqual([answer.status, codeOf(answer)], [403, 'BEYOND_YOUR_OWN'], method)
    }
    const theirs = await makeKey(bob)
    assert.equal((await home.browser.call('DELETE', `/api/keys/${theirs.key.id}`)).status, 200)
  })

  test('at every moment: role, cameras and being active count at once, and open streams end', async () => {
    const { at, browser } = home
    const { key, secret } = await makeKey(bob, { scopes: ['devices.view', 'devices.control'] })
    assert.deepEqual(await permissionsOf(secret), ['devices.view', 'devices.control'])
    assert.equal((await ask(at, secret)).json().cameras, null)

    const { closed } = await openStream(at, secret)
    await browser.must('PUT', `/api/roles/${roleId}`, { name: 'Keeper', permissions: ['devices.view'] })
    assert.equal(await closed, 4001)
    assert.deepEqual(await permissionsOf(secret), ['devices.view'])
    assert.equal((await ask(at, secret, '/api/probe/control')).status, 403)

    await browser.must('PATCH', `/api/people/${bobId}`, { cameras: [] })
    assert.deepEqual((await ask(at, secret)).json().cameras, [])

    const again = await openStream(at, secret)
    await browser.must('PATCH', `/api/people/${bobId}`, { active: false })
    assert.equal(await again.closed, 4001)
    assert.equal(codeOf(await ask(at, secret)), 'API_KEY_INVALID')
    await browser.must('PATCH', `/api/people/${bobId}`, { active: true })
    assert.deepEqual(await permissionsOf(secret), ['devices.view'])

    await browser.must('DELETE', `/api/people/${bobId}`)
    assert.equal(codeOf(await ask(at, secret)), 'API_KEY_INVALID')
    assert.equal(await listed(browser, key.id), undefined)
  })
})

/** First sign-in of an account that must have a second factor and has none: it is set up on the way. */
async function signInAnew(at: Access, username: string): Promise<HttpsClient> {
  const browser = at.browser()
  const who = { username, password: PASSWORD }
  const first = await browser.must<{ enrolment: { ticket: string; totpSecret: string } }>('POST', '/api/session', who)
  const code = totpCode(first.enrolment.totpSecret, at.clock.now())
  await browser.must('POST', '/api/session', { ...who, enrolment: first.enrolment.ticket, code })
  return browser
}

describe('SEC-A11 API_KEY_ENABLED', () => {
  test('off: every key is refused, none is made, open streams end; on again: the old ones work', async () => {
    const { at, browser } = await startHome()
    try {
      const { secret } = await makeKey(browser)
      const { closed } = await openStream(at, secret)
      await at.settings.set(apiKeysEnabled, false)
      assert.equal(await closed, 4001)
      const refused = await ask(at, secret)
      assert.deepEqual([refused.status, codeOf(refused)], [400, 'API_KEY_DISABLED'])
      const none = await browser.call('POST', '/api/keys', { name: 'x', scopes: ['devices.view'], expiresInDays: null })
      assert.deepEqual([none.status, codeOf(none)], [400, 'API_KEY_DISABLED'])
      assert.equal((await browser.must<ApiKeysReply>('GET', '/api/keys')).enabled, false)
      await at.settings.set(apiKeysEnabled, true)
      assert.equal((await ask(at, secret)).status, 200)
    } finally {
      await at.stop()
    }
  })
})
