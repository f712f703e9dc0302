import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { PasskeyChallenge } from '../../appliance/src/api/accounts.ts'
import {
  claimedPasskey,
  passkeyPlace,
  readAuthentication,
  readRegistration,
} from '../../appliance/src/accounts/sign-in/passkey-answers.ts'
import {
  CHALLENGE_MS,
  createPasskeyChallenges,
  type Challenge,
  type IssuedChallenge,
} from '../../appliance/src/accounts/sign-in/passkey-challenges.ts'
import type { StoredPasskey } from '../../appliance/src/accounts/sign-in/passkey-store.ts'
import { createFakeClock } from '../fakes/clock.ts'
import { createAuthenticator, type Authenticator, type Twist } from './authenticator.ts'

const ORIGIN = 'https://lares.local:8443'
const USER = '0198b0a0-0000-7000-8000-000000000001'
const issued: IssuedChallenge = {
  ...{ id: 'x'.repeat(32), challenge: 'Y2hhbGxlbmdl', purpose: 'sign-in', userId: null, sessionId: null },
  ...{ origin: ORIGIN, rpId: 'lares.local' },
}
const asked: PasskeyChallenge = {
  challengeId: issued.id,
  options: {
    challenge: issued.challenge,
    rpId: issued.rpId,
    rp: { id: issued.rpId },
    user: { id: Buffer.from(USER).toString('base64url') },
  },
}

const register = (phone: Authenticator, twist: Twist = {}) =>
  readRegistration(phone.create(asked, ORIGIN, twist).answer, issued)

async function stored(phone: Authenticator): Promise<StoredPasskey> {
  const made = await register(phone)
  assert.ok(made)
  return { ...made, id: USER, userId: USER, name: 'Phone', rpId: issued.rpId, createdAt: 0, lastUsedAt: null }
}

describe('SEC-A5 a new passkey', () => {
  test('is taken when everything fits', async () => {
    const phone = createAuthenticator()
    const made = await register(phone)
    assert.equal(made?.credentialId, phone.credentialId)
    assert.deepEqual(made.transports, ['internal'])
  })

  test('is refused for another page, name, challenge or kind, unverified, or made inside a foreign page', async () => {
    const twists: Twist[] = [
      { origin: 'https://lares.local' },
      { origin: 'http://lares.local:8443' },
      { origin: 'https://evil.lares.local:8443' },
      { rpId: 'example.org' },
      { challenge: 'b3RoZXI' },
      { type: 'webauthn.get' },
      { verified: false },
      { crossOrigin: true },
    ]
    for (const twist of twists) assert.equal(await register(createAuthenticator(), twist), null, JSON.stringify(twist))
  })

  test('is taken whoever made the device, and its certificates are not looked at, let alone their addresses', async () => {
    const attStmt = new Map<string, unknown>([
      ['alg', -7],
      ['sig', new Uint8Array(8)],
      ['x5c', [new Uint8Array(64)]],
    ])
    assert.ok(await register(createAuthenticator(), { attestation: { fmt: 'packed', attStmt } }))
  })
})

