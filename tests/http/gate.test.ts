import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { PERMISSIONS } from '../../appliance/src/api/permissions.ts'
import { LIMIT_TIERS, route, type Refusal, type Route } from '../../appliance/src/http/index.ts'
import { person, startServer, tokenOf, type Harness } from './harness.ts'

const ok = z.strictObject({ ok: z.literal(true) })
const answer = async (): Promise<{ ok: true }> => ({ ok: true })
const declare = (
  method: Route['method'],
  path: string,
  needs: Route['needs'],
  run: () => Promise<{ ok: true }> = answer,
): Route => route({ method, path, summary: 'A test.', needs, limit: 'media', reply: ok, run })

const routes = [
  declare('GET', '/api/open', 'public'),
  declare('POST', '/api/open', 'public'),
  declare('POST', '/api/enter', 'sign-in'),
  declare('POST', '/api/first', 'setup'),
  declare('GET', '/api/mine', 'signed-in'),
  declare('GET', '/api/cameras', 'cameras.view'),
  declare('PUT', '/api/cameras', 'cameras.edit'),
  declare('GET', '/api/own', 'session'),
  declare('GET', '/api/admin/look', 'admin-key'),
  { ...declare('POST', '/api/dangerous', 'users.edit'), sudo: true },
  { ...declare('POST', '/api/own/dangerous', 'session'), sudo: true },
  declare('GET', '/api/linked/:id', 'signed-link'),
  declare('GET', '/api/broken', 'public', async () => {
    throw new Error('hunter2')
  }),
  declare('GET', '/api/broken-inside', 'public', async () => {
    throw new LaresError('internal', 'hunter2', { code: 'HUNTER2', details: { secret: 'hunter2' } })
  }),
  declare('GET', '/api/leak', 'public', async () => ({ ok: true, passwordHash: 'hunter2' }) as never),
  declare('GET', '/api/gone', 'public', async () => {
    throw new LaresError('unavailable', 'The plug does not answer.', { retryAfterS: 7 })
  }),
]

let at: Harness
const refused: Refusal[] = []
before(async () => {
  at = await startServer(routes, { onRefused: (refusal) => void refused.push(refusal) })
})
after(() => at.stop())

test('SEC-A10 nobody signed in, somebody without the permission, somebody with it', async () => {
  const nobody = await at.ask('/api/cameras')
  assert.equal(nobody.status, 401)
  assert.equal(nobody.json().redirect_to, '/sign-in')
  assert.equal(nobody.json().error_code, 'TOKEN_INVALID')
  assert.equal((await at.ask('/api/cameras', { as: 'stranger' })).json().error_code, 'TOKEN_EXPIRED')
  const otto = await at.ask('/api/cameras', { as: 'otto' })
  assert.equal(otto.status, 403)
  assert.equal(otto.json().error_code, 'PERMISSION_DENIED')
  assert.equal((await at.ask('/api/mine', { as: 'otto' })).status, 200)
  assert.equal((await at.ask('/api/cameras', { as: 'anna' })).status, 200)
  assert.equal((await at.ask('/api/cameras', { as: 'anna', method: 'PUT' })).status, 403)
})

test('SEC-A14 a dangerous act asks for a fresh second factor, and no API key can do it', async () => {
  const post = (path: string, as: string) => at.ask(path, { method: 'POST', as })
  const codeOf = async (path: string, as: string): Promise<unknown> => (await post(path, as)).json().error_code
  const now = Date.now()
  at.people.set(tokenOf('stale'), person('stale', ['users.edit'], { freshUntil: now - 1 }))
  at.people.set(tokenOf('fresh'), person('fresh', ['users.edit'], { freshUntil: now + 60_000 }))
  at.people.set(tokenOf('weak'), person('weak', [], { freshUntil: now + 60_000 }))
  at.people.set(tokenOf('key'), person('key', ['users.edit'], { kind: 'api-key', freshUntil: now + 60_000 }))
  for (const path of ['/api/dangerous', '/api/own/dangerous']) {
    assert.equal(await codeOf(path, 'stale'), 'SUDO_REQUIRED')
    assert.equal((await post(path, 'stale')).status, 403)
    assert.equal(await codeOf(path, 'key'), 'SESSION_NEEDED')
    assert.equal((await post(path, 'fresh')).status, 200)
  }
  assert.equal(
    await codeOf('/api/dangerous', 'weak'),
    'PERMISSION_DENIED',
    'who may not at all is not asked to confirm',
  )
})

test('SEC-A11 what is about oneself is for people, not for API keys', async () => {
  at.people.set(tokenOf('robot'), person('robot', ['cameras.view'], { kind: 'api-key' }))
  const refused = await at.ask('/api/own', { headers: { 'x-api-key': tokenOf('robot') } })
  assert.deepEqual([refused.status, refused.json().error_code], [403, 'SESSION_NEEDED'])
  assert.equal((await at.ask('/api/cameras', { headers: { 'x-api-key': tokenOf('robot') } })).status, 200)
  assert.equal((await at.ask('/api/own', { as: 'otto' })).status, 200)
  // A wrong key does not fall back to the cookie that is there too.
  assert.equal((await at.ask('/api/own', { as: 'otto', headers: { 'x-api-key': 'wrong' } })).status, 401)
})

