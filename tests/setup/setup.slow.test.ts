import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { createSetup } from '../../appliance/src/setup/index.ts'
import type { Me } from '../../appliance/src/api/accounts.ts'
import { setupCodeSetting } from '../../appliance/src/setup/settings.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { PASSWORD, setUpOwner, startAccess, type Access } from '../accounts/access.ts'
import type { Answer, HttpsClient } from '../harness/https-client.ts'
import { totpCode } from '../harness/setup.ts'

const HOME = { homeName: 'Nest', timeZone: 'Europe/Berlin', currency: 'EUR' }
const MINUTE_MS = 60_000

let at: Access
let phone: HttpsClient

const begin = (changes: Record<string, unknown> = {}, browser = phone): Promise<Answer> =>
  browser.call('POST', '/api/setup/begin', {
    ...{ setupCode: at.setup.code(), username: 'Ada', displayName: 'Ada L', password: PASSWORD, ...changes },
  })
const finish = (code: string, changes: Record<string, unknown> = {}, browser = phone): Promise<Answer> =>
  browser.call('POST', '/api/setup/finish', { setupCode: at.setup.code() ?? 'XXXX-XXXX', code, ...HOME, ...changes })
const codeOf = (answer: Answer): unknown => answer.json().error_code
const secretOf = (answer: Answer): string => answer.json<{ totpSecret: string }>().totpSecret
const now = (): number => at.clock.now()

beforeEach(async () => {
  at = await startAccess()
  phone = at.browser()
})
afterEach(() => at.stop())

describe('SEC-A1 who may set the box up', () => {
  test('SEC-A1 before setup every other route answers 503, and the status is public', async () => {
    assert.deepEqual(
      [(await phone.call('GET', '/api/me')).status, codeOf(await phone.call('GET', '/api/me'))],
      [503, 'SETUP_REQUIRED'],
    )
    assert.equal((await phone.call('GET', '/api/me/sessions')).status, 503)
    const status = await phone.must('GET', '/api/setup')
    assert.deepEqual(status, {
      setupDone: false,
      homeName: 'Home',
      boxTime: now(),
      clockTrusted: true,
      version: '1.2.3',
    })
  })

  test('SEC-A1 the code of the console makes one administrator, once, and is burnt', async () => {
    const code = at.setup.code()
    const { owner } = await setUpOwner(at)
    assert.equal(owner.recoveryCodes.length, 10)
    assert.equal(at.setup.code(), null)
    assert.equal(at.settings.get(setupCodeSetting), '')
    assert.equal((await phone.must('GET', '/api/setup')).setupDone, true)
    assert.equal((await begin({ setupCode: code })).status, 409)
    assert.equal((await finish(owner.totp(), { setupCode: code })).status, 409)
    assert.equal(await at.accounts.countUsers(), 1)
  })

  test('SEC-A1 a neighbour without the code gets nowhere, and has to wait longer and longer', async () => {
    const codes = ['AAAA-AAAA', 'KKKK-KKKK', '1234-5678', 'CCCC-DDDD', 'WWWW-WWWW']
    for (const setupCode of codes) assert.equal(codeOf(await begin({ setupCode })), 'SETUP_CODE_WRONG')
    const refused = await begin()
    assert.equal(refused.status, 429, 'the sixth try waits, even with the right code')
    assert.equal(refused.headers['retry-after'], '2')
    await at.clock.advance(2_000)
    assert.equal(codeOf(await begin({ setupCode: 'AAAA-AAAA' })), 'SETUP_CODE_WRONG')
    assert.equal((await begin()).headers['retry-after'], '4')
    await at.clock.advance(4_000)
    assert.equal((await begin()).status, 200)
    assert.equal(await at.accounts.countUsers(), 0)
  })

  test('SEC-A1 the code may be typed in small letters and without dash', async () => {
    assert.equal((await begin({ setupCode: at.setup.code()?.toLowerCase().replace('-', ' ') })).status, 200)
  })

  test('SEC-A1 two phones finish at once: one wins, the other gets 409', async () => {
    const secret = secretOf(await begin())
    const answers = await Promise.all([
      finish(totpCode(secret, now())),
      finish(totpCode(secret, now()), {}, at.browser()),
      finish(totpCode(secret, now()), {}, at.browser()),
    ])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409])
    assert.equal(await at.accounts.countUsers(), 1)
  })
})