describe('SEC-A5 a passkey that is used', () => {
  test('is right with its own signature, and tells its counter', async () => {
    const phone = createAuthenticator()
    const passkey = await stored(phone)
    assert.equal(await readAuthentication(phone.get(asked, ORIGIN).answer, issued, passkey), 2)
  })

  test('is refused for another page, name, challenge, kind or person, unverified or with another signature', async () => {
    const phone = createAuthenticator()
    const passkey = await stored(phone)
    const twists: Twist[] = [
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { challenge: 'b3RoZXI' },
      { type: 'webauthn.create' },
      { verified: false },
      { crossOrigin: true },
      { userHandle: Buffer.from('somebody else').toString('base64url') },
      { signature: Buffer.alloc(70).toString('base64url') },
    ]
    for (const twist of twists) {
      const { answer } = phone.get(asked, ORIGIN, twist)
      assert.equal(await readAuthentication(answer, issued, passkey), null, JSON.stringify(twist))
    }
    const other = createAuthenticator()
    const { answer } = other.get(asked, ORIGIN, { credentialId: phone.credentialId })
    assert.equal(await readAuthentication(answer, issued, passkey), null, 'signed by somebody else')
  })

  test('hostile answers are refused without anything thrown', async () => {
    const phone = createAuthenticator()
    const passkey = await stored(phone)
    const good = phone.get(asked, ORIGIN).answer
    const fresh = phone.create(asked, ORIGIN).answer
    const parts = ['clientDataJSON', 'authenticatorData', 'signature', 'userHandle', 'attestationObject', 'transports']
    const bytes = fc.uint8Array({ maxLength: 300 }).map((data) => Buffer.from(data).toString('base64url'))
    const value = fc.oneof(bytes, fc.string(), fc.jsonValue())
    const change = fc.tuple(fc.constantFrom(...parts, 'id', 'rawId', 'type', 'response', '__proto__'), value)
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        for (const base of [good, fresh]) {
          const response = { ...(base['response'] as Record<string, unknown>) }
          const answer: Record<string, unknown> = { ...base, response }
          for (const [name, to] of changes) (parts.includes(name) ? response : answer)[name] = to
          claimedPasskey(answer)
          await readRegistration(answer, issued)
          const counter = await readAuthentication(answer, issued, passkey)
          if (counter === null) continue
          const signed = ['clientDataJSON', 'authenticatorData', 'signature']
          for (const part of signed) assert.equal(response[part], (good['response'] as typeof response)[part], part)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('SEC-A5 where passkeys work', () => {
  test('under a name, as the browser will state it, and never under a number address', () => {
    assert.deepEqual(passkeyPlace('https://LARES.local:8443'), { origin: ORIGIN, rpId: 'lares.local' })
    assert.deepEqual(passkeyPlace('https://box.example.org:443'), {
      ...{ origin: 'https://box.example.org', rpId: 'box.example.org' },
    })
    for (const origin of [
      'https://192.168.1.2:8443',
      'https://[fd00::1]:8443',
      'https://127.1',
      'https://lares.local.',
      'x',
    ])
      assert.equal(passkeyPlace(origin), null, origin)
  })
})

describe('SEC-A5 challenges', () => {
  const anybody: Challenge = { purpose: 'sign-in', userId: null, sessionId: null, origin: ORIGIN, rpId: 'lares.local' }
  const ada: Challenge = { ...anybody, purpose: 'sudo', userId: 'ada', sessionId: 's1' }

  test('work once, for what, whom and where they were made, for five minutes', async () => {
    const clock = createFakeClock()
    const challenges = createPasskeyChallenges(clock)
    const first = challenges.issue(ada)
    assert.equal(challenges.take(first.id, 'sudo', 'bob', 's1'), null)
    assert.equal(challenges.take(first.id, 'sudo', 'ada', 's1')?.challenge, first.challenge)
    assert.equal(challenges.take(first.id, 'sudo', 'ada', 's1'), null, 'a second time')
    for (const [purpose, sessionId] of [
      ['add', 's1'],
      ['sudo', 's2'],
    ] as const)
      assert.equal(challenges.take(challenges.issue(ada).id, purpose, 'ada', sessionId), null, purpose + sessionId)
    const late = challenges.issue(ada)
    await clock.advance(CHALLENGE_MS)
    assert.equal(challenges.take(late.id, 'sudo', 'ada', 's1'), null, 'too late')
  })

  test('of strangers push out strangers, never those of people who are known', () => {
    const challenges = createPasskeyChallenges(createFakeClock())
    const own = challenges.issue(ada)
    const stranger = challenges.issue(anybody)
    for (let turn = 0; turn < 1_000; turn++) challenges.issue(anybody)
    assert.equal(challenges.take(stranger.id, 'sign-in', null, null), null)
    assert.ok(challenges.take(own.id, 'sudo', 'ada', 's1'))
  })
})
