import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { CurrentSession, Me } from '../../appliance/src/api/accounts.ts'
import { accessTokenMinutes } from '../../appliance/src/accounts/settings.ts'
import { DEVICE_COOKIE, REFRESH_COOKIE, SESSION_COOKIE } from '../../appliance/src/http/index.ts'
import type { Answer, HttpsClient } from '../harness/https-client.ts'
import { setUpOwner, startAccess, type Access } from './access.ts'

const MINUTE_MS = 60_000

let at: Access
let browser: HttpsClient

const cookie = (name: string): string => browser.cookies.get(name) ?? ''
const ask = (headers?: Record<string, string>): Promise<Answer> =>
  browser.call('GET', '/api/me/sessions', undefined, headers)
const refresh = (from = browser): Promise<Answer> => from.call('POST', '/api/session/refresh')
const codeOf = (answer: Answer): [number, unknown, unknown] => [
  answer.status,
  answer.json().error_code,
  (answer.json().details as { reason?: unknown } | undefined)?.reason,
]
const recorded = (type: string) => at.database.reader.selectFrom('audit').selectAll().where('type', '=', type).execute()

/** The same browser a moment ago: whoever copied all its cookies. */
function copy(): HttpsClient {
  const copied = at.browser()
  for (const [name, value] of browser.cookies) copied.cookies.set(name, value)
  return copied
}

beforeEach(async () => {
  at = await startAccess()
  browser = (await setUpOwner(at)).browser
})
afterEach(() => at.stop())

describe('SEC-A6 the access token', () => {
  test('is signed, names person and session, lives half an hour, and says that it has to be renewed', async () => {
    const token = cookie(SESSION_COOKIE)
    const { alg, kid } = decodeProtectedHeader(token)
    assert.equal(alg, 'HS256')
    assert.ok(kid)
    const claims = decodeJwt(token)
    assert.equal((claims.exp ?? 0) - (claims.iat ?? 0), 30 * 60)
    assert.equal(claims.typ, 'access')
    const me = await browser.must<Me>('GET', '/api/me')
    assert.deepEqual([claims.sub, claims.sid], [me.user.id, me.session.id])
    assert.equal(me.session.accessExpiresAt, (claims.exp ?? 0) * 1000)
    await at.clock.advance(15 * MINUTE_MS)
    assert.equal((await ask()).status, 200)
    await at.clock.advance(14 * MINUTE_MS)
    const late = await ask()
    assert.deepEqual(codeOf(late).slice(0, 2), [401, 'TOKEN_EXPIRED'])
    assert.equal(late.json().redirect_to, '/sign-in')
    assert.equal((await refresh()).status, 200)
    assert.equal((await ask()).status, 200)
  })

  test('is gone with its session before its time is up', async () => {
    await copy().must('DELETE', '/api/session')
    assert.deepEqual(codeOf(await ask()), [401, 'SESSION_REVOKED', 'signed-out'])
  })

  test('costs no look-up and no second signature: known in under a tenth of a millisecond', async () => {
    const asking = {
      ...{ address: '127.0.0.1', userAgent: '', isActivity: true, deviceToken: cookie(DEVICE_COOKIE) },
      credentials: { accessToken: cookie(SESSION_COOKIE), refreshToken: null, deviceToken: null, apiKey: null },
    }
    await at.accounts.authenticate(asking)
    const rounds = 2_000
    const durations: number[] = []
    for (let round = 0; round < rounds; round++) {
      const startedAt = performance.now()
      await at.accounts.authenticate(asking)
      durations.push(performance.now() - startedAt)
    }
    const median = durations.sort((a, b) => a - b)[rounds / 2] ?? Infinity
    assert.ok(median < 0.1, `median ${median} ms`)
  })
})