test('SEC-A13 admin endpoints are not there unless switched on, whoever asks', async () => {
  at.people.set(tokenOf('root'), person('root', PERMISSIONS, { freshUntil: Date.now() + 60_000 }))
  for (const ask of [{}, { as: 'root' }, { headers: { 'x-admin-api-key': 'anything' } }])
    assert.equal((await at.ask('/api/admin/look', ask)).status, 404)
})

test('SEC-C1 who has to renew their access is counted with their own requests, not with their address', async () => {
  const plenty = { anonymous: { count: 2, perS: 60, burst: 0 }, signedIn: { count: 100, perS: 60, burst: 0 } }
  const expired = new LaresError('unauthenticated', 'Renew.', { code: 'TOKEN_EXPIRED', cause: { userId: 'user-anna' } })
  const busy = await startServer(routes, {
    limitTiers: { ...LIMIT_TIERS, media: plenty },
    authenticate: ({ credentials }) =>
      Promise.reject(credentials.accessToken === null ? new LaresError('unauthenticated', 'Who?') : expired),
  })
  try {
    for (let count = 0; count < 5; count++) {
      const answer = await busy.ask('/api/mine', { as: 'anna' })
      assert.equal(answer.status, 401)
      assert.ok(!answer.text.includes('user-anna'))
    }
    const strangers = [await busy.ask('/api/mine'), await busy.ask('/api/mine'), await busy.ask('/api/mine')]
    assert.deepEqual(
      strangers.map(({ status }) => status),
      [401, 401, 429],
    )
  } finally {
    await busy.stop()
  }
})

test('SEC-E2 what is refused is told, so that it can be recorded', async () => {
  const before = refused.length
  await at.ask('/api/cameras?secret=1', { as: 'otto' })
  assert.deepEqual(
    refused.slice(before).map(({ type, route: name, needs, principal }) => [type, name, needs, principal?.username]),
    [['permission_denied', 'GET /api/cameras', 'cameras.view', 'otto']],
  )
})

test('SEC-A1 before setup everything answers 503 SETUP_REQUIRED but what is public; afterwards setup is closed', async () => {
  at.setupDone = false
  try {
    for (const path of ['/api/mine', '/api/cameras', '/api/linked/3', '/api/openapi.json']) {
      const refused = await at.ask(path, { as: 'anna' })
      assert.equal(refused.status, 503, path)
      assert.equal(refused.json().error_code, 'SETUP_REQUIRED')
    }
    // There is nobody yet who could sign in.
    assert.equal((await at.ask('/api/enter', { method: 'POST' })).status, 503)
    assert.equal((await at.ask('/api/open')).status, 200)
    assert.equal((await at.ask('/api/first', { method: 'POST' })).status, 200)
  } finally {
    at.setupDone = true
  }
  assert.equal((await at.ask('/api/enter', { method: 'POST' })).status, 200)
  assert.equal((await at.ask('/api/first', { method: 'POST' })).status, 409)
})

test('SEC-A9 every error has the same body', async () => {
  const found: [string, number][] = [
    ['/api/nothing', 404],
    ['/api', 404],
    ['/api/mine', 401],
    ['/api/broken', 500],
    ['/api/leak', 500],
    ['/api/gone', 503],
    ['/api/%E0%A4%A', 400],
    ['/nothing.png', 404],
  ]
  for (const [path, status] of found) {
    const reply = await at.ask(path)
    assert.equal(reply.status, status, path)
    assert.match(reply.headers['content-type'] ?? '', /^application\/json/)
    const { error, message, error_code: code, timestamp } = reply.json()
    assert.ok(
      [error, message, code].every((text) => typeof text === 'string' && text.length > 2),
      path,
    )
    assert.ok(Math.abs(Date.parse(String(timestamp)) - Date.now()) < 60_000)
    assert.equal('redirect_to' in reply.json(), status === 401)
  }
  assert.equal((await at.ask('/api/gone')).headers['retry-after'], '7')
})

test('SEC-A9 what went wrong inside stays inside, and is in the log under the number that was answered', async () => {
  for (const path of ['/api/broken', '/api/broken-inside', '/api/leak']) {
    const reply = await at.ask(path)
    assert.equal(reply.status, 500)
    assert.doesNotMatch(JSON.stringify(reply.headers) + reply.text, /hunter2/i, path)
    const number = String(reply.headers['x-request-id'])
    assert.ok(reply.text.includes(number))
    assert.ok(
      at.logLines.some((line) => line.includes(number) && line.includes('"level":"error"')),
      path,
    )
  }
  assert.ok(at.logLines.some((line) => line.includes('hunter2')))
})

