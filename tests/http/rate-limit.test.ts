import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { createLimiter, createRateLimits } from '../../appliance/src/http/rate-limit.ts'
import { route } from '../../appliance/src/http/index.ts'
import { createFakeClock } from '../fakes/clock.ts'
import { startServer } from './harness.ts'

const ok = z.strictObject({ ok: z.literal(true) })

describe('rate limits', () => {
  test('SEC-C1 a burst, then the steady rate, then the whole budget again', async () => {
    const clock = createFakeClock()
    const take = createLimiter({ count: 60, perS: 60, burst: 10 }, clock)
    for (let left = 9; left >= 0; left--) assert.equal(take('a').remaining, left)
    assert.equal(take('a').retryAfterS, 1)
    assert.equal(take('b').retryAfterS, 0)
    await clock.advance(1_000)
    assert.equal(take('a').retryAfterS, 0)
    assert.equal(take('a').retryAfterS, 1)
    await clock.advance(60_000)
    assert.equal(take('a').remaining, 9)
  })

  test('never more than burst + rate × time, whatever the pattern', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 60 }), async (pauses) => {
        const clock = createFakeClock()
        const take = createLimiter({ count: 30, perS: 60, burst: 5 }, clock)
        let allowed = 0
        for (const pause of pauses) {
          await clock.advance(pause)
          if (take('a').retryAfterS === 0) allowed++
        }
        assert.ok(allowed <= 5 + clock.monotonic() / 2_000 + 1e-9)
      }),
      { numRuns: 25 },
    )
  })

  test('SEC-C1 signed-in people have their own larger budget; anonymous ones share one over all tiers', () => {
    const limits = createRateLimits(createFakeClock())
    const anonymous = { userId: null, address: '10.0.0.9' }
    let allowed = 0
    for (let index = 0; index < 200; index++) if (limits.take('media', anonymous).retryAfterS === 0) allowed++
    assert.equal(allowed, 100)
    for (let index = 0; index < 250; index++)
      assert.equal(limits.take('general', { userId: 'anna', address: '10.0.0.9' }).retryAfterS, 0)
  })

  test('SEC-C1 the sixth sign-in in a minute answers 429 with Retry-After and RateLimit headers', async () => {
    const signIn = route({
      method: 'POST',
      path: '/api/session',
      summary: 'x',
      needs: 'public',
      limit: 'login',
      reply: ok,
      run: async () => ({ ok: true as const }),
    })
    const clock = createFakeClock()
    const at = await startServer([signIn], { clock })
    try {
      for (let left = 4; left >= 0; left--) {
        const reply = await at.ask('/api/session', { method: 'POST' })
        assert.equal(reply.status, 200)
        assert.equal(reply.headers['ratelimit-limit'], '5')
        assert.equal(reply.headers['ratelimit-remaining'], String(left))
      }
      const refused = await at.ask('/api/session', { method: 'POST' })
      assert.equal(refused.status, 429)
      assert.equal(refused.json().error_code, 'RATE_LIMITED')
      assert.equal(refused.headers['retry-after'], '12')
      assert.equal(refused.headers['ratelimit-remaining'], '0')
      await clock.advance(12_000)
      assert.equal((await at.ask('/api/session', { method: 'POST' })).status, 200)
    } finally {
      await at.stop()
    }
  })

  test('SEC-C1 guessing session tokens is limited like everything else', async () => {
    const mine = route({
      method: 'GET',
      path: '/api/mine',
      summary: 'x',
      needs: 'signed-in',
      limit: 'general',
      reply: ok,
      run: async () => ({ ok: true as const }),
    })
    const at = await startServer([mine], { clock: createFakeClock() })
    try {
      const statuses: number[] = []
      for (let index = 0; index < 12; index++)
        statuses.push((await at.ask('/api/mine', { as: `guess-${index}` })).status)
      assert.deepEqual(statuses, [...Array<number>(10).fill(401), 429, 429])
      assert.equal((await at.ask('/api/mine', { as: 'anna' })).status, 200)
    } finally {
      await at.stop()
    }
  })
})
