import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { PasskeyChallenge, SignInReply, SudoMethods } from '../../appliance/src/api/accounts.ts'
import type { Answer, HttpsClient } from '../harness/https-client.ts'
import { PASSWORD, setUpOwner, startAccess, type Access, type Owner } from './access.ts'
import { createAuthenticator, type Authenticator, type Twist } from './authenticator.ts'
import { addPasskey, addPerson, codeOf, createNamedBrowsers, namedOrigin, readAudit } from './factors.ts'

const MINUTE_MS = 60_000
const named = createNamedBrowsers()

let at: Access
let owner: Owner
/** Signed in under the name of the box, with a fresh second factor. */
let browser: HttpsClient
let phone: Authenticator

async function signInNamed(): Promise<HttpsClient> {
  await at.clock.advance(30_000)
  const opened = named.open(at)
  await opened.must('POST', '/api/session', { username: owner.username, password: PASSWORD, code: owner.totp() })
  return opened
}

/** Signs in with the passkey alone. */
async function alone(twist: Twist = {}, other = named.open(at), trustDevice = false): Promise<Answer> {
  const asked = await other.must<PasskeyChallenge>('POST', '/api/session/passkey/begin')
  const passkey = phone.get(asked, namedOrigin(at), twist)
  return other.call('POST', '/api/session/passkey', { passkey, trustDevice })
}

beforeEach(async () => {
  at = await startAccess()
  owner = (await setUpOwner(at)).owner
  browser = await signInNamed()
  phone = createAuthenticator()
})
afterEach(async () => {
  named.closeAll()
  await at.stop()
})

describe('SEC-A5 adding a passkey', () => {
  test('asks for a fresh second factor, and leaves a line in the record', async () => {
    await at.clock.advance(6 * MINUTE_MS)
    assert.equal(codeOf(await browser.call('POST', '/api/me/passkeys/begin')), 'SUDO_REQUIRED')
    await browser.must('POST', '/api/session/sudo', { code: owner.totp() })
    const passkey = await addPasskey(at, browser, phone)
    assert.equal(passkey.host, 'localhost')
    const list = await browser.must<{ passkeys: unknown[]; possible: boolean }>('GET', '/api/me/passkeys')
    assert.deepEqual(list, { passkeys: [passkey], possible: true })
    const [line] = await readAudit(at, 'passkey_added')
    assert.equal(line?.resource, `passkey:${passkey.id}`)
  })

  test('is not possible under a bare address, and says so in words', async () => {
    const bare = at.browser()
    await at.clock.advance(30_000)
    await bare.must('POST', '/api/session', { username: 'ada', password: PASSWORD, code: owner.totp() })
    const answer = await bare.call('POST', '/api/me/passkeys/begin')
    assert.deepEqual([answer.status, codeOf(answer)], [422, 'PASSKEY_NEEDS_NAME'])
    assert.equal((await bare.must('GET', '/api/me/passkeys')).possible, false)
    assert.equal(codeOf(await bare.call('POST', '/api/session/passkey/begin')), 'PASSKEY_NEEDS_NAME')
  })

  test('names those of this name that are there, takes one only once, and no more than twenty', async () => {
    await addPasskey(at, browser, phone)
    const asked = await browser.must<PasskeyChallenge>('POST', '/api/me/passkeys/begin')
    const excluded = asked.options['excludeCredentials'] as { id: string }[]
    assert.deepEqual(
      excluded.map(({ id }) => id),
      [phone.credentialId],
    )
    const again = await browser.call('POST', '/api/me/passkeys', {
      ...{ passkey: phone.create(asked, namedOrigin(at)), name: 'Again' },
    })
    assert.deepEqual([again.status, codeOf(again)], [409, 'PASSKEY_KNOWN'])
    for (let count = 1; count < 20; count++) await addPasskey(at, browser, createAuthenticator())
    assert.equal(codeOf(await browser.call('POST', '/api/me/passkeys/begin')), 'PASSKEYS_FULL')
  })

  test('an answer from another page, of another session or given twice is refused', async () => {
    const asked = await browser.must<PasskeyChallenge>('POST', '/api/me/passkeys/begin')
    const wrong = phone.create(asked, 'https://evil.example')
    const refused = await browser.call('POST', '/api/me/passkeys', { passkey: wrong, name: 'x' })
    assert.deepEqual([refused.status, codeOf(refused)], [400, 'PASSKEY_WRONG'])
    const right = phone.create(asked, namedOrigin(at))
    const late = await browser.call('POST', '/api/me/passkeys', { passkey: right, name: 'x' })
    assert.deepEqual([late.status, codeOf(late)], [409, 'PASSKEY_EXPIRED'], 'the challenge is used up')
    const other = await signInNamed()
    const fresh = await browser.must<PasskeyChallenge>('POST', '/api/me/passkeys/begin')
    const stolen = { passkey: phone.create(fresh, namedOrigin(at)), name: 'x' }
    assert.equal(codeOf(await other.call('POST', '/api/me/passkeys', stolen)), 'PASSKEY_EXPIRED')
  })

  test('renaming and removing reach one’s own only; a removed one is refused', async () => {
    const { id } = await addPasskey(at, browser, phone)
    await browser.must('PATCH', `/api/me/passkeys/${id}`, { name: 'Old phone' })
    const { passkeys } = await browser.must<{ passkeys: { name: string }[] }>('GET', '/api/me/passkeys')
    assert.equal(passkeys[0]?.name, 'Old phone')
    await addPerson(at, 'vera', 'viewer')
    const vera = named.open(at)
    await vera.must('POST', '/api/session', { username: 'vera', password: PASSWORD })
    await vera.must('POST', '/api/session/sudo', { password: PASSWORD })
    assert.equal((await vera.call('PATCH', `/api/me/passkeys/${id}`, { name: 'Mine' })).status, 404)
    assert.equal((await vera.call('DELETE', `/api/me/passkeys/${id}`)).status, 404)
    await browser.must('DELETE', `/api/me/passkeys/${id}`)
    assert.equal(codeOf(await alone()), 'PASSKEY_WRONG')
  })
})

