import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { budgetAddress } from '../../appliance/src/http/client-address.ts'
import { limitBudgets, USUAL_NUMBERS, type Budget, type BudgetKeeper } from '../../appliance/src/http/rate-budgets.ts'
import { RateCounter } from '../../appliance/src/http/rate-counter.ts'
import { createLimiter, createRateLimits, limitHeaders } from '../../appliance/src/http/rate-limit.ts'
import type { LimitTier } from '../../appliance/src/http/index.ts'
import { createFakeClock } from '../fakes/clock.ts'

const MINUTE: Budget = { count: 60, perS: 60, burst: 10 }
const anonymous = { userId: null, address: '10.0.0.9' }

/** How many of `tries` requests are let through. */
async function letThrough(tries: number, take: () => Promise<{ retryAfterS: number }>): Promise<number> {
  let allowed = 0
  for (let index = 0; index < tries; index++) if ((await take()).retryAfterS === 0) allowed++
  return allowed
}

/** A keeper in memory: what the database is to the product. */
function createKeeper(): BudgetKeeper & { kept: Map<string, { points: number; expiresAt: number }>; writes: number } {
  const kept = new Map<string, { points: number; expiresAt: number }>()
  return {
    kept,
    writes: 0,
    read: async (key) => kept.get(key) ?? null,
    async write(key, used) {
      this.writes += 1
      kept.set(key, used)
    },
  }
}

describe('one budget', () => {
  test('SEC-C1 the rate, then the burst on top, then nothing until the minute is over', async () => {
    const clock = createFakeClock()
    const take = createLimiter('t', MINUTE, clock)
    for (let left = 59; left >= 0; left--) assert.equal((await take('a', MINUTE)).remaining, left)
    assert.equal(await letThrough(20, () => take('a', MINUTE)), 10)
    await clock.advance(20_000)
    const refused = await take('a', MINUTE)
    assert.deepEqual([refused.remaining, refused.retryAfterS, refused.resetS], [0, 40, 40])
    assert.equal((await take('b', MINUTE)).retryAfterS, 0)
    await clock.advance(40_000)
    assert.equal((await take('a', MINUTE)).remaining, 59)
  })

  test('SEC-C1 never more than rate and burst in any window, whatever the pattern', async () => {
    const budget = { count: 8, perS: 60, burst: 3 }
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 80 }), async (pauses) => {
        const clock = createFakeClock()
        const take = createLimiter('t', budget, clock)
        const allowedAt: number[] = []
        for (const pause of pauses) {
          await clock.advance(pause)
          if ((await take('a', budget)).retryAfterS === 0) allowedAt.push(clock.monotonic())
        }
        // Windows begin with a first request: two of them may meet inside one sliding minute, never three.
        for (const at of allowedAt)
          assert.ok(allowedAt.filter((other) => other >= at && other < at + 60_000).length <= 2 * (8 + 3))
        const minutes = Math.floor(clock.monotonic() / 60_000) + 1
        assert.ok(allowedAt.length <= minutes * (8 + 3))
      }),
      { numRuns: 25 },
    )
  })

  test('SEC-C1 parallel requests gain nothing', async () => {
    const keeper = createKeeper()
    const take = createLimiter('t', { count: 5, perS: 60, burst: 0 }, createFakeClock(), keeper)
    const states = await Promise.all(Array.from({ length: 50 }, () => take('a', { count: 5, perS: 60, burst: 0 })))
    assert.equal(states.filter(({ retryAfterS }) => retryAfterS === 0).length, 5)
    // What is refused anyway costs no write.
    assert.equal(keeper.writes, 6)
  })

  test('SEC-C1 changed numbers count at once, what was used stays used', async () => {
    const take = createLimiter('t', MINUTE, createFakeClock())
    await letThrough(50, () => take('a', MINUTE))
    assert.equal((await take('a', { ...MINUTE, count: 100 })).remaining, 49)
    assert.equal(await letThrough(9, () => take('a', { count: 40, perS: 60, burst: 0 })), 0)
  })

  test('SEC-C1 a flood of addresses does not fill the memory', async () => {
    const counter = new RateCounter({ name: 't', allowance: MINUTE, clock: createFakeClock(), mostKeys: 100 })
    await counter.consume('first')
    for (let index = 0; index < 1_000; index++) await counter.consume(`address ${index}`)
    assert.equal(counter.size, 100)
    assert.equal((await counter.consume('address 999')).consumedPoints, 2)
    assert.equal((await counter.consume('first')).consumedPoints, 1)
  })
})

