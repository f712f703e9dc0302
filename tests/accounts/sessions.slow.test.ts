import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { Me, Session } from '../../appliance/src/api/accounts.ts'
import { maxConcurrentSessions, sessionIdleHours, sessionLifetimeDays } from '../../appliance/src/accounts/settings.ts'
import type { HttpsClient } from '../harness/https-client.ts'
import { setUpOwner, signIn, startAccess, type Access, type Owner } from './access.ts'

const HOUR_MS = 60 * 60_000
const DAY_MS = 24 * HOUR_MS
const META = { address: '127.0.0.1', userAgent: 'test' }

let at: Access
let owner: Owner
let first: HttpsClient

const cookieOf = (browser: HttpsClient): string => browser.cookies.get('__Host-lares') ?? ''
/** Of a route that itself looks up nothing about the session: only the gate decides. */
const statusOf = async (browser: HttpsClient): Promise<number> => (await browser.call('GET', '/api/me/sessions')).status
const sessionsOf = async (browser: HttpsClient): Promise<Session[]> =>
  (await browser.must<{ sessions: Session[] }>('GET', '/api/me/sessions')).sessions

beforeEach(async () => {
  at = await startAccess()
  const home = await setUpOwner(at)
  owner = home.owner
  first = home.browser
})
afterEach(() => at.stop())

describe('SEC-A6 the session cookie', () => {
  test('is random, stored as a hash only, and new at each sign-in', async () => {
    const second = await signIn(at, owner)
    assert.notEqual(cookieOf(first), cookieOf(second))
    assert.equal(Buffer.from(cookieOf(second), 'base64url').length, 32)
    const rows = await at.database.reader.selectFrom('sessions').selectAll().execute()
    assert.ok(!JSON.stringify(rows).includes(cookieOf(first)))
  })

  test('of nobody, or a damaged one, is nobody', async () => {
    for (const token of ['', 'x', cookieOf(first).slice(1), `${cookieOf(first)}A`])
      assert.equal(await at.accounts.authenticate(token, META), null)
    const browser = at.browser()
    browser.cookies.set('__Host-lares', 'A'.repeat(43))
    const answer = await browser.call('GET', '/api/me')
    assert.equal(answer.status, 401)
    assert.equal(answer.json().redirect_to, '/sign-in')
  })

  test('signing in again in the same browser ends its earlier session', async () => {
    const before = cookieOf(first)
    await first.must('POST', '/api/session', { username: owner.username, password: owner.password, code: owner.totp() })
    assert.equal(await at.accounts.authenticate(before, META), null)
    assert.equal((await sessionsOf(first)).length, 1)
  })

  test('is known in under a tenth of a millisecond', async () => {
    const token = cookieOf(first)
    await at.accounts.authenticate(token, META)
    const rounds = 2_000
    const durations: number[] = []
    for (let round = 0; round < rounds; round++) {
      const startedAt = performance.now()
      await at.accounts.authenticate(token, META)
      durations.push(performance.now() - startedAt)
    }
    const median = durations.sort((a, b) => a - b)[rounds / 2] ?? Infinity
    assert.ok(median < 0.1, `median ${median} ms`)
  })
})