describe('what setup refuses', () => {
  test('SEC-A1 a second first administrator, under whatever name', async () => {
    await setUpOwner(at)
    const password = await at.accounts.preparePassword('Wolke-7-Besen-Gleis', { username: 'eve', displayName: 'Eve' })
    const eve = { username: 'eve', displayName: 'Eve', password, totpSecret: 'JBSWY3DPEHPK3PXPJBSWY3DP', totpStep: 0 }
    await assert.rejects(
      at.database.transaction((trx) => at.accounts.createFirstAdministrator(trx, eve)),
      { kind: 'conflict', code: 'SETUP_DONE' },
    )
    assert.equal(await at.accounts.countUsers(), 1)
  })

  test('SEC-A2 a weak password is refused with reasons, and nothing is stored', async () => {
    const answer = await begin({ password: 'Password1234!' })
    assert.equal(answer.status, 400)
    assert.equal(codeOf(answer), 'PASSWORD_WEAK')
    assert.match(answer.json<{ details: { problems: string[] } }>().details.problems.join(), /easy to guess/)
    assert.equal(codeOf(await finish('123456')), 'SETUP_NOT_BEGUN')
    assert.equal(await at.accounts.countUsers(), 0)
  })

  test('SEC-A4 a wrong code changes nothing; the right one still works', async () => {
    const secret = secretOf(await begin())
    const right = totpCode(secret, now())
    const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, '0')
    assert.equal(codeOf(await finish(wrong)), 'CODE_WRONG')
    assert.equal((await phone.must('GET', '/api/setup')).setupDone, false)
    assert.equal(at.settings.get(setupCodeSetting), at.setup.code())
    assert.equal((await finish(right)).status, 200)
  })

  test('SEC-A4 a phone whose clock is wrong is told apart from a wrong code', async () => {
    const secret = secretOf(await begin())
    const answer = await finish(totpCode(secret, now() + 5 * MINUTE_MS))
    assert.equal(codeOf(answer), 'CLOCKS_DIFFER')
    assert.match(String(answer.json().message), /about 5 min apart/)
  })

  test('SEC-A4 a box whose clock is not set says so', async () => {
    const secret = secretOf(await begin())
    const right = totpCode(secret, now())
    at.clock.setWallClock(Date.UTC(1970, 0, 1))
    assert.equal((await phone.must('GET', '/api/setup')).clockTrusted, false)
    assert.equal(codeOf(await finish(right)), 'CLOCK_NOT_SET')
  })

  test('the first step is forgotten after half an hour', async () => {
    const secret = secretOf(await begin())
    await at.clock.advance(30 * MINUTE_MS)
    assert.equal(codeOf(await finish(totpCode(secret, now()))), 'SETUP_NOT_BEGUN')
  })

  test('a time zone or currency that does not exist rolls everything back', async () => {
    const secret = secretOf(await begin())
    assert.equal((await finish(totpCode(secret, now()), { timeZone: 'Mars/Olympus' })).status, 400)
    assert.equal((await finish(totpCode(secret, now()), { currency: 'QQQ' })).status, 400)
    assert.equal(await at.accounts.countUsers(), 0)
    assert.equal((await finish(totpCode(secret, now()))).status, 200)
  })
})

describe('after setup', () => {
  test('SEC-A6 the cookies are for this host, HTTPS and no script; the refresh token goes to one place only', async () => {
    const secret = secretOf(await begin())
    const cookies = [(await finish(totpCode(secret, now()))).headers['set-cookie']].flat().map(String)
    const forms = [
      [/^__Host-lares=[\w-]+\.[\w-]+\.[\w-]+; /, 'Path=/;'],
      [/^__Secure-lares-refresh=[\w-]{43}; /, 'Path=/api/session;'],
      [/^__Host-lares-device=[\w-]{43}; /, 'Path=/;'],
    ] as const
    assert.equal(cookies.length, forms.length)
    for (const [index, [form, path]] of forms.entries()) {
      const cookie = cookies[index] ?? ''
      assert.match(cookie, form)
      for (const attribute of [path, 'Secure', 'HttpOnly', 'SameSite=Strict', 'Max-Age='])
        assert.ok(cookie.includes(attribute), attribute)
      assert.doesNotMatch(cookie, /Domain/i)
    }
    const me = await phone.must<Me>('GET', '/api/me')
    assert.equal(me.user.username, 'ada')
    assert.ok(me.session.freshUntil > now(), 'who has just set up the second factor need not show it again')
  })

  test('SEC-A8 the phone that sets the home up can be trusted there and then', async () => {
    const secret = secretOf(await begin())
    assert.equal((await finish(totpCode(secret, now()), { trustDevice: true })).status, 200)
    const { session } = await phone.must<Me>('GET', '/api/me')
    assert.deepEqual([session.trusted, session.idleEndsAt], [true, null])
  })

  test('mistakes in the files on the card are told until setup is done; the screen has the code until then', async () => {
    const words = 'lares.toml, line 6: The country is two letters, for example DE.'
    const ports = { httpsPort: 443, httpPort: 80 }
    const boxed = (): ReturnType<typeof createSetup> =>
      createSetup({
        ...{ ...at, log: silentLog(), name: 'lares', version: '1.2.3', cardProblems: async () => [words] },
        tls: { ...at.tls, addresses: () => ['192.168.1.20'] },
      })
    const fresh = boxed()
    await fresh.start()
    assert.deepEqual((await fresh.status()).cardProblems, [words])
    const { setupCode, addresses, appLinks, trustPage } = fresh.screen(ports)
    assert.deepEqual([setupCode, addresses, trustPage], [at.setup.code(), ['192.168.1.20'], 'http://192.168.1.20'])
    assert.deepEqual(appLinks, ['https://192.168.1.20', 'https://lares.local'])
    await setUpOwner(at)
    const later = boxed()
    await later.start()
    assert.equal((await later.status()).cardProblems, undefined)
    assert.equal(later.screen(ports).setupCode, null)
  })

  test('a restart keeps the code, and setup stays done', async () => {
    const again = (): ReturnType<typeof createSetup> =>
      createSetup({ ...at, log: silentLog(), name: 'lares', version: '1.2.3' })
    const restarted = again()
    await at.settings.load()
    await restarted.start()
    assert.equal(restarted.code(), at.setup.code())
    const stored = await at.database.reader
      .selectFrom('settings')
      .selectAll()
      .where('key', '=', 'setup.code')
      .executeTakeFirstOrThrow()
    assert.ok(!stored.value.includes(at.setup.code() ?? ''), 'the code is sealed on disk')
    await setUpOwner(at)
    const later = again()
    await later.start()
    assert.equal(later.isDone(), true)
    assert.equal(later.code(), null)
  })

  test('neither password nor codes reach the log', async () => {
    const code = at.setup.code() ?? ''
    const { owner } = await setUpOwner(at)
    const text = at.logLines.join('')
    for (const secret of [code, owner.password, owner.totpSecret, ...owner.recoveryCodes])
      assert.ok(!text.includes(secret))
  })
})