describe('SEC-A6 the refresh token', () => {
  test('works once and hands out the next; it is stored as a hash, and what it does is recorded', async () => {
    const before = { access: cookie(SESSION_COOKIE), refresh: cookie(REFRESH_COOKIE) }
    await at.clock.advance(25 * MINUTE_MS)
    const answer = await refresh()
    assert.equal(answer.status, 200)
    const session = answer.json<CurrentSession>()
    assert.equal(session.accessExpiresAt, Math.floor(at.clock.now() / 1000) * 1000 + 30 * MINUTE_MS)
    assert.notEqual(cookie(SESSION_COOKIE), before.access)
    assert.notEqual(cookie(REFRESH_COOKIE), before.refresh)
    assert.equal(Buffer.from(cookie(REFRESH_COOKIE), 'base64url').length, 32)
    const rows = await at.database.reader.selectFrom('refresh_tokens').selectAll().execute()
    assert.deepEqual(rows.map(({ used_at }) => used_at !== null).sort(), [false, true])
    for (const token of [before.refresh, cookie(REFRESH_COOKIE)]) assert.ok(!JSON.stringify(rows).includes(token))
    assert.equal((await recorded('token_refresh')).length, 1)
    assert.equal((await ask()).status, 200)
  })

  test('used a second time ends the whole session, for whoever holds the newest one as well', async () => {
    const thief = copy()
    assert.equal((await refresh()).status, 200)
    assert.deepEqual(codeOf(await refresh(thief)), [401, 'SESSION_REVOKED', 'token-reuse'])
    assert.deepEqual(codeOf(await ask()), [401, 'SESSION_REVOKED', 'token-reuse'])
    assert.deepEqual(codeOf(await refresh()), [401, 'SESSION_REVOKED', 'token-reuse'])
    const [entry] = await recorded('token_reuse')
    assert.deepEqual([entry?.severity, entry?.username], ['WARNING', 'ada'])
    assert.deepEqual(
      at.ended.map(({ reason }) => reason),
      ['token-reuse'],
    )
    assert.ok(at.logLines.some((line) => line.includes('"level":"warn"') && line.includes('token-reuse')))
  })

  test('used by two at the same moment: one wins, and then nobody has it', async () => {
    const answers = await Promise.all([refresh(), refresh(copy())])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401])
    assert.equal((await ask()).status, 401)
  })

  test('old ones are told apart however old', async () => {
    const thief = copy()
    for (let round = 0; round < 5; round++) await refresh()
    assert.deepEqual(codeOf(await refresh(thief)), [401, 'SESSION_REVOKED', 'token-reuse'])
  })

  test('in another browser ends the session', async () => {
    const thief = copy()
    thief.cookies.set(DEVICE_COOKIE, 'A'.repeat(43))
    assert.deepEqual(codeOf(await refresh(thief)), [401, 'SESSION_REVOKED', 'device-changed'])
    assert.equal((await ask()).status, 401)
  })

  test('is no access token, and an access token is no refresh token', async () => {
    const swapped = at.browser()
    swapped.cookies.set(DEVICE_COOKIE, cookie(DEVICE_COOKIE))
    swapped.cookies.set(SESSION_COOKIE, cookie(REFRESH_COOKIE))
    swapped.cookies.set(REFRESH_COOKIE, cookie(SESSION_COOKIE))
    assert.deepEqual(codeOf(await swapped.call('GET', '/api/me')).slice(0, 2), [401, 'TOKEN_INVALID'])
    assert.deepEqual(codeOf(await refresh(swapped)).slice(0, 2), [401, 'TOKEN_INVALID'])
    assert.equal((await ask()).status, 200, 'and nothing happened to the session')
    assert.equal((await refresh()).status, 200)
  })

  test('goes to /api/session alone, and renewing is no activity', async () => {
    await ask()
    for (let minute = 0; minute < 30; minute += 10) {
      assert.equal((await refresh()).status, 200)
      await at.clock.advance(10 * MINUTE_MS)
    }
    assert.deepEqual(codeOf(await refresh()), [401, 'SESSION_REVOKED', 'idle'])
    const paths = browser.cookies.paths
    assert.deepEqual([paths.get(REFRESH_COOKIE), paths.get(SESSION_COOKIE)], ['/api/session', '/'])
  })

  test('a stranger without one is nobody', async () => {
    assert.deepEqual(codeOf(await refresh(at.browser())).slice(0, 2), [401, 'TOKEN_INVALID'])
  })
})

test('SEC-A6 the settings say how long', async () => {
  await at.settings.set(accessTokenMinutes, 2)
  await refresh()
  await at.clock.advance(2 * MINUTE_MS)
  assert.deepEqual(codeOf(await ask()).slice(0, 2), [401, 'TOKEN_EXPIRED'])
})

describe('a clock that jumps', () => {
  test('SEC-A6 set back by a year: nothing lives a year longer, and nobody is signed out', async () => {
    const year = 365 * 24 * 60 * MINUTE_MS
    at.clock.setWallClock(at.clock.now() - year)
    assert.deepEqual(codeOf(await ask()).slice(0, 2), [401, 'TOKEN_EXPIRED'], 'a token from the future is renewed')
    assert.equal((await refresh()).status, 200)
    assert.equal((await ask()).status, 200)
    assert.equal(
      (await browser.must<Me>('GET', '/api/me')).session.freshUntil,
      0,
      'the second factor is not fresh either',
    )
    at.clock.setWallClock(at.clock.now() + year)
    assert.equal((await refresh()).status, 200, 'the right time again: nobody was signed out')
    assert.equal((await ask()).status, 200)
  })

  test('SEC-A8 idle time goes on while the wall clock jumps', async () => {
    await ask()
    at.clock.setWallClock(at.clock.now() - 24 * 60 * MINUTE_MS)
    await refresh()
    await at.clock.advance(30 * MINUTE_MS)
    assert.deepEqual(codeOf(await ask()), [401, 'SESSION_REVOKED', 'idle'])
  })
})