describe('SEC-A5 signing in with a passkey alone', () => {
  beforeEach(async () => void (await addPasskey(at, browser, phone)))

  test('needs no name, no password and no code, and counts as fresh', async () => {
    const other = named.open(at)
    await at.clock.advance(1_000)
    const reply = (await alone({}, other, true)).json<Extract<SignInReply, { status: 'signed-in' }>>()
    assert.equal(reply.user.username, 'ada')
    const me = await other.must<{ session: { trusted: boolean; freshUntil: number } }>('GET', '/api/me')
    assert.equal(me.session.trusted, true)
    assert.ok(me.session.freshUntil > at.clock.now())
    const line = (await readAudit(at, 'login_success')).at(-1)
    assert.deepEqual(line?.details, { factor: 'passkey', trusted: true })
    const { passkeys } = await other.must<{ passkeys: { lastUsedAt: number }[] }>('GET', '/api/me/passkeys')
    assert.ok((passkeys[0]?.lastUsedAt ?? 0) > 0)
  })

  test('is refused from another page, with another key, unverified, or too late', async () => {
    const twists: Twist[] = [
      { origin: 'https://evil.example' },
      { origin: 'https://localhost' },
      { rpId: 'evil.example' },
      { verified: false },
      { credentialId: createAuthenticator().credentialId },
      { signature: Buffer.alloc(70).toString('base64url') },
    ]
    for (const twist of twists) {
      const answer = await alone(twist)
      assert.deepEqual([answer.status, codeOf(answer)], [401, 'PASSKEY_WRONG'], JSON.stringify(twist))
      await at.clock.advance(16 * MINUTE_MS)
    }
    const other = named.open(at)
    const asked = await other.must<PasskeyChallenge>('POST', '/api/session/passkey/begin')
    const passkey = phone.get(asked, namedOrigin(at))
    await at.clock.advance(5 * MINUTE_MS)
    assert.equal(codeOf(await other.call('POST', '/api/session/passkey', { passkey })), 'PASSKEY_EXPIRED')
  })

  test('an answer works once, and two at once let exactly one in', async () => {
    const other = named.open(at)
    const asked = await other.must<PasskeyChallenge>('POST', '/api/session/passkey/begin')
    const passkey = phone.get(asked, namedOrigin(at))
    const send = (): Promise<Answer> => named.open(at).call('POST', '/api/session/passkey', { passkey })
    const statuses = (await Promise.all([send(), send(), send()])).map(({ status }) => status)
    assert.deepEqual(statuses.sort(), [200, 401, 401])
  })

  test('a counter that does not go up is a copy: refused, and in the record as critical', async () => {
    assert.equal((await alone({ counter: 50 })).status, 200)
    for (const counter of [50, 7, 0]) assert.equal(codeOf(await alone({ counter })), 'PASSKEY_COPIED', String(counter))
    const lines = await readAudit(at, 'login_failure')
    assert.deepEqual(
      lines.map(({ severity, details }) => [severity, details['reason']]),
      Array(3).fill(['CRITICAL', 'PASSKEY_COPIED']),
    )
    assert.equal((await alone({ counter: 51 })).status, 200)
  })

  test('a wrong signature with a small counter does not cry copy', async () => {
    assert.equal((await alone({ counter: 50 })).status, 200)
    assert.equal(
      codeOf(await alone({ counter: 1, signature: Buffer.alloc(70).toString('base64url') })),
      'PASSKEY_WRONG',
    )
  })

  test('a passkey that never counts stays good', async () => {
    const still = createAuthenticator()
    const asked = await browser.must<PasskeyChallenge>('POST', '/api/me/passkeys/begin')
    const passkey = still.create(asked, namedOrigin(at), { counter: 0 })
    await browser.must('POST', '/api/me/passkeys', { passkey, name: 'Synced' })
    phone = still
    for (let turn = 0; turn < 3; turn++) assert.equal((await alone({ counter: 0 })).status, 200)
  })

  test('SEC-A12 guessing passwords does not close this door', async () => {
    for (let turn = 0; turn < 8; turn++)
      await named.open(at).call('POST', '/api/session', { username: 'ada', password: 'Falsch-9-Kanone-Ofen' })
    assert.equal((await alone()).status, 200)
  })

  test('SEC-A2 lares user reset removes it: whoever found the phone is out', async () => {
    await at.accounts.resetUser('ada')
    assert.equal(codeOf(await alone()), 'PASSKEY_WRONG')
  })

  test('SEC-A10 a deactivated person’s passkey is refused', async () => {
    await at.database.writer.updateTable('users').set({ active: 0 }).execute()
    assert.equal(codeOf(await alone()), 'PASSKEY_WRONG')
  })
})

