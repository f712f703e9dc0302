import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { Me, SudoMethods } from '../../appliance/src/api/accounts.ts'
import type { Answer, HttpsClient } from '../harness/https-client.ts'
import { PASSWORD, setUpOwner, signIn, startAccess, type Access, type Owner } from './access.ts'
import { addPerson, codeOf, readAudit } from './factors.ts'

const MINUTE_MS = 60_000

let at: Access
let owner: Owner
let browser: HttpsClient

const confirm = (body: Record<string, unknown>, by = browser): Promise<Answer> =>
  by.call('POST', '/api/session/sudo', body)
/** Something that only goes with a fresh second factor. */
const dangerous = (by = browser): Promise<Answer> => by.call('POST', '/api/me/totp/begin')

beforeEach(async () => {
  at = await startAccess()
  const home = await setUpOwner(at)
  owner = home.owner
  browser = home.browser
  await at.clock.advance(6 * MINUTE_MS)
})
afterEach(() => at.stop())

describe('SEC-A14 a fresh second factor', () => {
  test('is asked for, lasts five minutes, and only in the session that gave it', async () => {
    const other = await signIn(at, owner)
    await at.clock.advance(6 * MINUTE_MS)
    assert.equal(codeOf(await dangerous()), 'SUDO_REQUIRED')
    assert.equal((await confirm({ code: owner.totp() })).status, 200)
    assert.equal((await dangerous()).status, 200)
    assert.equal(codeOf(await dangerous(other)), 'SUDO_REQUIRED')
    const { session } = await browser.must<Me>('GET', '/api/me')
    assert.equal(session.freshUntil, at.clock.now() + 5 * MINUTE_MS)
    await at.clock.advance(5 * MINUTE_MS)
    assert.equal(codeOf(await dangerous()), 'SUDO_REQUIRED')
    const [line] = await readAudit(at, 'sudo_granted')
    assert.deepEqual(line?.details, { factor: 'totp' })
  })

  test('signing in with a code counts as one', async () => {
    assert.equal((await dangerous(await signIn(at, owner))).status, 200)
  })

  test('a recovery code does, a used code, a wrong one and the password do not', async () => {
    const code = owner.totp()
    assert.equal((await confirm({ code })).status, 200)
    const wrong: Record<string, unknown>[] = [{ code }, { code: '000000' }, { password: PASSWORD }, {}]
    const codes = []
    for (const body of wrong) codes.push(codeOf(await confirm(body)))
    assert.deepEqual(codes, ['CODE_USED', 'CODE_WRONG', 'PROOF_NEEDED', 'PROOF_NEEDED'])
    assert.equal((await confirm({ code: owner.recoveryCodes[0] })).status, 200)
    assert.equal(codeOf(await confirm({ code: owner.recoveryCodes[0] })), 'CODE_WRONG')
  })

  test('a wrong code does not sign out: 403, never 401', async () => {
    assert.equal((await confirm({ code: '000000' })).status, 403)
    assert.equal((await browser.call('GET', '/api/me')).status, 200)
  })

  test('SEC-A12 a stolen session cannot guess, and does not keep the owner waiting elsewhere', async () => {
    const thief = await signIn(at, owner)
    for (let turn = 0; turn < 5; turn++) assert.equal((await confirm({ code: '000000' }, thief)).status, 403)
    assert.equal((await confirm({ code: owner.totp(1) }, thief)).status, 429)
    const password = { currentPassword: PASSWORD, newPassword: 'Wolke-7-Besen-Gleis' }
    assert.equal((await thief.call('POST', '/api/me/password', password)).status, 429, 'one counter for all of it')
    await at.clock.advance(30_000)
    assert.equal((await confirm({ code: owner.totp() })).status, 200)
    const lines = await readAudit(at, 'permission_denied')
    const reasons = lines.filter(({ details }) => details['needs'] === 'sudo').map(({ details }) => details['reason'])
    assert.deepEqual(reasons.slice(0, 5), Array(5).fill('CODE_WRONG'))
  })

  test('is the password for who has no second factor', async () => {
    await addPerson(at, 'vera', 'viewer')
    const vera = at.browser()
    await vera.must('POST', '/api/session', { username: 'vera', password: PASSWORD })
    const methods = await vera.must<SudoMethods>('GET', '/api/session/sudo')
    assert.deepEqual(methods, { method: 'password', passkey: null })
    assert.equal(codeOf(await dangerous(vera)), 'SUDO_REQUIRED')
    const wrong = await confirm({ password: 'Falsch-9-Kanone-Ofen' }, vera)
    assert.deepEqual([wrong.status, codeOf(wrong)], [403, 'PASSWORD_WRONG'])
    assert.equal((await confirm({ password: PASSWORD }, vera)).status, 200)
    assert.equal((await dangerous(vera)).status, 200)
  })
})
