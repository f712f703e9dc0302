import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { decodeJwt, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'
import { DEVICE_COOKIE, REFRESH_COOKIE, SESSION_COOKIE } from '../../appliance/src/http/index.ts'
import type { Answer, HttpsClient } from '../harness/https-client.ts'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setUpOwner, startAccess, type Access } from './access.ts'

let at: Access
let browser: HttpsClient
let stranger: HttpsClient
let key: { id: string; secret: Uint8Array }
let claims: JWTPayload

before(async () => {
  at = await startAccess()
  browser = (await setUpOwner(at)).browser
  stranger = at.browser()
  const file = await readFile(join(at.dataDir, 'keys', 'session-signing.json'), 'utf8')
  const [stored] = (JSON.parse(file) as { keys: { id: string; secret: string }[] }).keys
  key = { id: stored?.id ?? '', secret: Buffer.from(stored?.secret ?? '', 'base64url') }
  claims = decodeJwt(browser.cookies.get(SESSION_COOKIE) ?? '')
})
after(() => at.stop())

const withCookies = (cookie: string, path = '/api/me', method = 'GET'): Promise<Answer> =>
  stranger.call(method, path, undefined, { cookie })
const withToken = (token: string): Promise<Answer> =>
  withCookies(`${DEVICE_COOKIE}=${browser.cookies.get(DEVICE_COOKIE)}; ${SESSION_COOKIE}=${token}`)

const sign = (payload: JWTPayload, header: object = {}, secret: Uint8Array = key.secret): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ alg: 'HS256', kid: key.id, ...header }).sign(secret)

describe('SEC-A6 tokens that somebody made', () => {
  test('with the real key and the real claims would be let in: the forgeries below differ in one thing each', async () => {
    assert.equal((await withToken(await sign(claims))).status, 200)
  })

  test('are nobody’s', async () => {
    const now = Math.floor(at.clock.now() / 1000)
    const [head = '', body = '', signature = ''] = (browser.cookies.get(SESSION_COOKIE) ?? '').split('.')
    const forged: Record<string, string> = {
      'without a signature (alg none)': new UnsecuredJWT(claims).encode(),
      'with the signature cut off': `${head}.${body}.`,
      'another header before the same signature': `${Buffer.from(`{"alg":"none","kid":"${key.id}"}`).toString('base64url')}.${body}.${signature}`,
      'another body before the same signature': `${head}.${Buffer.from(JSON.stringify({ ...claims, sub: 'x' })).toString('base64url')}.${signature}`,
      'signed with another key': await sign(claims, {}, randomBytes(32)),
      'signed with an empty-looking key': await sign(claims, {}, new Uint8Array(32)),
      'signed with its own name': await sign(claims, {}, Buffer.from(key.id.padEnd(32, '0'))),
      'naming a key that is not there': await sign(claims, { kid: 'another-key' }),
      'naming no key': await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(key.secret),
      'naming a key like a path': await sign(claims, { kid: '../../secret.key' }),
      'in another algorithm': await sign(claims, { alg: 'HS512' }, Buffer.concat([key.secret, key.secret])),
      'with a critical header': await sign(claims, { crit: ['exp'] }).catch(() => 'a.b.c-not-possible-at-all'),
      'of another type': await sign({ ...claims, typ: 'refresh' }),
      'without a type': await sign({ sub: claims.sub ?? '', sid: claims.sid, iat: now, exp: now + 60 }),
      'with one claim too many': await sign({ ...claims, admin: true }),
      'of another person in this session': await sign({ ...claims, sub: 'somebody-else' }),
      'that never expires': await sign({ ...claims, exp: undefined as never }),
      'with a time that is no number': await sign({ ...claims, exp: 'tomorrow' as never }),
      'that is a list': 'W10.W10.W10W10W10W10',
    }
    for (const [what, token] of Object.entries(forged)) {
      const answer = await withToken(token)
      assert.deepEqual([answer.status, answer.json().error_code], [401, 'TOKEN_INVALID'], what)
    }
    assert.equal((await browser.call('GET', '/api/me')).status, 200, 'and the session is unharmed')
  })

  test('of a session that never was, or too old, or from the future: each has its code', async () => {
    const now = Math.floor(at.clock.now() / 1000)
    const codeOf = async (payload: JWTPayload): Promise<unknown> =>
      (await withToken(await sign(payload))).json().error_code
    assert.equal(await codeOf({ ...claims, sid: 'never-was' }), 'SESSION_REVOKED')
    assert.equal(await codeOf({ ...claims, exp: now }), 'TOKEN_EXPIRED')
    assert.equal(await codeOf({ ...claims, iat: now + 3_600, exp: now + 7_200 }), 'TOKEN_EXPIRED')
  })
})

