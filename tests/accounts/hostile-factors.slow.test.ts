import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { PasskeyAnswer, PasskeyChallenge, SignInReply, SudoMethods } from '../../appliance/src/api/accounts.ts'
import type { Answer, HttpsClient } from '../harness/https-client.ts'
import { PASSWORD, setUpOwner, startAccess, type Access, type Owner } from './access.ts'
import { createAuthenticator } from './authenticator.ts'
import { addPasskey, addPerson, createNamedBrowsers, namedOrigin } from './factors.ts'

const RUNS = 80
/** Where a password is hashed each time. */
const SLOW_RUNS = 15
const named = createNamedBrowsers()
const phone = createAuthenticator()

let at: Access
let owner: Owner
/** Signed in on a trusted phone, so that jumps of the clock do not end it. */
let browser: HttpsClient
/** Signed in nowhere. */
let stranger: HttpsClient

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'0123456789 -٠١２３\u0000\u202e') }),
  fc.constantFrom('000000', '__proto__', '${7*7}', "' or 1=1 --", '0'.repeat(5_000), '-1', '1e309'),
)
const value = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }))

/** Something wrong in one place of a good value, at any depth. */
function spoil(good: unknown): fc.Arbitrary<unknown> {
  if (Array.isArray(good) || typeof good !== 'object' || good === null || Object.keys(good).length === 0) {
    const cut = fc.nat(400).map((at) => (typeof good === 'string' ? good.slice(0, at) + 'A' + good.slice(at + 1) : 0))
    return fc.oneof(value, cut)
  }
  const entries = Object.entries(good)
  const changed = entries.map(([key, part]) => spoil(part).map((wrong) => ({ ...good, [key]: wrong })))
  const without = fc.constantFrom(...entries.map(([key]) => key)).map((key) => {
    return Object.fromEntries(entries.filter(([name]) => name !== key))
  })
  return fc.oneof(...changed, without)
}

function expectRefusal(answer: Answer, sent: unknown): void {
  const said = `${answer.status} ${answer.body.toString().slice(0, 300)} for ${JSON.stringify(sent)}`
  assert.ok(answer.status >= 400 && answer.status < 500, said)
  const { error_code: code, message } = answer.json<{ error_code?: unknown; message?: unknown }>()
  assert.match(String(code), /^[A-Z_]+$/, said)
  assert.ok(typeof message === 'string' && !/\n\s+at /.test(message), said)
}

/** Past all delays: what is looked at is the answer, not how often. */
const pause = (): void => at.clock.setWallClock(at.clock.now() + 16 * 60_000)

async function hostile(
  numRuns: number,

  make: () => Promise<{ path: string; good: unknown; by: HttpsClient; method?: string }>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat()), async (numbers) => {
      const { path, good, by, method = 'POST' } = await make()
      const seed = numbers.next().value ?? 0
      const [sent] = fc.sample(spoil(good), { numRuns: 1, seed })
      const answer = await by.call(method, path, sent)
      pause()
      if (answer.status !== 200) return expectRefusal(answer, sent)
      // A question back lets nobody in.
      if (!String(answer.json().status).startsWith('needs-')) acceptable(sent, good)
    }),
    { numRuns },
  )
}

/** What may differ in a request that is let in: hints of the browser, and fields that are no part of the proof. */
function acceptable(sent: unknown, good: unknown): void {
  const bare = (body: unknown): unknown => {
    const { passkey, name: _name, trustDevice: _trust, ...rest } = body as Record<string, unknown>
    if (!passkey) return rest
    const { challengeId, answer } = passkey as PasskeyAnswer
    const { id, response } = answer as { id: string; response: Record<string, unknown> }
    // The same signature can be written in several ways; what was signed cannot.
    const { clientDataJSON, authenticatorData } = response
    return { ...rest, challengeId, id, clientDataJSON, authenticatorData }
  }
  assert.deepEqual(bare(sent), bare(good))
}

before(async () => {
  at = await startAccess()
  owner = (await setUpOwner(at)).owner
  browser = named.open(at)
  stranger = named.open(at)
  await at.clock.advance(30_000)
  await browser.must('POST', '/api/session', {
    ...{ username: 'ada', password: PASSWORD, code: owner.totp(), trustDevice: true },
  })
  await addPasskey(at, browser, phone)
  await addPerson(at, 'otto', 'operator')
})
after(async () => {
  named.closeAll()
  await at.stop()
})

const signInBody = (changes: Record<string, unknown>) => ({ username: 'ada', password: PASSWORD, ...changes })

describe('SEC-A4 SEC-A5 hostile answers get a 4xx with a code, and let nobody in', () => {
  test('codes while signing in', () =>
    hostile(SLOW_RUNS, async () => ({ path: '/api/session', by: stranger, good: signInBody({ code: '000000' }) })))

  test('tickets of an enrolment', () =>
    hostile(SLOW_RUNS, async () => {
      const asked = await stranger.must<SignInReply>('POST', '/api/session', { username: 'otto', password: PASSWORD })
      assert.ok(asked.status === 'needs-enrolment')
      const good = { username: 'otto', password: PASSWORD, enrolment: asked.enrolment.ticket, code: '000000' }
      return { path: '/api/session', by: stranger, good }
    }))

  test('passkeys alone', () =>
    hostile(RUNS, async () => {
      const asked = await stranger.must<PasskeyChallenge>('POST', '/api/session/passkey/begin')
      return { path: '/api/session/passkey', by: stranger, good: { passkey: phone.get(asked, namedOrigin(at)) } }
    }))

  test('passkeys and codes for a dangerous act', () =>
    hostile(RUNS, async () => {
      await browser.must('POST', '/api/session/refresh')
      const { passkey } = await browser.must<SudoMethods>('GET', '/api/session/sudo')
      assert.ok(passkey)
      const good = { passkey: phone.get(passkey, namedOrigin(at)) }
      return { path: '/api/session/sudo', by: browser, good }
    }))

  test('and afterwards everything is as it was', async () => {
    await at.clock.advance(30_000)
    const reply = await stranger.must('POST', '/api/session', signInBody({ code: owner.totp() }))
    assert.equal(reply.status, 'signed-in')
    const rows = await at.database.reader.selectFrom('users').select(['username', 'totp_secret']).execute()
    assert.equal(rows.find(({ username }) => username === 'otto')?.totp_secret, null)
  })
})