describe('across a restart', () => {
  const budget: Budget = { count: 5, perS: 60, burst: 0 }

  test('SEC-C1 what was used is still used, and comes back when its time is up', async () => {
    const [clock, keeper] = [createFakeClock(), createKeeper()]
    const before = createLimiter('login', budget, clock, keeper)
    assert.equal(await letThrough(5, () => before('a', budget)), 5)
    await clock.advance(20_000)
    const after = createLimiter('login', budget, clock, keeper)
    assert.equal((await after('a', budget)).retryAfterS, 40)
    assert.equal((await after('b', budget)).retryAfterS, 0)
    await clock.advance(40_000)
    assert.equal((await createLimiter('login', budget, clock, keeper)('a', budget)).retryAfterS, 0)
  })

  test('SEC-C1 a clock that was set back does not make a minute last for years', async () => {
    const [clock, keeper] = [createFakeClock(), createKeeper()]
    const before = createLimiter('login', budget, clock, keeper)
    await letThrough(6, () => before('a', budget))
    clock.setWallClock(0)
    assert.equal((await createLimiter('login', budget, clock, keeper)('a', budget)).retryAfterS, 60)
  })
})

describe('the tiers', () => {
  test('SEC-C1 have the budgets of the specification for whoever is not signed in', () => {
    const { tiers, anonymousOverall } = limitBudgets()
    const words = ({ count, perS, burst }: Budget): string => `${count}/${perS}${burst > 0 ? `+${burst}` : ''}`
    const found = Object.entries(tiers).map(([tier, { anonymous }]) => [tier, words(anonymous)])
    assert.deepEqual(Object.fromEntries(found), {
      ...{ general: '60/60+10', media: '120/60', search: '30/60', stream: '10/60', devices: '10/60' },
      ...{ login: '5/60', costly: '5/60', exports: '10/3600' },
    })
    assert.deepEqual(anonymousOverall.map(words), ['100/60', '1000/3600'])
  })

  test('SEC-C1 an address has one budget over all of them', async () => {
    const clock = createFakeClock()
    const limits = createRateLimits({ clock })
    assert.equal(await letThrough(200, () => limits.take('media', anonymous)), 100)
    assert.ok((await limits.take('login', anonymous)).retryAfterS > 0)
    assert.equal((await limits.take('login', { userId: null, address: '10.0.0.10' })).retryAfterS, 0)
    let allowed = 0
    for (let minute = 0; minute < 15; minute++) {
      allowed += await letThrough(100, () => limits.take('media', anonymous))
      await clock.advance(60_000)
    }
    assert.equal(allowed, 1_000 - 100)
  })

  test('SEC-C1 people and keys have their own, larger budget wherever they are; sign-in stays small', async () => {
    const limits = createRateLimits({ clock: createFakeClock() })
    await letThrough(200, () => limits.take('general', anonymous))
    assert.equal(await letThrough(2_000, () => limits.take('general', { ...anonymous, userId: 'anna' })), 1_500)
    assert.equal(await letThrough(10, () => limits.take('general', { ...anonymous, userId: 'key' })), 10)
    assert.equal(await letThrough(10, () => limits.take('login', { ...anonymous, userId: 'anna' })), 5)
  })

  test('SEC-C1 raised numbers are of use, lowered ones leave the app alone', () => {
    const raised = limitBudgets({ ...USUAL_NUMBERS, requestsPerMinute: 600, searchRequestsPerMinute: 90 })
    assert.equal(raised.tiers.general.anonymous.count, 600)
    assert.equal(raised.tiers.general.signedIn.count, 12_000)
    assert.equal(raised.tiers.search.signedIn.count, 900)
    assert.deepEqual(
      raised.anonymousOverall.map(({ count }) => count),
      [1_000, 10_000],
    )
    const lowered = limitBudgets({ ...USUAL_NUMBERS, requestsPerMinute: 1, burst: 0, mediaRequestsPerMinute: 1 })
    assert.equal(lowered.tiers.general.anonymous.count, 1)
    assert.deepEqual(
      (['general', 'media'] satisfies LimitTier[]).map((tier) => lowered.tiers[tier].signedIn),
      (['general', 'media'] satisfies LimitTier[]).map((tier) => limitBudgets().tiers[tier].signedIn),
    )
  })

  test('SEC-C1 switched off, nothing is counted and no answer speaks of it', async () => {
    const limits = createRateLimits({
      clock: createFakeClock(),
      budgets: () => limitBudgets({ ...USUAL_NUMBERS, enabled: false }),
    })
    assert.equal(await letThrough(500, () => limits.take('login', anonymous)), 500)
    assert.deepEqual(limitHeaders(await limits.take('login', anonymous)), {})
  })

  test('SEC-C1 only sign-in is remembered across a restart', async () => {
    const keeper = createKeeper()
    const limits = createRateLimits({ clock: createFakeClock(), keeper })
    for (const tier of Object.keys(limitBudgets().tiers) as LimitTier[]) {
      await limits.take(tier, anonymous)
      await limits.take(tier, { ...anonymous, userId: 'anna' })
    }
    assert.deepEqual([...keeper.kept.keys()], ['login anonymous:10.0.0.9', 'login signedIn:anna'])
  })

  test('SEC-C1 the headers say limit, rest, seconds and policy', async () => {
    const limits = createRateLimits({ clock: createFakeClock() })
    assert.deepEqual(limitHeaders(await limits.take('general', anonymous)), {
      'RateLimit-Limit': '60',
      'RateLimit-Remaining': '59',
      'RateLimit-Reset': '60',
      'RateLimit-Policy': '60;w=60;burst=10',
    })
  })
})