const COOKIES = [SESSION_COOKIE, REFRESH_COOKIE, DEVICE_COOKIE, 'other', '', ' ', `${SESSION_COOKIE} `, '__host-lares']
const piece = fc.oneof(
  fc.string({ maxLength: 60, unit: 'binary-ascii' }),
  fc.stringMatching(/^[A-Za-z0-9_.=-]{0,80}$/),
  fc.base64String({ maxLength: 200 }),
  fc.constantFrom(
    'eyJhbGciOiJIUzI1NiJ9',
    'eyJhbGciOiJub25lIn0',
    'null',
    '..',
    'x.y.z',
    '='.repeat(50),
    'a'.repeat(2_000),
  ),
)
/** What Node lets through into a header. */
const visible = (text: string): string => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, 4_000)

describe('SEC-A9 cookies, tokens and keys of every form', () => {
  const pair = fc.tuple(
    fc.constantFrom(...COOKIES),
    fc.array(piece, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('.', '', '; ', '='),
  )
  const header = fc
    .array(pair, { maxLength: 6 })
    .map((pairs) => visible(pairs.map(([name, parts, glue]) => `${name}=${parts.join(glue)}`).join('; ')))

  test('get a 401, never anything else, and never from within', async () => {
    const routes = [
      ['GET', '/api/me'],
      ['POST', '/api/session/refresh'],
      ['DELETE', '/api/session'],
      ['GET', '/api/people'],
    ] as const
    await fc.assert(
      fc.asyncProperty(header, fc.constantFrom(...routes), async (cookie, [method, path]) => {
        const answer = await withCookies(cookie, path, method)
        assert.equal(answer.status, 401, answer.body.toString())
        const { error_code: code, redirect_to: to } = answer.json()
        assert.deepEqual([code, to], ['TOKEN_INVALID', '/sign-in'])
      }),
      { numRuns: 600 },
    )
  })

  test('changed in one place, the real token is nobody’s', async () => {
    const real = browser.cookies.get(SESSION_COOKIE) ?? ''
    const places = fc.nat({ max: real.length - 1 })
    const letters = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.')
    await fc.assert(
      fc.asyncProperty(places, letters, async (place, letter) => {
        const changed = real.slice(0, place) + letter + real.slice(place + 1)
        // The last letter of a signature carries two bits that mean nothing.
        fc.pre(changed !== real && place !== real.length - 1)
        assert.equal((await withToken(changed)).status, 401)
      }),
      { numRuns: 300 },
    )
    assert.equal((await browser.call('GET', '/api/me')).status, 200)
  })

  test('with any browser name and any refresh token: 401, and the session of others is unharmed', async () => {
    const opaque = fc.stringMatching(/^[A-Za-z0-9_-]{16,128}$/)
    await fc.assert(
      fc.asyncProperty(opaque, opaque, async (refresh, device) => {
        const cookie = `${REFRESH_COOKIE}=${refresh}; ${DEVICE_COOKIE}=${device}`
        assert.equal((await withCookies(cookie, '/api/session/refresh', 'POST')).status, 401)
      }),
      { numRuns: 200 },
    )
    assert.equal((await browser.call('GET', '/api/me')).status, 200)
  })
})
