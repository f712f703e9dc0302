import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { Answer, HttpsClient } from '../harness/https-client.ts'
import { setUpOwner, signIn, startAccess, type Access, type Owner } from './access.ts'

const NEXT = [
  'Wolke-7-Besen-Gleis',
  'Segel_4_Kreide_Zaun',
  'Pfote.2.Quarz.Mulde',
  'Lampe+8+Distel+Ofen',
  'Kiesel!6!Borke!Tau',
]

let at: Access
let owner: Owner
let browser: HttpsClient

const change = (currentPassword: string, newPassword: string): Promise<Answer> =>
  browser.call('POST', '/api/me/password', { currentPassword, newPassword })
const codeOf = (answer: Answer): unknown => answer.json().error_code

beforeEach(async () => {
  at = await startAccess()
  const home = await setUpOwner(at)
  owner = home.owner
  browser = home.browser
})
afterEach(() => at.stop())

describe('changing the password', () => {
  test('SEC-A8 ends the other sessions, keeps this one, and the new one signs in', async () => {
    const other = await signIn(at, owner)
    assert.equal((await change(owner.password, NEXT[0] ?? '')).status, 200)
    assert.equal((await other.call('GET', '/api/me')).status, 401)
    assert.equal((await browser.call('GET', '/api/me')).status, 200)
    assert.equal(at.ended[0]?.reason, 'password-changed')
    await signIn(at, { ...owner, password: NEXT[0] ?? '' })
  })

  test('gives this session new tokens: whoever copied the old ones is out', async () => {
    const copied = new Map(browser.cookies)
    assert.equal((await change(owner.password, NEXT[0] ?? '')).status, 200)
    const thief = at.browser()
    for (const [name, value] of copied) thief.cookies.set(name, value)
    assert.equal((await thief.call('POST', '/api/session/refresh')).status, 401)
  })

  test('needs the current one, and a stolen session cannot guess it', async () => {
    for (let turn = 0; turn < 5; turn++)
      assert.equal(codeOf(await change('Falsch-9-Kanone-Ofen', NEXT[0] ?? '')), 'PASSWORD_WRONG')
    assert.equal((await change(owner.password, NEXT[0] ?? '')).status, 429)
    await at.clock.advance(2_000)
    assert.equal((await change(owner.password, NEXT[0] ?? '')).status, 200)
  })

  test('SEC-A2 the last five are refused, the one before them is not', async () => {
    let current = owner.password
    for (const password of NEXT) {
      assert.equal((await change(current, password)).status, 200, password)
      await at.clock.advance(1_000)
      current = password
    }
    for (const password of [owner.password, current]) {
      const answer = await change(current, password)
      assert.equal(codeOf(answer), 'PASSWORD_WEAK', password)
      assert.match(String(answer.json().message), /used this one before/)
    }
    assert.equal((await change(current, 'Ampel=3=Rinde=Kufe')).status, 200)
    await at.clock.advance(1_000)
    assert.equal((await change('Ampel=3=Rinde=Kufe', owner.password)).status, 200, 'six changes later it is forgotten')
    const kept = await at.database.reader.selectFrom('password_history').selectAll().execute()
    assert.equal(kept.length, 5)
  })

  test('SEC-A2 the policy holds here too, and nothing changes', async () => {
    assert.equal(codeOf(await change(owner.password, 'Summer2026!!!')), 'PASSWORD_WEAK')
    await signIn(at, owner)
  })
})

describe('new recovery codes', () => {
  test('SEC-A4 need password and code; the old ones end', async () => {
    const renew = (password: string, code: string): Promise<Answer> =>
      browser.call('POST', '/api/me/recovery-codes', { password, code })
    assert.equal(codeOf(await renew('Falsch-9-Kanone-Ofen', owner.totp())), 'PASSWORD_WRONG')
    const wrong = await renew(owner.password, '000000')
    assert.deepEqual([wrong.status, codeOf(wrong)], [403, 'CODE_WRONG'], '401 would say that the session is over')
    const answer = await renew(owner.password, owner.totp())
    const { recoveryCodes } = answer.json<{ recoveryCodes: string[] }>()
    assert.equal(new Set(recoveryCodes).size, 10)
    const use = (code = ''): Promise<Answer> =>
      at.browser().call('POST', '/api/session', { username: owner.username, password: owner.password, code })
    assert.equal((await use(owner.recoveryCodes[0])).status, 401)
    assert.equal((await use(recoveryCodes[0])).status, 200)
  })
})

describe('lares user reset', () => {
  test('replaces password, secret and codes, ends every session, and asks for a password of one’s own', async () => {
    const reset = await at.accounts.resetUser(' ADA ')
    assert.equal((await browser.call('GET', '/api/me')).status, 401)
    const fresh: Owner = { ...owner, password: reset.temporaryPassword, totpSecret: reset.totpSecret }
    const send = (changes: Record<string, unknown>): Promise<Answer> =>
      at.browser().call('POST', '/api/session', { username: 'ada', password: fresh.password, ...changes })
    assert.equal((await send({ password: owner.password })).status, 401)
    assert.equal(codeOf(await send({})), 'PASSWORD_EXPIRED')
    assert.equal((await send({ newPassword: NEXT[0], code: owner.recoveryCodes[0] })).status, 401)
    assert.equal((await send({ newPassword: NEXT[0], code: reset.recoveryCodes[0] })).status, 200)
  })

  test('of somebody who does not exist changes nothing', async () => {
    await assert.rejects(at.accounts.resetUser('nobody'), { kind: 'not-found' })
  })
})
