import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { Me, RecoveryCodesReply, SignInReply, TotpEnrolment } from '../../appliance/src/api/accounts.ts'
import type { Answer, HttpsClient } from '../harness/https-client.ts'
import { totpCode } from '../harness/setup.ts'
import { PASSWORD, setUpOwner, startAccess, type Access, type Owner } from './access.ts'
import { createAuthenticator } from './authenticator.ts'
import { addPasskey, addPerson, codeOf, createNamedBrowsers, readAudit } from './factors.ts'

const MINUTE_MS = 60_000
const named = createNamedBrowsers()

let at: Access
let owner: Owner
let browser: HttpsClient

const signIn = (body: Record<string, unknown>, other = at.browser()): Promise<Answer> =>
  other.call('POST', '/api/session', { password: PASSWORD, ...body })
const codeNow = (secret: string, steps = 0): string => totpCode(secret, at.clock.now() + steps * 30_000)
const me = (of: HttpsClient): Promise<Me> => of.must<Me>('GET', '/api/me')

async function enrolment(username: string): Promise<TotpEnrolment> {
  const reply = (await signIn({ username })).json<SignInReply>()
  assert.ok(reply.status === 'needs-enrolment', JSON.stringify(reply))
  return reply.enrolment
}

beforeEach(async () => {
  at = await startAccess()
  const home = await setUpOwner(at)
  owner = home.owner
  browser = home.browser
})
afterEach(async () => {
  named.closeAll()
  await at.stop()
})

describe('SEC-A4 who must have a second factor', () => {
  test('sets one up while signing in, and gets recovery codes', async () => {
    await addPerson(at, 'otto', 'operator')
    const { ticket, totpSecret, totpUri } = await enrolment('otto')
    assert.match(totpUri, /^otpauth:\/\/totp\/.*Test%20home.*otto/)
    const other = at.browser()
    const wrong = await signIn({ username: 'otto', enrolment: ticket, code: codeNow(totpSecret, 5) }, other)
    assert.deepEqual([wrong.status, codeOf(wrong)], [401, 'CODE_WRONG'])
    const answer = await signIn({ username: 'otto', enrolment: ticket, code: codeNow(totpSecret) }, other)
    assert.equal(answer.json<{ recoveryCodes: string[] }>().recoveryCodes.length, 10)
    const { hasTotp, mustHaveSecondFactor, session } = await me(other)
    assert.deepEqual([hasTotp, mustHaveSecondFactor], [true, true])
    assert.ok(session.freshUntil > at.clock.now(), 'that was a second factor')
    assert.equal((await signIn({ username: 'otto', code: codeNow(totpSecret) })).status, 401, 'the code is used up')
    await at.clock.advance(30_000)
    assert.equal((await signIn({ username: 'otto', code: codeNow(totpSecret) })).status, 200)
    assert.deepEqual(
      (await readAudit(at, 'mfa_enabled')).map(({ type }) => type),
      ['mfa_enabled'],
    )
  })

  test('cannot use a ticket twice, of somebody else, or after a quarter of an hour', async () => {
    await addPerson(at, 'otto', 'operator')
    await addPerson(at, 'olga', 'operator')
    const first = await enrolment('otto')
    const second = await enrolment('otto')
    const send = (username: string, { ticket, totpSecret }: TotpEnrolment, steps = 0): Promise<Answer> =>
      signIn({ username, enrolment: ticket, code: codeNow(totpSecret, steps) })
    assert.equal(codeOf(await send('olga', first)), 'ENROLMENT_EXPIRED')
    assert.equal((await send('otto', first)).status, 200)
    for (const used of [first, second]) assert.equal(codeOf(await send('otto', used, 1)), 'ENROLMENT_EXPIRED')
    const late = await enrolment('olga')
    await at.clock.advance(15 * MINUTE_MS + 1_000)
    assert.equal(codeOf(await send('olga', late)), 'ENROLMENT_EXPIRED')
  })

  test('gets nowhere without one, and a changed ticket is no ticket', async () => {
    await addPerson(at, 'otto', 'operator')
    const { ticket, totpSecret } = await enrolment('otto')
    const other = at.browser()
    assert.equal(
      (await signIn({ username: 'otto', code: codeNow(totpSecret) }, other)).json().status,
      'needs-enrolment',
    )
    assert.equal((await other.call('GET', '/api/me')).status, 401)
    const changed = `${ticket.slice(0, -2)}AA`
    const answer = await signIn({ username: 'otto', enrolment: changed, code: codeNow(totpSecret) })
    assert.deepEqual([answer.status, codeOf(answer)], [409, 'ENROLMENT_EXPIRED'])
  })

  test('keeps it: an operator cannot remove it', async () => {
    await at.clock.advance(30_000)
    const answer = await browser.call('DELETE', '/api/me/totp', { password: PASSWORD, code: owner.totp() })
    assert.deepEqual([answer.status, codeOf(answer)], [403, 'SECOND_FACTOR_REQUIRED'])
    assert.equal((await me(browser)).hasTotp, true)
  })
})

