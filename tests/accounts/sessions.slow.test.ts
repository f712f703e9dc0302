import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { Me, Session } from '../../appliance/src/api/accounts.ts'
import { maxConcurrentSessions, sessionTimeoutMinutes } from '../../appliance/src/accounts/settings.ts'
import { DEVICE_COOKIE, SESSION_COOKIE } from '../../appliance/src/http/index.ts'
import type { Answer, HttpsClient } from '../harness/https-client.ts'
import { setUpOwner, signIn, startAccess, type Access, type Owner } from './access.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1'
const UNTOUCHED = { 'x-lares-idle': '1' }

let at: Access
let owner: Owner
let first: HttpsClient

/** Of a route that itself looks up nothing about the session: only the gate decides. */
const ask = (browser: HttpsClient, headers?: Record<string, string>): Promise<Answer> =>
  browser.call('GET', '/api/me/sessions', undefined, headers)
const statusOf = async (browser: HttpsClient): Promise<number> => (await ask(browser)).status
const refusalOf = (answer: Answer): [number, unknown, unknown] => [
  answer.status,
  answer.json().error_code,
  (answer.json().details as { reason?: unknown } | undefined)?.reason,
]
const sessionsOf = async (browser: HttpsClient): Promise<Session[]> =>
  (await browser.must<{ sessions: Session[] }>('GET', '/api/me/sessions')).sessions
const currentOf = async (browser: HttpsClient): Promise<Me['session']> =>
  (await browser.must<Me>('GET', '/api/me')).session
const endings = (): string[] => at.ended.map(({ reason }) => reason)
const recorded = (type: string) =>
  at.database.reader.selectFrom('audit').selectAll().where('type', '=', type).orderBy('id').execute()

async function trust(browser: HttpsClient, trusted = true): Promise<Answer> {
  const { id } = await currentOf(browser)
  return browser.call('PATCH', `/api/me/sessions/${id}`, { trusted })
}

beforeEach(async () => {
  at = await startAccess()
  const home = await setUpOwner(at)
  owner = home.owner
  first = home.browser
})
afterEach(() => at.stop())

describe('SEC-A8 sessions are listed and ended', () => {
  test('one can be ended: it is dead at once, its streams are told, and it learns why for as long as it asks', async () => {
    const second = await signIn(at, owner)
    const sessions = await sessionsOf(second)
    assert.deepEqual(
      sessions.map(({ current, trusted }) => [current, trusted]),
      [
        [false, false],
        [true, false],
      ],
    )
    const other = sessions.find(({ current }) => !current)
    assert.equal(await statusOf(first), 200)
    await second.must('DELETE', `/api/me/sessions/${other?.id}`)
    assert.deepEqual(
      at.ended.map(({ sessionId, reason }) => [sessionId, reason]),
      [[other?.id, 'ended-by-owner']],
    )
    assert.deepEqual(refusalOf(await ask(first)), [401, 'SESSION_REVOKED', 'ended-by-owner'])
    await at.clock.advance(2 * HOUR_MS)
    assert.deepEqual(refusalOf(await ask(first)), [401, 'SESSION_REVOKED', 'ended-by-owner'], 'hours later, too')
    assert.equal((await recorded('session_revoked')).length, 1)
  })

  test('of somebody else, or twice, is not there', async () => {
    const second = await signIn(at, owner)
    const [mine] = await sessionsOf(first)
    await assert.rejects(at.accounts.endSession('another-user', mine?.id ?? '', 'x'), { kind: 'not-found' })
    assert.equal(await statusOf(first), 200)
    await second.must('DELETE', `/api/me/sessions/${mine?.id}`)
    assert.equal((await second.call('DELETE', `/api/me/sessions/${mine?.id}`)).status, 404)
  })

  test('signing out ends it, takes the tokens away and leaves the name of the browser', async () => {
    const answer = await first.call('DELETE', '/api/session')
    assert.equal(answer.status, 200)
    assert.deepEqual([...first.cookies.keys()], [DEVICE_COOKIE])
    assert.deepEqual(endings(), ['signed-out'])
    const [entry] = await recorded('logout')
    assert.equal(entry?.username, 'ada')
    assert.equal(entry?.address, '127.0.0.1')
  })

  test('all others can be ended together', async () => {
    const others = [await signIn(at, owner), await signIn(at, owner)]
    await first.must('DELETE', '/api/me/sessions')
    assert.deepEqual([await statusOf(first), ...(await Promise.all(others.map(statusOf)))], [200, 401, 401])
  })

  test('at most three a person: the oldest ends and is told', async () => {
    const later = [await signIn(at, owner), await signIn(at, owner)]
    assert.equal(await statusOf(first), 200)
    const newest = await signIn(at, owner)
    assert.deepEqual(endings(), ['too-many-sessions'])
    const answer = await ask(first)
    assert.deepEqual(refusalOf(answer), [401, 'SESSION_REVOKED', 'too-many-sessions'])
    assert.match(String(answer.json().message), /another phone or browser/)
    assert.equal(answer.json().redirect_to, '/sign-in')
    assert.deepEqual(await Promise.all([...later, newest].map(statusOf)), [200, 200, 200])
    await at.settings.set(maxConcurrentSessions, 1)
    await signIn(at, owner)
    assert.equal(at.ended.length, 4, 'a lower limit holds from the next sign-in on')
  })

  test('many sign-ins at once leave exactly three', async () => {
    const client = { address: '127.0.0.1', userAgent: '', deviceToken: null }
    const { userId } = at.ended[0] ?? { userId: (await first.must<Me>('GET', '/api/me')).user.id }
    const open = () =>
      at.database.transaction((trx) => at.accounts.openSession(trx, userId, client, { trusted: false, fresh: false }))
    await Promise.all(Array.from({ length: 8 }, open))
    const left = await at.database.reader.selectFrom('sessions').select('id').where('ended_at', 'is', null).execute()
    assert.equal(left.length, 3)
  })

  test('signing in again in the same browser ends its earlier session', async () => {
    await first.must('POST', '/api/session', { username: owner.username, password: owner.password, code: owner.totp() })
    assert.deepEqual(endings(), ['signed-in-again'])
    assert.equal((await sessionsOf(first)).length, 1)
  })

  test('a session that another process ended (lares user reset) is dead within a minute', async () => {
    assert.equal(await statusOf(first), 200)
    await at.database.writer.updateTable('sessions').set({ ended_at: at.clock.now(), ended_reason: 'reset' }).execute()
    await at.clock.advance(MINUTE_MS)
    assert.deepEqual(refusalOf(await ask(first)), [401, 'SESSION_REVOKED', 'reset'])
    assert.equal(at.ended.length, 1)
  })
})

