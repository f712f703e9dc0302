import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { createOriginRules } from '../../appliance/src/http/cors.ts'
import { route, type Refusal } from '../../appliance/src/http/index.ts'
import { createFakeClock } from '../fakes/clock.ts'
import { startServer, tokenOf, type Ask, type Harness, type Reply } from './harness.ts'

const ok = z.strictObject({ ok: z.literal(true) })
const declare = (method: 'GET' | 'POST') =>
  route({
    ...({ method, path: '/api/things', summary: 'x', needs: 'cameras.view', limit: 'general', reply: ok } as const),
    run: async () => ({ ok: true as const }),
  })
const routes = [declare('GET'), declare('POST')]

const DASHBOARD = 'https://dash.example.net'
const WALL = 'https://wall.home.example.org:8443'

async function withServer<T>(
  corsOrigins: readonly string[],
  run: (at: Harness, refusals: Refusal[]) => Promise<T>,
): Promise<T> {
  const refusals: Refusal[] = []
  const clock = createFakeClock()
  const at = await startServer(routes, { corsOrigins, clock, onRefused: (refusal) => void refusals.push(refusal) })
  try {
    return await run(at, refusals)
  } finally {
    await at.stop()
  }
}

describe('pages that the owner allowed', () => {
  let at: Harness
  before(async () => {
    at = await startServer(routes, { corsOrigins: [DASHBOARD, 'https://*.home.example.org:8443'] })
  })
  after(() => at.stop())
  const from = (origin: string, ask: Ask = {}): Promise<Reply> =>
    at.ask('/api/things', { ...ask, headers: { origin, 'sec-fetch-site': 'cross-site', ...ask.headers } })
  const key = { 'x-api-key': tokenOf('anna') }

  test('SEC-C2 read with an API key, and see the limit', async () => {
    for (const origin of [DASHBOARD, WALL]) {
      const reply = await from(origin, { headers: key })
      assert.equal(reply.status, 200)
      assert.equal(reply.headers['access-control-allow-origin'], origin)
      assert.match(reply.headers.vary ?? '', /Origin/)
      assert.match(reply.headers['access-control-expose-headers'] ?? '', /RateLimit-Remaining.*Retry-After/)
      assert.equal(reply.headers['access-control-allow-credentials'], undefined)
    }
  })

  test('SEC-C2 are answered their preflight, without a key and without a session', async () => {
    const asked = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-api-key',
    }
    const reply = await from(DASHBOARD, { method: 'OPTIONS', headers: asked })
    assert.equal(reply.status, 204)
    assert.equal(reply.headers['access-control-allow-origin'], DASHBOARD)
    assert.equal(reply.headers['access-control-allow-methods'], 'GET,HEAD,POST,PUT,PATCH,DELETE')
    assert.equal(reply.headers['access-control-allow-headers'], 'Content-Type,X-API-Key')
    assert.equal(reply.headers['access-control-max-age'], '600')
    assert.equal(reply.headers['access-control-allow-credentials'], undefined)
    assert.equal(reply.headers['access-control-allow-private-network'], undefined)
    const near = await from(DASHBOARD, {
      method: 'OPTIONS',
      headers: { ...asked, 'access-control-request-private-network': 'true' },
    })
    assert.equal(near.headers['access-control-allow-private-network'], 'true')
  })

  test('SEC-C2 SEC-B7 change something with an API key, never with cookies', async () => {
    assert.equal((await from(DASHBOARD, { method: 'POST', headers: key })).status, 200)
    const byCookie = await from(DASHBOARD, { method: 'POST', as: 'anna' })
    assert.equal(byCookie.json().error_code, 'FOREIGN_ORIGIN')
    const wrongKey = { 'x-api-key': tokenOf('nobody') }
    assert.equal((await from(DASHBOARD, { method: 'POST', as: 'anna', headers: wrongKey })).status, 401)
  })

  test('SEC-C2 can read why they were refused', async () => {
    const reply = await from(DASHBOARD)
    assert.equal(reply.status, 401)
    assert.equal(reply.headers['access-control-allow-origin'], DASHBOARD)
  })

  test('SEC-C2 the app itself needs none of it', async () => {
    const own = `https://127.0.0.1:${at.port}`
    const reply = await at.ask('/api/things', { as: 'anna', headers: { origin: own, 'sec-fetch-site': 'same-origin' } })
    assert.equal(reply.status, 200)
    assert.equal(reply.headers['access-control-allow-origin'], undefined)
  })

  test('SEC-C2 SEC-B7 open the live stream only with a key, which no browser can send', async () => {
    const upgrade = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
    const shake = { ...upgrade, 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==', origin: DASHBOARD }
    const reply = await at.ask('/api/stream', { as: 'anna', headers: shake })
    assert.deepEqual([reply.status, reply.json().error_code], [403, 'FOREIGN_ORIGIN'])
  })
})

