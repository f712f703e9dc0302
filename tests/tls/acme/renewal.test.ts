import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { backoffMs, planRenewal, renewalByAge, type RenewalFacts } from '../../../appliance/src/tls/acme/renewal.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const START_MS = Date.UTC(2027, 0, 1)

const certificate = (days: number, fromMs = START_MS) => ({ notBeforeMs: fromMs, notAfterMs: fromMs + days * DAY_MS })
const facts = (changes: Partial<RenewalFacts>): RenewalFacts => ({
  ...{ nowMs: START_MS, certificate: certificate(45), mismatch: null, advisedMs: null, issuedAtMs: [START_MS] },
  ...{ failures: { count: 0, lastAtMs: 0, notBeforeMs: null }, asked: false },
  ...changes,
})
const dayOf = (atMs: number): number => (atMs - START_MS) / DAY_MS

describe('SEC-B4 when a certificate is renewed', () => {
  test('at a third of its life left, at half when it lives less than ten days', () => {
    for (const [days, day] of [
      [90, 60],
      [64, 64 - 64 / 3],
      [45, 30],
      [10, 10 - 10 / 3],
      [9.99, 9.99 / 2],
      [6, 3],
      [160 / 24, 80 / 24],
    ] as const)
      assert.ok(Math.abs(dayOf(renewalByAge(certificate(days))) - day) < 1e-6, `${days} days`)
    assert.deepEqual(planRenewal(facts({})), { atMs: START_MS + 30 * DAY_MS, why: 'age', heldBy: null })
  })

  test('at the advised moment, but never in the last sixth', () => {
    assert.equal(dayOf(planRenewal(facts({ advisedMs: START_MS + 20 * DAY_MS })).atMs), 20)
    assert.equal(planRenewal(facts({ advisedMs: START_MS + 20 * DAY_MS })).why, 'advice')
    assert.equal(dayOf(planRenewal(facts({ advisedMs: START_MS + 400 * DAY_MS })).atMs), 37.5)
    assert.ok(planRenewal(facts({ advisedMs: START_MS - DAY_MS })).atMs <= START_MS, 'a window in the past means now')
  })

  test('at once when there is none, it has run out, or is for other names or of another authority', () => {
    for (const [changes, why] of [
      [{ certificate: null }, 'first'],
      [{ nowMs: START_MS + 45 * DAY_MS }, 'expired'],
      [{ mismatch: 'names' }, 'names'],
      [{ mismatch: 'authority' }, 'authority'],
      [{ asked: true }, 'asked'],
    ] as const) {
      const given = facts(changes)
      assert.deepEqual(planRenewal(given), { atMs: given.nowMs, why, heldBy: null })
    }
  })

  test('an authority that always says "now" gets two orders a life', () => {
    const always = facts({ advisedMs: 0, issuedAtMs: [START_MS - DAY_MS, START_MS] })
    assert.deepEqual(planRenewal(always), { atMs: START_MS + 44 * DAY_MS, why: 'advice', heldBy: 'twice-a-life' })
    assert.equal(planRenewal({ ...always, asked: true }).heldBy, null, 'a person may')
  })

  test('after failures pauses grow to half a day and go on for days, shorter while the certificate runs out', () => {
    const minutes = [1, 2, 3, 4, 5, 6, 7, 500].map((count) => backoffMs(count, 15 * DAY_MS) / 60_000)
    assert.deepEqual(minutes, [1, 5, 30, 120, 360, 720, 720, 720])
    assert.equal(backoffMs(50, DAY_MS) / HOUR_MS, 3)
    assert.equal(backoffMs(50, -DAY_MS) / HOUR_MS, 1)
    assert.equal(backoffMs(50, null) / HOUR_MS, 12)
  })

  test('Retry-After is kept, for a week at most, also when a person asks', () => {
    const failures = { count: 1, lastAtMs: START_MS, notBeforeMs: START_MS + 3 * DAY_MS }
    const due = facts({ certificate: null, failures })
    assert.deepEqual(planRenewal(due), { atMs: START_MS + 3 * DAY_MS, why: 'first', heldBy: 'authority' })
    assert.equal(planRenewal({ ...due, certificate: certificate(45), asked: true }).heldBy, 'authority')
    const forever = { ...failures, notBeforeMs: START_MS + 900 * DAY_MS }
    assert.equal(dayOf(planRenewal({ ...due, failures: forever }).atMs), 7)
  })
})

