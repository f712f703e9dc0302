import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { passwordMaxAgeDays } from '../../appliance/src/accounts/settings.ts'
import { LIMIT_TIERS } from '../../appliance/src/http/index.ts'
import type { Answer, HttpsClient } from '../harness/https-client.ts'
import { PASSWORD, setUpOwner, startAccess, type Access, type Owner } from './access.ts'
import { addPerson, codeOf, readAudit } from './factors.ts'

const DAY_MS = 24 * 60 * 60_000

let at: Access
let owner: Owner

const post = (body: Record<string, unknown>, browser = at.browser()): Promise<Answer> =>
  browser.call('POST', '/api/session', body)
const right = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...{ username: owner.username, password: owner.password, code: owner.totp(), ...changes },
})

beforeEach(async () => {
  at = await startAccess()
  owner = (await setUpOwner(at)).owner
})
afterEach(() => at.stop())

describe('signing in', () => {
  test('password and code sign in; the code is asked for only after the right password', async () => {
    const asked = { status: 'needs-code', hasTotp: true, passkey: null }
    assert.deepEqual((await post(right({ code: undefined }))).json(), asked)
    const wrong = await post(right({ code: undefined, password: 'Falsch-9-Kanone-Ofen' }))
    assert.equal(wrong.status, 401)
    assert.equal(codeOf(wrong), 'SIGN_IN_FAILED')
    const browser = at.browser()
    const answer = await post(right({ username: ' ADA ' }), browser)
    assert.equal(answer.json().status, 'signed-in')
    assert.equal((await browser.must<{ user: { role: string } }>('GET', '/api/me')).user.role, 'admin')
  })

  test('SEC-A12 an unknown name gets the very same answer as a wrong password', async () => {
    const answers = [await post(right({ password: 'Falsch-9-Kanone-Ofen' })), await post(right({ username: 'nobody' }))]
    const bodies = answers.map((answer) => ({ ...answer.json(), timestamp: '' }))
    assert.deepEqual(bodies[0], bodies[1])
    assert.deepEqual(
      answers.map(({ status }) => status),
      [401, 401],
    )
  })

  test('SEC-A12 a deactivated account gets the very same answer too, and no other door opens', async () => {
    await addPerson(at, 'vera', 'viewer')
    const wrong = await post({ username: 'vera', password: 'Falsch-9-Kanone-Ofen' })
    await at.database.writer.updateTable('users').set({ active: 0 }).where('username', '=', 'vera').execute()
    const answer = await post({ username: 'vera', password: PASSWORD })
    assert.equal(answer.status, 401)
    const [given, expected] = [answer, wrong].map((refused) => ({ ...refused.json(), timestamp: '' }))
    assert.deepEqual(given, expected)
  })

  test('SEC-A10 somebody deactivated while the password is being hashed stays outside', async () => {
    await addPerson(at, 'vera', 'viewer')
    const client = { address: '127.0.0.1', userAgent: 'x', deviceToken: null, origin: at.origin }
    const signingIn = at.accounts.signIn({ username: 'vera', password: PASSWORD, ...client })
    const refused = assert.rejects(signingIn, { code: 'SIGN_IN_FAILED' })
    const hashing = async (): Promise<boolean> =>
      (await at.database.reader.selectFrom('login_failures').select('failures').execute()).length > 0
    while (!(await hashing())) await setImmediate()
    await at.database.writer.updateTable('users').set({ active: 0 }).where('username', '=', 'vera').execute()
    await refused
  })

  test('what somebody typed as a name is neither logged nor in the record', async () => {
    for (const wrong of [
      { username: owner.password, password: 'x' },
      { password: 'Falsch-9-Kanone-Ofen' },
      { code: '000000' },
    ]) {
      await post(right(wrong))
      await at.clock.advance(1_000)
    }
    assert.ok(!at.logLines.join('').includes(owner.password))
    assert.match(at.logLines.join(''), /Failed sign-in/)
    const lines = await readAudit(at, 'login_failure')
    const { id } = await at.database.reader.selectFrom('users').select('id').executeTakeFirstOrThrow()
    assert.deepEqual(
      lines.map(({ severity, user_id, resource, details }) => ({ severity, user_id, resource, details })),
      [
        { severity: 'WARNING', user_id: null, resource: null, details: { reason: 'SIGN_IN_FAILED' } },
        { severity: 'WARNING', user_id: null, resource: `user:${id}`, details: { reason: 'SIGN_IN_FAILED' } },
        { severity: 'WARNING', user_id: null, resource: `user:${id}`, details: { reason: 'CODE_WRONG' } },
      ],
    )
  })

  test('every sign-in is in the record, with what it was proved by', async () => {
    await post(right({ trustDevice: true }))
    await at.clock.advance(30_000)
    await post(right({ code: owner.recoveryCodes[0] }))
    const lines = (await readAudit(at, 'login_success')).slice(-2)
    assert.deepEqual(
      lines.map(({ details }) => details),
      [
        { factor: 'totp', trusted: true },
        { factor: 'recovery-code', trusted: false },
      ],
    )
  })

  test('SEC-A12 the rate limit of the login tier stands in front of it', async () => {
    const limited = await startAccess({ limits: LIMIT_TIERS })
    try {
      await setUpOwner(limited)
      const browser = limited.browser()
      const statuses: number[] = []
      for (let turn = 0; turn < 7; turn++)
        statuses.push((await browser.call('POST', '/api/session', { username: `n${turn}`, password: 'x' })).status)
      assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429])
    } finally {
      await limited.stop()
    }
  })
})