describe('SEC-A5 a passkey as second factor', () => {
  beforeEach(async () => void (await addPasskey(at, browser, phone)))

  async function ask(from: HttpsClient): Promise<PasskeyChallenge | null> {
    const reply = await from.must<SignInReply>('POST', '/api/session', { username: 'ada', password: PASSWORD })
    assert.ok(reply.status === 'needs-code')
    assert.equal(reply.hasTotp, true)
    return reply.passkey
  }

  test('comes after the password, instead of a code', async () => {
    const other = named.open(at)
    const asked = await ask(other)
    assert.ok(asked)
    const body = { username: 'ada', password: PASSWORD, passkey: phone.get(asked, namedOrigin(at)) }
    assert.equal((await other.call('POST', '/api/session', { ...body, password: 'Falsch-9-Kanone-Ofen' })).status, 401)
    assert.equal((await other.must('POST', '/api/session', body)).status, 'signed-in')
    assert.equal(codeOf(await named.open(at).call('POST', '/api/session', body)), 'PASSKEY_EXPIRED', 'used up')
  })

  test('is not offered under another name, and answers of one purpose do not serve another', async () => {
    assert.equal(await ask(at.browser()), null)
    const other = named.open(at)
    const asked = await ask(other)
    assert.ok(asked)
    const passkey = phone.get(asked, namedOrigin(at))
    assert.equal(codeOf(await other.call('POST', '/api/session/passkey', { passkey })), 'PASSKEY_EXPIRED')
  })

  test('SEC-A14 confirms a dangerous act', async () => {
    await at.clock.advance(6 * MINUTE_MS)
    const methods = await browser.must<SudoMethods>('GET', '/api/session/sudo')
    assert.equal(methods.method, 'code')
    assert.ok(methods.passkey)
    const passkey = phone.get(methods.passkey, namedOrigin(at))
    await browser.must('POST', '/api/session/sudo', { passkey })
    assert.equal((await browser.call('POST', '/api/me/passkeys/begin')).status, 200)
    assert.equal(codeOf(await browser.call('POST', '/api/session/sudo', { passkey })), 'PASSKEY_EXPIRED')
  })
})