const anyFacts: fc.Arbitrary<RenewalFacts> = fc.record({
  nowMs: fc.integer({ min: 0, max: 10_000 }).map((hours) => START_MS + hours * HOUR_MS),
  certificate: fc.option(
    fc.tuple(fc.integer({ min: 0, max: 9_000 }), fc.integer({ min: 1, max: 9_600 })).map(([from, hours]) => ({
      notBeforeMs: START_MS + from * HOUR_MS,
      notAfterMs: START_MS + (from + hours) * HOUR_MS,
    })),
  ),
  mismatch: fc.constantFrom(null, 'names' as const, 'authority' as const),
  advisedMs: fc.option(fc.integer({ min: -5_000, max: 20_000 }).map((hours) => START_MS + hours * HOUR_MS)),
  issuedAtMs: fc
    .array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 5 })
    .map((hours) => hours.sort((a, b) => a - b).map((hour) => START_MS + hour * HOUR_MS)),
  failures: fc.record({
    count: fc.nat(100),
    lastAtMs: fc.integer({ min: 0, max: 20_000 }).map((hours) => START_MS + hours * HOUR_MS),
    notBeforeMs: fc.option(fc.integer({ min: 0, max: 100_000 }).map((hours) => START_MS + hours * HOUR_MS)),
  }),
  asked: fc.boolean(),
})

describe('SEC-B4 whatever the facts are', () => {
  test('there is one moment, it is a number, and the same facts give the same', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const plan = planRenewal(given)
        assert.ok(Number.isFinite(plan.atMs))
        assert.deepEqual(planRenewal(given), plan)
      }),
    )
  })

  test('a certificate that runs well is renewed while at least a sixth of its life is left', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const { certificate: held } = given
        fc.pre(held !== null && given.nowMs < held.notAfterMs)
        const calm = {
          ...given,
          failures: { count: 0, lastAtMs: 0, notBeforeMs: null },
          issuedAtMs: [held.notBeforeMs],
        }
        assert.ok(
          planRenewal(calm).atMs <=
            Math.max(given.nowMs, held.notAfterMs - (held.notAfterMs - held.notBeforeMs) / 6 + 1),
        )
      }),
    )
  })

  test('no failure holds longer than a day, no authority longer than a week, even over a clock that was set back', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const { atMs, heldBy } = planRenewal(given)
        if (heldBy === 'failures') assert.ok(atMs - given.nowMs <= DAY_MS)
        if (heldBy === 'authority') assert.ok(atMs - given.nowMs <= 7 * DAY_MS)
      }),
    )
  })

  test('any advice over a year of 6-day certificates leads to at most two orders in any six days', () => {
    const LIFE_MS = 6 * DAY_MS
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -30, max: 12 }), { minLength: 5, maxLength: 60 }), (advice) => {
        const issuedAtMs = [START_MS]
        let nowMs = START_MS
        for (const days of advice) {
          const held = certificate(6, nowMs)
          nowMs = Math.max(
            nowMs,
            planRenewal(facts({ nowMs, certificate: held, issuedAtMs, advisedMs: nowMs + days * DAY_MS })).atMs,
          )
          issuedAtMs.push(nowMs)
        }
        for (const [index, atMs] of issuedAtMs.entries())
          assert.ok(index < 2 || atMs - (issuedAtMs[index - 2] as number) >= LIFE_MS)
      }),
    )
  })
})
