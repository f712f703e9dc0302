import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright-core'
import type { PasskeyChallenge, SignInReply, SudoMethods } from '../../appliance/src/api/accounts.ts'
import { noChromium, openPhone, type Phone } from '../harness/chromium.ts'
import { repository } from '../harness/product.ts'
import { PASSWORD, setUpOwner, startAccess, type Access, type Owner } from './access.ts'
import { namedOrigin } from './factors.ts'

/** What the app uses as well. */
const LIBRARY = join(repository, 'node_modules/@simplewebauthn/browser/dist/bundle/index.umd.min.js')

interface Reply {
  status: number
  body: Record<string, unknown>
}
interface WebAuthnPage {
  SimpleWebAuthnBrowser: Record<'startRegistration' | 'startAuthentication', (asked: unknown) => Promise<unknown>>
}

/** A call as the app makes it, from the page, with the browser's own cookies and headers. */
const call = (page: Page, method: string, path: string, body?: unknown): Promise<Reply> =>
  page.evaluate(
    async ([method, path, body]) => {
      const init = body === null ? { method } : { method, body, headers: { 'Content-Type': 'application/json' } }
      const answer = await fetch(path, init)
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    },
    [method, path, body === undefined ? null : JSON.stringify(body)] as const,
  )

/** The browser's own answer to a challenge: its authenticator signs what the browser says where it is. */
async function answerTo(page: Page, kind: 'startRegistration' | 'startAuthentication', asked: PasskeyChallenge) {
  const answer = await page.evaluate(
    ([kind, optionsJSON]) => (globalThis as unknown as WebAuthnPage).SimpleWebAuthnBrowser[kind]({ optionsJSON }),
    [kind, asked.options] as const,
  )
  return { challengeId: asked.challengeId, answer }
}

async function open(phone: Phone, address: string, page = phone.page): Promise<Page> {
  await page.goto(address)
  await page.evaluate(await readFile(LIBRARY, 'utf8'))
  return page
}

async function addVirtualAuthenticator(cdp: CDPSession): Promise<void> {
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  })
}

describe('SEC-A5 passkeys in a real browser', { skip: noChromium() }, () => {
  let at: Access
  let owner: Owner
  let phone: Phone
  let page: Page
  let passkeyId = ''

  const must = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const reply = await call(page, method, path, body)
    assert.equal(reply.status, 200, `${method} ${path}: ${JSON.stringify(reply.body)}`)
    return reply.body as T
  }
  const signOut = (): Promise<unknown> => must('DELETE', '/api/session')
  const alone = async (): Promise<Reply> => {
    const asked = await must<PasskeyChallenge>('POST', '/api/session/passkey/begin')
    return call(page, 'POST', '/api/session/passkey', { passkey: await answerTo(page, 'startAuthentication', asked) })
  }

  before(async () => {
    at = await startAccess()
    owner = (await setUpOwner(at)).owner
    phone = await openPhone({ rootPem: at.tls.rootPem() })
    page = await open(phone, `${namedOrigin(at)}/api/setup`)
    await addVirtualAuthenticator(await phone.cdp())
    await at.clock.advance(30_000)
    await must('POST', '/api/session', { username: 'ada', password: PASSWORD, code: owner.totp() })
  })
  after(async () => {
    await phone.close()
    await at.stop()
  })

  test('one is made', async () => {
    const asked = await must<PasskeyChallenge>('POST', '/api/me/passkeys/begin')
    const passkey = await answerTo(page, 'startRegistration', asked)
    const made = await must<{ id: string; host: string }>('POST', '/api/me/passkeys', { passkey, name: 'Chromium' })
    assert.equal(made.host, 'localhost')
    passkeyId = made.id
  })

  test('the browser does not make a second one for the same account', async () => {
    const asked = await must<PasskeyChallenge>('POST', '/api/me/passkeys/begin')
    await assert.rejects(answerTo(page, 'startRegistration', asked), /already|previously registered|InvalidState/i)
  })

  test('it signs in alone, with nothing typed', async () => {
    await signOut()
    assert.equal((await call(page, 'GET', '/api/me')).status, 401)
    const { status, body } = await alone()
    assert.deepEqual([status, body['status']], [200, 'signed-in'])
    const { user } = await must<{ user: { username: string } }>('GET', '/api/me')
    assert.equal(user.username, 'ada')
  })

  test('it is the second factor after the password', async () => {
    await signOut()
    const asked = await must<SignInReply>('POST', '/api/session', { username: 'ada', password: PASSWORD })
    assert.ok(asked.status === 'needs-code' && asked.passkey)
    const passkey = await answerTo(page, 'startAuthentication', asked.passkey)
    const reply = await must<SignInReply>('POST', '/api/session', { username: 'ada', password: PASSWORD, passkey })
    assert.equal(reply.status, 'signed-in')
  })

  test('SEC-A14 it confirms a dangerous act', async () => {
    await at.clock.advance(6 * 60_000)
    assert.equal((await call(page, 'POST', '/api/me/passkeys/begin')).body['error_code'], 'SUDO_REQUIRED')
    const { passkey: asked } = await must<SudoMethods>('GET', '/api/session/sudo')
    assert.ok(asked)
    await must('POST', '/api/session/sudo', { passkey: await answerTo(page, 'startAuthentication', asked) })
    await must('POST', '/api/me/passkeys/begin')
  })

  test('what it signs on another page is refused here', async () => {
    const asked = await must<PasskeyChallenge>('POST', '/api/session/passkey/begin')
    const elsewhere = 'https://localhost:9'
    await page.route(`${elsewhere}/**`, (route) => route.fulfill({ contentType: 'text/html', body: '<p>Hello' }))
    await open(phone, `${elsewhere}/phish`)
    const passkey = await answerTo(page, 'startAuthentication', asked)
    await open(phone, `${namedOrigin(at)}/api/setup`)
    const { status, body } = await call(page, 'POST', '/api/session/passkey', { passkey })
    assert.deepEqual([status, body['error_code']], [401, 'PASSKEY_WRONG'])
  })

  test('the browser itself refuses a name that is not the page’s', async () => {
    const asked = await must<PasskeyChallenge>('POST', '/api/session/passkey/begin')
    const other = { ...asked, options: { ...asked.options, rpId: 'lares.local' } }
    await assert.rejects(answerTo(page, 'startAuthentication', other))
  })

  test('a removed one is refused', async () => {
    await must('DELETE', `/api/me/passkeys/${passkeyId}`)
    await signOut()
    const { status, body } = await alone()
    assert.deepEqual([status, body['error_code']], [401, 'PASSKEY_WRONG'])
  })
})