describe('SEC-A8 sessions nobody uses', () => {
  test('end after half an hour; what the app asks by itself does not count, nor do pictures', async () => {
    await at.clock.advance(15 * MINUTE_MS)
    await first.must('POST', '/api/session/refresh')
    assert.equal(await statusOf(first), 200)
    for (const headers of [UNTOUCHED, { 'sec-fetch-dest': 'image' }]) {
      await at.clock.advance(14 * MINUTE_MS)
      assert.equal((await ask(first, headers)).status, 200)
    }
    await at.clock.advance(2 * MINUTE_MS)
    assert.deepEqual(refusalOf(await ask(first)), [401, 'SESSION_REVOKED', 'idle'])
    assert.deepEqual(endings(), ['idle'])
    assert.equal((await recorded('session_expired')).length, 1)
  })

  test('are told by the sweep when nobody asks at all', async () => {
    await at.clock.advance(30 * MINUTE_MS)
    // A sweep writes before it tells, and the disk keeps a time of its own: the next one waits from when the last one is done.
    for (let tries = 0; tries < 100 && at.ended.length === 0; tries++) {
      if (tries % 10 === 0) await at.clock.advance(MINUTE_MS)
      await setTimeout(50)
    }
    assert.deepEqual(endings(), ['idle'])
  })

  test('say when they will end and when to warn; one tap is enough to stay', async () => {
    await at.clock.advance(20 * MINUTE_MS)
    await ask(first, UNTOUCHED)
    const before = await first.must<Me['session']>('POST', '/api/session/stay')
    assert.equal(before.idleEndsAt, at.clock.now() + 30 * MINUTE_MS)
    assert.equal(before.warnMs, 5 * MINUTE_MS)
    assert.equal(before.boxTime, at.clock.now())
    await at.clock.advance(20 * MINUTE_MS)
    await first.must('POST', '/api/session/refresh')
    const answer = await first.call('POST', '/api/session/stay', undefined, UNTOUCHED)
    assert.equal(answer.json<Me['session']>().idleEndsAt, at.clock.now() + 30 * MINUTE_MS, 'whatever the header says')
    await at.clock.advance(20 * MINUTE_MS)
    assert.equal(await statusOf(first), 200)
  })

  test('the setting is in force at once, and warns no earlier than half-way', async () => {
    await at.settings.set(sessionTimeoutMinutes, 4)
    assert.equal((await currentOf(first)).warnMs, 2 * MINUTE_MS)
    await at.clock.advance(4 * MINUTE_MS)
    assert.equal(await statusOf(first), 401)
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
})

describe('SEC-A8 a trusted phone', () => {
  test('never idles out; to trust it needs a fresh second factor, to stop trusting it does not', async () => {
    await at.clock.advance(5 * MINUTE_MS)
    assert.deepEqual(refusalOf(await trust(first)).slice(0, 2), [403, 'SUDO_REQUIRED'])
    const phone = await signIn(at, owner)
    assert.equal((await trust(phone)).status, 200)
    assert.equal((await currentOf(phone)).idleEndsAt, null)
    await at.clock.advance(6 * HOUR_MS)
    await phone.must('POST', '/api/session/refresh')
    assert.equal(await statusOf(phone), 200)
    assert.equal((await trust(phone, false)).status, 200)
    assert.equal((await currentOf(phone)).idleEndsAt, at.clock.now() + 30 * MINUTE_MS)
    assert.deepEqual(
      (await recorded('device_trusted')).map(({ details }) => details),
      ['{"trusted":true}', '{"trusted":false}'],
    )
  })

  test('of somebody else cannot be trusted', async () => {
    await signIn(at, owner)
    assert.equal(
      (await first.call('PATCH', '/api/me/sessions/01920000-0000-7000-8000-000000000000', { trusted: false })).status,
      404,
    )
  })
})

describe('SEC-A8 a session belongs to one browser', () => {
  test('a token that turns up in another one ends it there and then', async () => {
    const thief = at.browser()
    thief.cookies.set(SESSION_COOKIE, first.cookies.get(SESSION_COOKIE) ?? '')
    assert.deepEqual(refusalOf(await ask(thief)), [401, 'SESSION_REVOKED', 'device-changed'])
    assert.deepEqual(refusalOf(await ask(first)), [401, 'SESSION_REVOKED', 'device-changed'], 'the owner learns of it')
    const [entry] = await recorded('session_device_changed')
    assert.equal(entry?.severity, 'WARNING')
  })

  test('another kind of browser with all its cookies is another browser; a new version is not', async () => {
    const phone = at.browser()
    const sign = { username: owner.username, password: owner.password, code: owner.totp() }
    assert.equal((await phone.call('POST', '/api/session', sign, { 'user-agent': IPHONE })).status, 200)
    const updated = IPHONE.replaceAll('18', '19').replace('604.1', '700.1')
    assert.equal((await ask(phone, { 'user-agent': updated })).status, 200)
    assert.deepEqual(refusalOf(await ask(phone, { 'user-agent': 'curl/8.1' })), [
      401,
      'SESSION_REVOKED',
      'device-changed',
    ])
  })

  test('another address is noted, once, and ends nothing', async () => {
    const asking = {
      ...{ userAgent: '', isActivity: true, deviceToken: first.cookies.get(DEVICE_COOKIE) ?? '' },
      credentials: {
        accessToken: first.cookies.get(SESSION_COOKIE) ?? '',
        ...{ refreshToken: null, deviceToken: null, apiKey: null },
      },
    }
    for (const address of ['192.0.2.7', '192.0.2.8', '192.0.2.7']) {
      await at.clock.advance(MINUTE_MS)
      await at.accounts.authenticate({ ...asking, address })
    }
    assert.deepEqual(
      (await recorded('session_address_changed')).map(({ address, details }) => [address, details]),
      [
        ['192.0.2.7', '{"before":"127.0.0.1"}'],
        ['192.0.2.8', '{"before":"192.0.2.7"}'],
      ],
    )
  })
})

describe('SEC-A8 when everything runs out', () => {
  test('a browser signs in again after a week however much it is used, a trusted phone after a week without', async () => {
    const phone = await signIn(at, owner)
    await trust(phone)
    assert.equal(await statusOf(first), 200)
    for (let day = 0; day < 6; day++) {
      for (let hour = 0; hour < 24; hour++) {
        at.clock.setWallClock(at.clock.now() + HOUR_MS)
        await first.must('POST', '/api/session/refresh')
        assert.equal(await statusOf(first), 200, `day ${day}`)
      }
      await phone.must('POST', '/api/session/refresh')
    }
    at.clock.setWallClock(at.clock.now() + DAY_MS)
    assert.deepEqual(refusalOf(await first.call('POST', '/api/session/refresh')), [401, 'SESSION_REVOKED', 'expired'])
    at.clock.setWallClock(at.clock.now() + 5 * DAY_MS)
    await phone.must('POST', '/api/session/refresh')
    at.clock.setWallClock(at.clock.now() + 7 * DAY_MS)
    assert.deepEqual(refusalOf(await phone.call('POST', '/api/session/refresh')), [401, 'SESSION_REVOKED', 'expired'])
  })
})