test('a wrong method answers 405 with those that work; HEAD works where GET does', async () => {
  const reply = await at.ask('/api/open', { method: 'DELETE' })
  assert.equal(reply.status, 405)
  assert.deepEqual(reply.headers.allow?.split(', ').sort(), ['GET', 'HEAD', 'POST'])
  const head = await at.ask('/api/open', { method: 'HEAD' })
  assert.equal(head.status, 200)
  assert.equal(head.bytes.length, 0)
  assert.equal((await at.ask('/', { method: 'POST' })).status, 405)
})

test('SEC-B8 a foreign name is not answered, own names and private addresses are', async () => {
  for (const host of [
    'evil.example',
    'evil.example:443',
    'lares.local.evil.example',
    '8.8.8.8',
    'a b',
    '[::1',
    'user@lares.local',
  ])
    assert.equal((await at.ask('/api/open', { headers: { host } })).status, 421, host)
  for (const host of [
    'lares.local',
    'LARES.local:8443',
    'localhost',
    '127.0.0.1:9',
    '192.168.1.20',
    '[::1]:8443',
    '[fd00::1]',
    'box.example.org',
  ])
    assert.equal((await at.ask('/api/open', { headers: { host } })).status, 200, host)
})

test('SEC-B7 a page of another site cannot change anything', async () => {
  const post = (headers: Record<string, string>) => at.ask('/api/open', { method: 'POST', headers })
  const own = `https://127.0.0.1:${at.port}`
  const foreign = [
    'https://evil.example',
    'null',
    `http://127.0.0.1:${at.port}`,
    'https://127.0.0.1:1',
    `${own}.evil.example`,
  ]
  for (const origin of foreign) assert.equal((await post({ origin })).json().error_code, 'FOREIGN_ORIGIN', origin)
  for (const site of ['cross-site', 'same-site'])
    assert.equal((await post({ 'sec-fetch-site': site })).status, 403, site)
  assert.equal((await post({ origin: own, 'sec-fetch-site': 'same-origin' })).status, 200)
  assert.equal((await post({})).status, 200)
  assert.equal((await at.ask('/api/open', { headers: { origin: 'https://evil.example' } })).status, 200)
})

test('SEC-B6 every answer carries the security headers; HSTS only under a public name', async () => {
  for (const path of ['/api/open', '/api/nothing', '/', '/nothing.png']) {
    const { headers } = await at.ask(path, { headers: { host: 'lares.local' } })
    const policy = String(headers['content-security-policy'])
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*/)
    for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "worker-src 'self'"])
      assert.ok(policy.includes(rule), `${path}: ${rule}`)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['x-frame-options'], 'DENY')
    assert.ok(headers['referrer-policy'] && headers['permissions-policy'])
    assert.equal(headers['strict-transport-security'], undefined)
  }
  const named = await at.ask('/api/open', { headers: { host: 'box.example.org' } })
  assert.equal(named.headers['strict-transport-security'], 'max-age=31536000; includeSubDomains')
  const byAddress = await at.ask('/api/open', { headers: { host: '192.168.1.2' } })
  assert.equal(byAddress.headers['strict-transport-security'], undefined)
})

test('a signed link works until its time is up, for its own path only, and needs no session', async () => {
  const path = at.signer.sign('/api/linked/7', 60_000)
  assert.equal((await at.ask(path)).status, 200)
  assert.equal((await at.ask(path.replace('/7?', '/8?'))).status, 403)
  assert.equal((await at.ask(path.replace('exp=1', 'exp=2'))).status, 403)
  assert.equal((await at.ask('/api/linked/7', { as: 'anna' })).status, 403)
  assert.equal((await at.ask(at.signer.sign('/api/linked/7', -3_600_000))).json().error_code, 'LINK_EXPIRED')
})

test('the log has a line for what was changed or refused, without the query', async () => {
  await at.ask('/api/linked/7?exp=123&sig=do-not-log-me')
  const line = at.logLines.find((text) => text.includes('/api/linked/7') && text.includes('"status":403'))
  assert.ok(line)
  assert.ok(!at.logLines.some((text) => text.includes('do-not-log-me')))
})

describe('what must not be mounted', () => {
  const refused = async (list: readonly unknown[], words: RegExp): Promise<void> => {
    await assert.rejects(
      async () => (await startServer(list as Route[])).stop(),
      (error: LaresError) => {
        assert.match(error.message, words)
        return error.kind === 'internal'
      },
    )
  }

  test('SEC-A10 a route without a permission, or with an unknown one, does not start the server', async () => {
    const plain = declare('GET', '/api/open', 'public')
    await refused([{ ...plain, needs: undefined }], /does not say who may call it/)
    await refused([{ ...plain, needs: 'cameras.destroy' }], /unknown/)
    await refused([{ ...plain, sudo: true }], /fresh second factor, but for no account/)
  })

  test('two routes with one address do not start the server', async () => {
    await refused([declare('GET', '/api/a/:id', 'public'), declare('GET', '/api/a/:name', 'public')], /declared twice/)
    await refused([declare('GET', '/elsewhere', 'public')], /cannot be served/)
  })
})
