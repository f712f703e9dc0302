// Limits and origins of the real product, as a process with an environment.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { AuditPage } from '../../appliance/src/api/audit.ts'
import { startProduct, type Product } from '../harness/product.ts'
import { setUpHome } from '../harness/setup.ts'

const DASHBOARD = 'https://dash.example.net'

async function folder(t: TestContext): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lares-limits-'))
  t.after(() => rm(dataDir, { recursive: true, force: true }))
  return dataDir
}

const trySignIn = async (product: Product): Promise<number> =>
  (await product.client().call('POST', '/api/session', { username: 'ada', password: 'wrong' })).status

test('SEC-C1 the budget of sign-in survives a restart, even a power cut', async (t) => {
  const dataDir = await folder(t)
  const product = await startProduct({ dataDir })
  await setUpHome(product.client(), product.setupCode ?? '')
  const statuses: number[] = []
  for (let count = 0; count < 6; count++) statuses.push(await trySignIn(product))
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429])
  await product.kill()
  const again = await startProduct({ dataDir })
  try {
    const refused = await again.client().call('POST', '/api/session', { username: 'ada', password: 'wrong' })
    assert.equal(refused.status, 429)
    assert.equal(refused.headers['ratelimit-limit'], '5')
    assert.ok(Number(refused.headers['retry-after']) >= 1)
  } finally {
    await again.stop()
  }
})

test('SEC-C1 SEC-C2 the environment sets numbers and origins; refusals are in the record', async (t) => {
  const dataDir = await folder(t)
  const env = { RATE_LIMIT_REQUESTS_PER_MINUTE: '20', RATE_LIMIT_BURST: '2', CORS_ORIGINS: DASHBOARD }
  const product = await startProduct({ dataDir, env })
  try {
    const owner = product.client()
    await setUpHome(owner, product.setupCode ?? '')
    const allowed = await owner.call('GET', '/api/setup', undefined, { origin: DASHBOARD })
    assert.equal(allowed.headers['access-control-allow-origin'], DASHBOARD)
    assert.equal(allowed.headers['ratelimit-policy'], '20;w=60;burst=2')
    const evil = { origin: 'https://evil.example' }
    assert.equal(
      (await product.client().call('POST', '/api/session', { username: 'a', password: 'b' }, evil)).status,
      403,
    )
    let status = 200
    for (let count = 0; count < 30 && status !== 429; count++)
      status = (await product.client().call('GET', '/api/setup')).status
    assert.equal(status, 429)
    assert.equal((await owner.call('GET', '/api/me')).status, 200)
    let types: string[] = []
    for (let tries = 0; tries < 50 && types.length < 2; tries++) {
      const { entries } = await owner.must<AuditPage>('GET', '/api/audit?limit=100')
      types = entries.map(({ type }) => type).filter((type) => ['origin_refused', 'rate_limit_exceeded'].includes(type))
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    assert.deepEqual(types.sort(), ['origin_refused', 'rate_limit_exceeded'])
    assert.match(product.output(), /CORS violation/)
  } finally {
    await product.stop()
  }
})

test('SEC-C1 SEC-C2 a number that is none and a star in production stop the start, in one sentence', async (t) => {
  const dataDir = await folder(t)
  for (const [env, words] of [
    [{ RATE_LIMIT_BURST: 'many' }, /RATE_LIMIT_BURST/],
    [{ RATE_LIMIT_REQUESTS_PER_MINUTE: '0' }, /RATE_LIMIT_REQUESTS_PER_MINUTE/],
    [{ CORS_ORIGINS: '*' }, /CORS_ORIGINS/],
    [{ CORS_ALLOWED_ORIGINS: 'https://*' }, /CORS_ORIGINS/],
  ] as const)
    await assert.rejects(
      startProduct({ dataDir, env }).then((product) => product.stop()),
      words,
    )
})