describe('every other page', () => {
  test('SEC-C2 by default there is none', () =>
    withServer([], async (at, refusals) => {
      const reply = await at.ask('/api/things', { as: 'anna', headers: { origin: DASHBOARD } })
      assert.equal(reply.status, 200)
      assert.equal(reply.headers['access-control-allow-origin'], undefined)
      assert.match(reply.headers.vary ?? '', /Origin/)
      const asked = { origin: DASHBOARD, 'access-control-request-method': 'GET' }
      const preflight = await at.ask('/api/things', { method: 'OPTIONS', headers: asked })
      assert.equal(preflight.status, 403)
      assert.equal(preflight.json().error_code, 'FOREIGN_ORIGIN')
      assert.equal(preflight.headers['access-control-allow-origin'], undefined)
      assert.equal(refusals.length, 1)
    }))

  test('SEC-C2 is in the log under a fixed phrase and in the record, once a minute', () =>
    withServer([DASHBOARD], async (at, refusals) => {
      const evil = { origin: 'https://evil.example', 'x-api-key': tokenOf('anna') }
      for (let count = 0; count < 5; count++) await at.ask('/api/things', { method: 'POST', headers: evil })
      // Neither does calling oneself something else.
      await at.ask('/api/things', { method: 'POST', headers: { ...evil, origin: 'https://eviler.example' } })
      assert.deepEqual(
        refusals.map(({ type, needs, route: where }) => [type, needs, where]),
        [['origin_refused', 'https://evil.example', 'POST /api/things']],
      )
      const line = at.logLines.find((text) => text.includes('CORS violation'))
      assert.ok(line?.includes('https://evil.example'))
      assert.ok(!at.logLines.some((text) => text.includes(tokenOf('anna'))))
    }))

  test('SEC-C1 costs the budget of the address', () =>
    withServer([], async (at) => {
      const statuses: number[] = []
      const headers = { origin: 'https://evil.example' }
      for (let count = 0; count < 72; count++)
        statuses.push((await at.ask('/api/things', { method: 'POST', headers })).status)
      assert.deepEqual(statuses.slice(-3), [403, 429, 429])
      assert.equal((await at.ask('/api/things', { as: 'anna' })).status, 200)
    }))

  test('SEC-C2 a star, where it is allowed at all, allows every page to ask and none to use cookies', () =>
    withServer(['*'], async (at) => {
      const headers = { origin: 'https://any.example', 'sec-fetch-site': 'cross-site' }
      const reply = await at.ask('/api/things', { headers: { ...headers, 'x-api-key': tokenOf('anna') } })
      assert.equal(reply.headers['access-control-allow-origin'], '*')
      assert.equal(reply.headers['access-control-allow-credentials'], undefined)
      assert.equal((await at.ask('/api/things', { method: 'POST', as: 'anna', headers })).status, 403)
    }))
})

describe('which origins a list means', () => {
  const rules = createOriginRules([
    'https://a.example',
    'https://b.example:443',
    'http://c.example:3000',
    'https://*.d.example',
  ])
  const check = (origin: string, allowed: boolean): void => assert.equal(rules.allows(origin), allowed, origin)

  test('SEC-C2 exactly those: scheme, name and port', () => {
    for (const origin of ['https://a.example', 'https://A.example', 'https://b.example', 'http://c.example:3000'])
      check(origin, true)
    for (const origin of [
      ...['http://a.example', 'https://a.example:444', 'https://a.example.', 'https://a.example.evil.example'],
      ...['https://xa.example', 'https://evil.example/https://a.example', 'https://a.example@evil.example'],
      ...['https://a.example/', 'https://a.example?', 'https://a.example#', 'null', '', '*', 'https://', 'file://'],
      ...['https://a.example, https://evil.example', 'https://a.example https://evil.example', 'http://c.example'],
    ])
      check(origin, false)
  })

  test('SEC-C2 a pattern means the names below a domain, not the domain and nothing that ends alike', () => {
    for (const origin of ['https://x.d.example', 'https://x.y.d.example']) check(origin, true)
    for (const origin of [
      ...['https://d.example', 'https://.d.example', 'https://xd.example', 'http://x.d.example'],
      ...['https://x.d.example:8443', 'https://x.d.example.evil.example', 'https://evil.example#.d.example'],
      ...['https://evil.example\\.d.example', 'https://evil.example?.d.example', 'https://evil.example/.d.example'],
    ])
      check(origin, false)
  })

  test('SEC-C2 no text that is not of a listed domain gets through', () => {
    const piece = fc.constantFrom(
      'https://',
      'http://',
      'd.example',
      '.d.example',
      'evil.org',
      '/',
      '@',
      '#',
      '\\',
      ':',
      '%',
      ' ',
      '.',
      '443',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const origin = pieces.join('')
        if (!rules.allows(origin)) return
        const url = new URL(origin)
        assert.ok(url.protocol === 'https:' && url.hostname.endsWith('.d.example') && url.port === '', origin)
      }),
      { numRuns: 5_000 },
    )
  })
})