describe('SEC-A4 who only looks', () => {
  let vera: HttpsClient
  beforeEach(async () => {
    await addPerson(at, 'vera', 'viewer')
    vera = at.browser()
    assert.equal((await signIn({ username: 'vera' }, vera)).json().status, 'signed-in')
  })

  async function setUp(): Promise<{ totpSecret: string; recoveryCodes: string[] }> {
    await vera.must('POST', '/api/session/sudo', { password: PASSWORD })
    const { ticket, totpSecret } = await vera.must<TotpEnrolment>('POST', '/api/me/totp/begin')
    const code = codeNow(totpSecret)
    const { recoveryCodes } = await vera.must<RecoveryCodesReply>('POST', '/api/me/totp', { ticket, code })
    return { totpSecret, recoveryCodes }
  }

  test('signs in with a password alone, which is not fresh', async () => {
    const { session, hasTotp, mustHaveSecondFactor } = await me(vera)
    assert.deepEqual([session.freshUntil, hasTotp, mustHaveSecondFactor], [0, false, false])
  })

  test('may add one; a stolen session cannot, without the password', async () => {
    assert.equal(codeOf(await vera.call('POST', '/api/me/totp/begin')), 'SUDO_REQUIRED')
    const { totpSecret, recoveryCodes } = await setUp()
    assert.equal(recoveryCodes.length, 10)
    assert.equal((await signIn({ username: 'vera' })).json().status, 'needs-code')
    await at.clock.advance(30_000)
    assert.equal((await signIn({ username: 'vera', code: codeNow(totpSecret) })).status, 200)
    assert.equal((await signIn({ username: 'vera', code: recoveryCodes[0] })).status, 200)
  })

  test('may remove it with password and code; nothing of it stays', async () => {
    const { totpSecret } = await setUp()
    await at.clock.advance(30_000)
    const remove = (password: string, code: string): Promise<Answer> =>
      vera.call('DELETE', '/api/me/totp', { password, code })
    assert.equal(codeOf(await remove('Falsch-9-Kanone-Ofen', codeNow(totpSecret))), 'PASSWORD_WRONG')
    assert.equal(codeOf(await remove(PASSWORD, '000000')), 'CODE_WRONG')
    assert.equal((await remove(PASSWORD, codeNow(totpSecret))).status, 200)
    const { hasTotp, recoveryCodesLeft } = await me(vera)
    assert.deepEqual([hasTotp, recoveryCodesLeft], [false, 0])
    assert.equal(codeOf(await remove(PASSWORD, codeNow(totpSecret, 1))), 'NO_TOTP')
    assert.equal((await signIn({ username: 'vera' })).json().status, 'signed-in')
    assert.equal((await readAudit(at, 'mfa_disabled')).length, 1)
  })

  test('with a passkey alone: no password gets in without it, and removing it ends that', async () => {
    const home = named.open(at)
    await signIn({ username: 'vera' }, home)
    await home.must('POST', '/api/session/sudo', { password: PASSWORD })
    const { id } = await addPasskey(at, home, createAuthenticator())
    const bare = (await signIn({ username: 'vera' })).json()
    assert.deepEqual(bare, { status: 'needs-code', hasTotp: false, passkey: null }, 'under the number address')
    assert.equal(codeOf(await home.call('POST', '/api/session/sudo', { password: PASSWORD })), 'PROOF_NEEDED')
    const codes = await home.must<RecoveryCodesReply>('POST', '/api/me/recovery-codes', { password: PASSWORD })
    assert.equal((await signIn({ username: 'vera', code: codes.recoveryCodes[0] })).status, 200)
    await home.must('DELETE', `/api/me/passkeys/${id}`)
    assert.equal((await me(home)).recoveryCodesLeft, 0)
    assert.equal((await signIn({ username: 'vera' })).json().status, 'signed-in')
  })
})

describe('SEC-A4 another authenticator in place of the old one', () => {
  test('needs a fresh second factor and its first code; the old one and its tickets end, the recovery codes stay', async () => {
    await at.clock.advance(6 * MINUTE_MS)
    assert.equal(codeOf(await browser.call('POST', '/api/me/totp/begin')), 'SUDO_REQUIRED')
    await browser.must('POST', '/api/session/sudo', { code: owner.totp() })
    const next = await browser.must<TotpEnrolment>('POST', '/api/me/totp/begin')
    const spare = await browser.must<TotpEnrolment>('POST', '/api/me/totp/begin')
    const send = ({ ticket, totpSecret }: TotpEnrolment, steps = 0): Promise<Answer> =>
      browser.call('POST', '/api/me/totp', { ticket, code: codeNow(totpSecret, steps) })
    const wrong = await send(next, 9)
    assert.deepEqual([wrong.status, codeOf(wrong)], [403, 'CODE_WRONG'])
    assert.deepEqual((await send(next)).json(), { recoveryCodes: [] })
    assert.equal(codeOf(await send(spare, 1)), 'ENROLMENT_EXPIRED')
    await at.clock.advance(30_000)
    assert.equal((await signIn({ username: 'ada', code: owner.totp() })).status, 401)
    assert.equal((await signIn({ username: 'ada', code: codeNow(next.totpSecret) })).status, 200)
    assert.equal((await signIn({ username: 'ada', code: owner.recoveryCodes[0] })).status, 200)
  })
})