describe('what an address is known by', () => {
  test('SEC-C1 IPv4 by itself, IPv6 by its /64, however it is written', () => {
    const cases: [string, string][] = [
      ['192.168.1.2', '192.168.1.2'],
      ['::ffff:192.168.1.2', '192.168.1.2'],
      ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
      ['2001:0DB8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
      ['2001:db8::5', '2001:db8:0:0::/64'],
      ['::1', '0:0:0:0::/64'],
      ['fe80::1%eth0', 'fe80:0:0:0::/64'],
      ['64:ff9b::1.2.3.4', '64:ff9b:0:0::/64'],
      ['', ''],
    ]
    for (const [address, known] of cases) assert.equal(budgetAddress(address), known, address)
  })

  test('SEC-C1 a device that changes its address inside its network gains nothing', async () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16))
    await fc.assert(
      fc.asyncProperty(fc.array(group, { minLength: 8, maxLength: 8 }), async (groups) => {
        const whole = groups.join(':')
        const short = whole.replace(/(^|:)0(:0)+(:|$)/, '::')
        const neighbour = [...groups.slice(0, 4), 'a', 'b', 'c', 'd'].join(':')
        assert.equal(budgetAddress(short), budgetAddress(whole))
        assert.equal(budgetAddress(neighbour), budgetAddress(whole))
        assert.notEqual(
          budgetAddress(['1', ...groups.slice(1)].join(':')),
          budgetAddress(['2', ...groups.slice(1)].join(':')),
        )
      }),
    )
  })
})
