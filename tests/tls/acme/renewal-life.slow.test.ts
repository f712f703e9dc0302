import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AcmeSource } from '../../../appliance/src/tls/acme/index.ts'
import { startFakeAuthority, type AuthorityOptions, type FakeAuthority } from '../../fakes/acme-authority.ts'
import { makeHome, type Home } from './home.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const HALF_A_YEAR_MS = 180 * DAY_MS

interface Life {
  home: Home
  authority: FakeAuthority
  source: AcmeSource
  /** After a stop and a new start. */
  restart(): Promise<void>
}

async function live(options: Omit<AuthorityOptions, 'clock'>, run: (life: Life) => Promise<void>): Promise<void> {
  const home = makeHome()
  const authority = await startFakeAuthority({ clock: home.clock, ...options })
  const { directoryUrl, rootFile: directoryRoot } = authority
  await home.set({ directoryUrl, directoryRoot, domains: 'home.example.org', agreeTerms: true as never })
  const life = { home, authority, source: home.boot() } as Life
  life.restart = async () => {
    await life.source.stop()
    life.source = home.boot()
    await life.source.start()
  }
  await life.source.start()
  try {
    await home.passUntil(() => life.source.current() !== null, HOUR_MS)
    await run(life)
    assert.deepEqual(authority.violations, [])
    assert.equal(authority.accounts.size, 1, 'one account over all the time')
  } finally {
    await life.source.stop()
    await authority.stop()
    home.remove()
  }
}

/** At no moment more than two orders within the life of a certificate. */
function assertAtMostTwoALife({ authority }: Life, lifeMs: number): void {
  const times = authority.orders.map(({ atMs }) => atMs)
  for (const [index, atMs] of times.entries())
    assert.ok(index < 2 || atMs - times[index - 2]! >= lifeMs - 2 * HOUR_MS, `order ${index} came too early`)
}

/** Lets half a year pass, day by day, with a certificate in force that has not run out on each of them. */
async function halfAYear(life: Life, restartOnDay = 100): Promise<void> {
  for (let day = 0; day < HALF_A_YEAR_MS / DAY_MS; day++) {
    await life.home.pass(DAY_MS)
    if (day === restartOnDay) await life.restart()
    const { notAfterMs } = life.source.current()!
    assert.ok(notAfterMs > life.home.clock.now(), `run out on day ${day}`)
    assert.equal(life.source.status().problem, null)
  }
}

/** Each certificate lives from an hour before its order. */
const expectedOrders = (lifeMs: number, share: number): number =>
  1 + Math.floor(HALF_A_YEAR_MS / (lifeMs * share - HOUR_MS))

describe('SEC-B4 half a year', { concurrency: 4 }, () => {
  test('of 45-day certificates without advice: 7 orders, one every 30 days', () =>
    live({ lifeMs: 45 * DAY_MS }, async (life) => {
      await halfAYear(life)
      assert.equal(life.authority.orders.length, 7)
      assert.equal(life.authority.orders.length, expectedOrders(45 * DAY_MS, 2 / 3))
      assertAtMostTwoALife(life, 45 * DAY_MS)
    }))

  test('of 6-day certificates without advice: 61 orders, one every 3 days', () =>
    live({ lifeMs: 6 * DAY_MS }, async (life) => {
      await halfAYear(life)
      assert.equal(life.authority.orders.length, 61)
      assert.equal(life.authority.orders.length, expectedOrders(6 * DAY_MS, 1 / 2))
      assertAtMostTwoALife(life, 6 * DAY_MS)
    }))

  test('of 45-day certificates with advice: each inside its window, each says which one it replaces', () => {
    const window: AuthorityOptions['window'] = ({ notBeforeMs }) => ({
      startMs: notBeforeMs + 28 * DAY_MS,
      endMs: notBeforeMs + 30 * DAY_MS,
    })
    return live({ lifeMs: 45 * DAY_MS, window }, async (life) => {
      await halfAYear(life)
      const { orders } = life.authority
      assert.equal(orders.length, 7)
      for (const [index, order] of orders.entries()) {
        if (index === 0) continue
        const before = orders[index - 1]!.leaf!
        assert.equal(order.replaces, before.certId)
        const { startMs, endMs } = window(before)
        assert.ok(order.atMs >= startMs && order.atMs <= endMs + MINUTE_MS, `order ${index}`)
      }
      assertAtMostTwoALife(life, 45 * DAY_MS)
    })
  })

  test('of an authority that always says "now": two orders a life, no more', () => {
    const window: AuthorityOptions['window'] = ({ notBeforeMs }) => ({
      startMs: notBeforeMs,
      endMs: notBeforeMs + 1_000,
    })
    return live({ lifeMs: 45 * DAY_MS, window }, async (life) => {
      await halfAYear(life)
      assertAtMostTwoALife(life, 45 * DAY_MS)
      // Two at the beginning of each 45 days, and the first of the fifth.
      assert.equal(life.authority.orders.length, 9)
    })
  })
})

describe('SEC-B4 an authority that is down for ten days', { concurrency: 2 }, () => {
  test('when a 45-day certificate is due: the old one stays, it is said, and it recovers by itself', () =>
    live({ lifeMs: 45 * DAY_MS }, async (life) => {
      const { home, authority } = life
      const old = life.source.current()
      await home.pass(29 * DAY_MS)
      authority.isDown = true
      await home.pass(3 * DAY_MS)
      await life.restart()
      await home.pass(7 * DAY_MS)
      const status = life.source.status()
      assert.deepEqual(life.source.current(), old)
      assert.match(status.problem!, /^The authority localhost:\d+ cannot be reached: the connection was cut\.$/)
      assert.ok(status.lastTriedAtMs! > home.clock.now() - 12 * HOUR_MS - MINUTE_MS)
      assert.ok(status.nextTryAtMs! > home.clock.now() && status.nextTryAtMs! <= home.clock.now() + 12 * HOUR_MS)
      assert.ok(status.lastRenewedAtMs! < home.clock.now() - 38 * DAY_MS)
      assert.equal(authority.orders.length, 1)
      authority.isDown = false
      await home.passUntil(() => life.source.current()?.notAfterMs !== old?.notAfterMs, 12 * HOUR_MS + MINUTE_MS)
      assert.equal(life.source.status().problem, null)
      assert.equal(authority.orders.length, 2)
    }))

  test('longer than a 6-day certificate lives: an hour after the authority is back there is a new one', () =>
    live({ lifeMs: 6 * DAY_MS }, async (life) => {
      const { home, authority } = life
      const old = life.source.current()!
      authority.isDown = true
      await home.pass(10 * DAY_MS)
      assert.deepEqual(life.source.current(), old)
      assert.ok(old.notAfterMs < home.clock.now())
      authority.isDown = false
      await home.passUntil(() => life.source.current()!.notAfterMs > home.clock.now(), HOUR_MS + MINUTE_MS)
      assert.equal(authority.orders.length, 2)
    }))
})
