import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { WebSocket } from 'ws'
import type { Me } from '../../appliance/src/api/accounts.ts'
import { sessionTimeoutMinutes } from '../../appliance/src/accounts/settings.ts'
import { REFRESH_COOKIE, SESSION_COOKIE } from '../../appliance/src/http/index.ts'
import type { HttpsClient } from '../harness/https-client.ts'
import { addGuest } from './household.ts'
import { setUpOwner, signIn, startAccess, type Access, type Owner } from './access.ts'

const MINUTE_MS = 60_000
const SECOND_MS = 1_000

let at: Access
let owner: Owner
let browser: HttpsClient

interface OpenStream {
  messages: string[]
  /** The close code, and after how many milliseconds from `since` on. */
  closed: Promise<number>
  isOpen(): boolean
}

/** The stream as a page opens it, with the cookies of its browser. */
async function openStream(client: HttpsClient): Promise<OpenStream> {
  const sent = [...client.cookies].filter(([name]) => name !== REFRESH_COOKIE)
  const cookie = sent.map(([name, value]) => `${name}=${value}`).join('; ')
  const socket = new WebSocket(`${at.origin.replace('https', 'wss')}/api/stream`, {
    ca: at.tls.rootPem(),
    headers: { cookie, origin: at.origin },
  })
  const messages: string[] = []
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('message', (data: Buffer) => {
      messages.push(data.toString())
      resolve()
    })
  })
  return { messages, closed, isOpen: () => socket.readyState === WebSocket.OPEN }
}

async function endsWithinASecond(stream: OpenStream, reason: string, cause: () => Promise<unknown>): Promise<void> {
  await cause()
  const startedAt = performance.now()
  assert.equal(await stream.closed, 4001)
  assert.ok(performance.now() - startedAt < SECOND_MS)
  assert.deepEqual(JSON.parse(stream.messages.at(-1) ?? ''), { type: 'ended', reason })
}

/** Until the next look at who is still signed in; a request in between leaves time for the answer to its ping. */
async function beat(): Promise<void> {
  await at.clock.advance(20 * SECOND_MS)
  await at.browser().must('GET', '/api/setup')
}

beforeEach(async () => {
  at = await startAccess()
  const home = await setUpOwner(at)
  owner = home.owner
  browser = home.browser
})
afterEach(() => at.stop())

describe('SEC-A8 an open stream ends with its session, within a second', () => {
  test('when signing out, and only that one', async () => {
    const other = await signIn(at, owner)
    const [gone, stays] = [await openStream(browser), await openStream(other)]
    await endsWithinASecond(gone, 'signed-out', () => browser.must('DELETE', '/api/session'))
    assert.ok(stays.isOpen())
  })

  test('when it is ended from another phone', async () => {
    const other = await signIn(at, owner)
    const stream = await openStream(browser)
    await endsWithinASecond(stream, 'ended-by-owner', () => other.must('DELETE', '/api/me/sessions'))
  })

  test('when the password changes elsewhere', async () => {
    const other = await signIn(at, owner)
    const stream = await openStream(browser)
    const body = { currentPassword: owner.password, newPassword: 'Wolke-7-Besen-Gleis' }
    await endsWithinASecond(stream, 'password-changed', () => other.must('POST', '/api/me/password', body))
    assert.equal((await other.call('GET', '/api/me')).status, 200, 'here one stays signed in, with new tokens')
  })

  test('when its refresh token comes a second time', async () => {
    const stream = await openStream(browser)
    const used = browser.cookies.get(REFRESH_COOKIE) ?? ''
    await browser.must('POST', '/api/session/refresh')
    browser.cookies.set(REFRESH_COOKIE, used)
    await endsWithinASecond(stream, 'token-reuse', () => browser.call('POST', '/api/session/refresh'))
  })

  test('when it turns up in another browser', async () => {
    const stream = await openStream(browser)
    const thief = at.browser()
    thief.cookies.set(SESSION_COOKIE, browser.cookies.get(SESSION_COOKIE) ?? '')
    await endsWithinASecond(stream, 'device-changed', () => thief.call('GET', '/api/me'))
  })

  test('when somebody else takes away what its owner may', async () => {
    const cameras = { cameras: [] }
    const changes = [{ role: 'guest' }, cameras, { active: false }]
    for (const [index, change] of changes.entries()) {
      const { user, browser: theirs } = await addGuest(at, browser, { username: `guest-${index}`, role: 'viewer' })
      const stream = await openStream(theirs)
      await browser.must('PATCH', `/api/people/${user.id}`, change)
      const startedAt = performance.now()
      assert.equal(await stream.closed, 4001)
      assert.ok(performance.now() - startedAt < SECOND_MS)
      assert.equal((await theirs.call('GET', '/api/me')).json().error_code, 'SESSION_REVOKED')
    }
  })

  test('when there are too many', async () => {
    const stream = await openStream(browser)
    await signIn(at, owner)
    await signIn(at, owner)
    await endsWithinASecond(stream, 'too-many-sessions', () => signIn(at, owner))
  })
})

describe('SEC-A8 an open stream', () => {
  test('outlives its access token, and keeps nobody signed in who is gone', async () => {
    const { session } = await browser.must<Me>('GET', '/api/me')
    await browser.must('PATCH', `/api/me/sessions/${session.id}`, { trusted: true })
    const stream = await openStream(browser)
    at.clock.setWallClock(at.clock.now() + 35 * MINUTE_MS)
    await beat()
    assert.equal((await browser.call('GET', '/api/me')).json().error_code, 'TOKEN_EXPIRED')
    assert.ok(stream.isOpen(), 'a trusted phone')
    await browser.must('POST', '/api/session/refresh')
    await browser.must('PATCH', `/api/me/sessions/${session.id}`, { trusted: false })
    await at.settings.set(sessionTimeoutMinutes, 1)
    for (let tries = 0; tries < 6 && at.ended.length === 0; tries++) await beat()
    assert.equal(await stream.closed, 4001)
    assert.equal(at.ended[0]?.reason, 'idle')
  })
})