describe('SEC-A8 sessions', () => {
  test('are listed, and one can be ended: its cookie is dead at once and its streams are told', async () => {
    const second = await signIn(at, owner)
    const sessions = await sessionsOf(second)
    assert.deepEqual(
      sessions.map(({ current }) => current),
      [false, true],
    )
    const other = sessions.find(({ current }) => !current)
    assert.equal(await statusOf(first), 200)
    await second.must('DELETE', `/api/me/sessions/${other?.id}`)
    assert.deepEqual(
      at.ended.map(({ sessionId, reason }) => [sessionId, reason]),
      [[other?.id, 'ended-by-owner']],
    )
    assert.equal(await statusOf(first), 401)
    assert.equal(await statusOf(second), 200)
    assert.equal((await second.call('DELETE', `/api/me/sessions/${other?.id}`)).status, 404, 'a second time')
  })

  test('signing out ends it and takes the cookie away', async () => {
    const token = cookieOf(first)
    const answer = await first.call('DELETE', '/api/session')
    assert.equal(answer.status, 200)
    assert.match(String(answer.headers['set-cookie']), /__Host-lares=; Max-Age=0/)
    assert.equal(await at.accounts.authenticate(token, META), null)
    assert.equal(at.ended[0]?.reason, 'signed-out')
  })

  test('all others can be ended together', async () => {
    const others = [await signIn(at, owner), await signIn(at, owner)]
    await first.must('DELETE', '/api/me/sessions')
    assert.deepEqual([await statusOf(first), ...(await Promise.all(others.map(statusOf)))], [200, 401, 401])
  })

  test('at most three a person: the oldest ends', async () => {
    const later = [await signIn(at, owner), await signIn(at, owner)]
    assert.equal(await statusOf(first), 200)
    const newest = await signIn(at, owner)
    assert.deepEqual(
      at.ended.map(({ reason }) => reason),
      ['too-many-sessions'],
    )
    assert.deepEqual([await statusOf(first), await statusOf(newest)], [401, 200])
    assert.deepEqual(await Promise.all(later.map(statusOf)), [200, 200])
    await at.settings.set(maxConcurrentSessions, 1)
    await signIn(at, owner)
    assert.equal(at.ended.length, 4, 'a lower limit holds from the next sign-in on')
  })

  test('slide while they are used, and end after a week without', async () => {
    await at.settings.set(sessionIdleHours, 24 * 7)
    for (let day = 0; day < 10; day++) {
      at.clock.setWallClock(at.clock.now() + 0.6 * DAY_MS)
      assert.equal(await statusOf(first), 200, `day ${day}`)
    }
    const me = await first.must<Me>('GET', '/api/me')
    assert.equal(me.sessionExpiresAt, at.clock.now() + 7 * DAY_MS)
    at.clock.setWallClock(at.clock.now() + 7 * DAY_MS - 1)
    assert.equal(at.ended.length, 0)
    await at.clock.advance(60_000)
    assert.equal(await statusOf(first), 401)
    assert.ok(
      at.ended.some(({ reason }) => reason === 'expired'),
      'open streams are told by the sweep',
    )
  })

  test('end after their whole life however much they are used', async () => {
    await at.settings.set(sessionLifetimeDays, 2)
    const browser = await signIn(at, owner)
    at.clock.setWallClock(at.clock.now() + DAY_MS)
    assert.equal(await statusOf(browser), 200)
    at.clock.setWallClock(at.clock.now() + DAY_MS)
    assert.equal(await statusOf(browser), 401)
  })

  test('are noted as used once a minute, not more', async () => {
    const read = async (): Promise<number | undefined> =>
      (await at.database.reader.selectFrom('sessions').select('last_seen_at').executeTakeFirst())?.last_seen_at
    await statusOf(first)
    const noted = await read()
    await at.clock.advance(59_000)
    await statusOf(first)
    assert.equal(await read(), noted)
    await at.clock.advance(1_000)
    await statusOf(first)
    assert.equal(await read(), at.clock.now())
  })

  test('that another process ended (lares user reset) are dead within a minute', async () => {
    assert.equal(await statusOf(first), 200)
    await at.database.writer.updateTable('sessions').set({ ended_at: at.clock.now(), ended_reason: 'reset' }).execute()
    await at.clock.advance(60_000)
    assert.equal(await statusOf(first), 401)
    assert.equal(at.ended.length, 1)
  })

  test('of somebody else cannot be ended', async () => {
    const [mine] = await sessionsOf(first)
    await assert.rejects(at.accounts.endSession('another-user', mine?.id ?? '', 'x'), { kind: 'not-found' })
    assert.equal(await statusOf(first), 200)
  })
})