describe('SEC-A4 codes of the authenticator', () => {
  test('the step before and the step after are accepted, two steps away are not', async () => {
    assert.equal((await post(right({ code: owner.totp(-2) }))).status, 401)
    assert.equal((await post(right({ code: owner.totp(2) }))).status, 401)
    assert.equal((await post(right({ code: owner.totp(-1) }))).status, 200)
    assert.equal((await post(right({ code: owner.totp(1) }))).status, 200)
  })

  test('a code works once; older ones are refused with it', async () => {
    assert.equal((await post(right())).status, 200)
    assert.equal(codeOf(await post(right())), 'CODE_USED')
    assert.equal(codeOf(await post(right({ code: owner.totp(-1) }))), 'CODE_USED')
    await at.clock.advance(30_000)
    assert.equal((await post(right())).status, 200)
  })

  test('two requests with the same code at once: exactly one is let in', async () => {
    const statuses = (await Promise.all([post(right()), post(right()), post(right())])).map(({ status }) => status)
    assert.deepEqual(statuses.sort(), [200, 401, 401])
  })

  test('a malformed code is a wrong code, and spaces do not matter', async () => {
    for (const code of ['abcdef', '12 345', '1234567', '١٢٣٤٥٦'])
      assert.equal((await post(right({ code }))).status, 401, code)
    const code = owner.totp()
    assert.equal((await post(right({ code: `${code.slice(0, 3)} ${code.slice(3)}` }))).status, 200)
  })

  test('a clock that was set back is told apart, and a recovery code leads out', async () => {
    at.clock.setWallClock(at.clock.now() + 300 * DAY_MS)
    await at.settings.set(passwordMaxAgeDays, 0)
    assert.equal((await post(right())).status, 200)
    at.clock.setWallClock(at.clock.now() - 300 * DAY_MS)
    assert.equal(codeOf(await post(right())), 'CLOCK_NOT_SET')
    assert.equal((await post(right({ code: owner.recoveryCodes[0] }))).status, 200)
    await at.clock.advance(30_000)
    assert.equal((await post(right())).status, 200, 'codes work again')
  })

  test('SEC-A4 a recovery code does not make a code of a fast phone good a second time', async () => {
    await at.clock.advance(60_000)
    const ahead = owner.totp(1)
    assert.equal((await post(right({ code: ahead }))).status, 200)
    assert.equal((await post(right({ code: owner.recoveryCodes[0] }))).status, 200)
    assert.equal(codeOf(await post(right({ code: ahead }))), 'CODE_USED')
  })

  test('each recovery code works once, in any case, with or without dash', async () => {
    const [first = '', second = ''] = owner.recoveryCodes
    const both = await Promise.all([post(right({ code: first })), post(right({ code: first }))])
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 401])
    assert.equal((await post(right({ code: second.toLowerCase().replace('-', '') }))).status, 200)
    assert.equal((await post(right({ code: first }))).status, 401)
    const browser = at.browser()
    await post(right(), browser)
    assert.equal((await browser.must('GET', '/api/me')).recoveryCodesLeft, 8)
  })

  test('the secret lies sealed in the database', async () => {
    const row = await at.database.reader.selectFrom('users').select('totp_secret').executeTakeFirstOrThrow()
    assert.ok(row.totp_secret !== null && !row.totp_secret.includes(owner.totpSecret))
    const codes = await at.database.reader.selectFrom('recovery_codes').select('code_hash').execute()
    assert.ok(codes.every(({ code_hash: hash }) => /^[0-9a-f]{64}$/.test(hash)))
  })
})

describe('SEC-A2 a password past its age', () => {
  const NEXT = 'Wolke-7-Besen-Gleis'
  let browser: HttpsClient
  beforeEach(async () => {
    browser = at.browser()
    at.clock.setWallClock(at.clock.now() + 91 * DAY_MS)
  })

  test('is replaced while signing in, and only with a good one', async () => {
    const expired = await post(right(), browser)
    assert.deepEqual([expired.status, codeOf(expired)], [403, 'PASSWORD_EXPIRED'])
    assert.equal(codeOf(await post(right({ newPassword: 'short' }), browser)), 'PASSWORD_WEAK')
    assert.equal(codeOf(await post(right({ newPassword: owner.password }), browser)), 'PASSWORD_WEAK', 'the same again')
    const asked = await post(right({ code: undefined, newPassword: NEXT }), browser)
    assert.equal(asked.json().status, 'needs-code')
    assert.equal((await post(right({ newPassword: NEXT }), browser)).status, 200)
    const me = await browser.must<{ passwordExpiresAt: number }>('GET', '/api/me')
    assert.equal(me.passwordExpiresAt, at.clock.now() + 90 * DAY_MS)
    assert.equal((await post(right())).status, 401, 'the old one is gone')
  })

  test('is never asked for when the setting is 0', async () => {
    await at.settings.set(passwordMaxAgeDays, 0)
    assert.equal((await post(right(), browser)).status, 200)
    assert.equal((await browser.must('GET', '/api/me')).passwordExpiresAt, null)
  })
})
