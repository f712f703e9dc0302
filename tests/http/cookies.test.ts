import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  clearedTokenCookies,
  DEVICE_COOKIE,
  readCredentials,
  REFRESH_COOKIE,
  SESSION_COOKIE,
  tokenCookies,
} from '../../appliance/src/http/cookies.ts'

const opaque = fc.stringMatching(/^[A-Za-z0-9_-]{16,128}$/)
const access = fc.stringMatching(/^[A-Za-z0-9_-]{5,60}\.[A-Za-z0-9_-]{5,60}\.[A-Za-z0-9_-]{5,60}$/)

describe('cookies', () => {
  test('SEC-A6 what was set comes back the same, among whatever else is there', () => {
    const noise = fc.array(fc.stringMatching(/^[a-z]{0,8}=?[A-Za-z0-9"% .-]{0,20}$/), { maxLength: 5 })
    fc.assert(
      fc.property(access, opaque, opaque, noise, noise, (token, refresh, device, left, right) => {
        const set = tokenCookies({ access: token, accessMaxAgeS: 1, refresh, refreshMaxAgeS: 1, device })
        const sent = [...left, ...set.map((line) => line.split(';')[0] ?? ''), ...right].join('; ')
        assert.deepEqual(readCredentials({ cookie: sent }), {
          ...{ accessToken: token, refreshToken: refresh, deviceToken: device, apiKey: null },
        })
      }),
    )
  })

  test('SEC-A9 a cookie may have the name of something that every object has', () => {
    for (const name of ['__proto__', 'constructor', 'toString'])
      assert.equal(readCredentials({ cookie: `${name}=${'a'.repeat(20)}` }).accessToken, null)
  })

  test('whatever a header holds, only what has the form of a token comes out', () => {
    const names = fc.constantFrom(SESSION_COOKIE, REFRESH_COOKIE, DEVICE_COOKIE, 'x', '')
    const header = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.array(fc.tuple(names, fc.string({ maxLength: 80 }))).map((all) => all.map((pair) => pair.join('=')).join(';')),
    )
    fc.assert(
      fc.property(header, (cookie) => {
        const { accessToken, refreshToken, deviceToken } = readCredentials({ cookie })
        assert.match(accessToken ?? 'A'.repeat(16), /^[A-Za-z0-9_.-]{16,1024}$/)
        for (const token of [refreshToken, deviceToken])
          assert.match(token ?? 'A'.repeat(16), /^[A-Za-z0-9_-]{16,128}$/)
      }),
    )
  })

  test('of two with one name the first counts: browsers send the more exact path first', () => {
    const cookie = `${REFRESH_COOKIE}=${'a'.repeat(20)}; ${REFRESH_COOKIE}=${'b'.repeat(20)}`
    assert.equal(readCredentials({ cookie }).refreshToken, 'a'.repeat(20))
  })

  test('SEC-A11 an API key that is there counts, however empty', () => {
    assert.equal(readCredentials({ 'x-api-key': '' }).apiKey, '')
    assert.equal(readCredentials({}).apiKey, null)
  })

  test('signing out leaves the name of the browser', () => {
    assert.equal(clearedTokenCookies().length, 2)
    assert.ok(!clearedTokenCookies().join().includes(DEVICE_COOKIE))
    assert.ok(clearedTokenCookies().every((line) => line.includes('Max-Age=0')))
  })
})
