import assert from 'node:assert/strict'
import { readFile, stat, writeFile, chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { decodeProtectedHeader } from 'jose'
import type { Me } from '../../appliance/src/api/accounts.ts'
import type { SigningKeys } from '../../appliance/src/api/system.ts'
import {
  accessTokenMinutes,
  signingKeyGraceMinutes,
  signingKeyRotationDays,
} from '../../appliance/src/accounts/settings.ts'
import { SESSION_COOKIE } from '../../appliance/src/http/index.ts'
import type { HttpsClient } from '../harness/https-client.ts'
import { setUpOwner, signIn, startAccess, type Access, type AccessOptions, type Owner } from './access.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

let at: Access
let owner: Owner
let browser: HttpsClient

const fileIn = (access: Access): string => join(access.dataDir, 'keys', 'session-signing.json')
const kidOf = (client: HttpsClient): string | undefined =>
  decodeProtectedHeader(client.cookies.get(SESSION_COOKIE) ?? '').kid
const list = (client = browser): Promise<SigningKeys> => client.must('GET', '/api/system/signing-keys')
const statusOf = async (client: HttpsClient): Promise<unknown> => {
  const answer = await client.call('GET', '/api/me/sessions')
  return answer.status === 200 ? 200 : answer.json().error_code
}

async function begin(options: AccessOptions = {}): Promise<void> {
  at = await startAccess(options)
  const home = await setUpOwner(at)
  owner = home.owner
  browser = home.browser
  // Access tokens that live longer than any grace, so that only the keys decide.
  await at.settings.set(accessTokenMinutes, 1_440)
  await browser.must('POST', '/api/session/refresh')
}

/** The same box, stopped and started again; the browser goes on with its cookies. */
async function restart(options: AccessOptions = {}): Promise<void> {
  const startMs = at.clock.now()
  await at.stopServer()
  const cookies = browser.cookies
  at = await startAccess({ ...options, startMs, again: at })
  browser = at.browser()
  for (const [name, value] of cookies) browser.cookies.set(name, value)
}

describe('SEC-A7 keys that sign sessions', () => {
  beforeEach(() => begin())
  afterEach(() => at.stop())

  test('lie in the data folder for their owner alone', async () => {
    assert.equal((await stat(fileIn(at))).mode & 0o777, 0o600)
    assert.equal((await stat(join(at.dataDir, 'keys'))).mode & 0o777, 0o700)
    const { keys, nextRotationAt } = await list()
    assert.deepEqual(
      keys.map(({ id, source, validUntil }) => [id, source, validUntil]),
      [[kidOf(browser), 'made here', null]],
    )
    assert.equal(nextRotationAt, (keys[0]?.createdAt ?? 0) + 30 * DAY_MS)
    const stored = await readFile(fileIn(at), 'utf8')
    const answer = await browser.call('GET', '/api/system/signing-keys')
    const { secret } = (JSON.parse(stored) as { keys: { secret: string }[] }).keys[0] ?? { secret: '' }
    assert.ok(secret.length >= 43 && !answer.body.toString().includes(secret) && !at.logLines.join('').includes(secret))
  })

  test('rotate by the API: the old one is good for its grace, counted from the rotation', async () => {
    const before = kidOf(browser)
    const other = await signIn(at, owner)
    const { keys } = await other.must<SigningKeys>('POST', '/api/system/signing-keys/rotate')
    const rotatedAt = at.clock.now()
    assert.deepEqual(
      keys.map(({ id, validUntil }) => [id === before, validUntil]),
      [
        [false, null],
        [true, rotatedAt + 60 * MINUTE_MS],
      ],
    )
    await other.must('POST', '/api/session/refresh')
    assert.notEqual(kidOf(other), before)
    at.clock.setWallClock(rotatedAt + 60 * MINUTE_MS - 1)
    assert.deepEqual([await statusOf(browser), await statusOf(other)], [200, 200])
    at.clock.setWallClock(rotatedAt + 60 * MINUTE_MS)
    assert.equal(await statusOf(other), 200)
    assert.notEqual(await statusOf(browser), 200)
    await browser.must('POST', '/api/session/refresh')
    assert.equal(await statusOf(browser), 200, 'a refresh is all it takes')
    const [entry] = await at.database.reader
      .selectFrom('audit')
      .selectAll()
      .where('type', '=', 'signing_key_rotated')
      .execute()
    assert.equal(entry?.username, 'ada')
    assert.match(entry?.details ?? '', /"cause":"request"/)
  })

  test('rotating by the API needs a fresh second factor', async () => {
    await at.clock.advance(10 * MINUTE_MS)
    const answer = await browser.call('POST', '/api/system/signing-keys/rotate')
    assert.deepEqual([answer.status, answer.json().error_code], [403, 'SUDO_REQUIRED'])
    assert.equal((await list()).keys.length, 1)
  })

  test('the grace goes on across a restart, and no longer', async () => {
    await (await signIn(at, owner)).must('POST', '/api/system/signing-keys/rotate')
    const rotatedAt = at.clock.now()
    await restart()
    at.clock.setWallClock(rotatedAt + 20 * MINUTE_MS)
    assert.equal(await statusOf(browser), 200)
    at.clock.setWallClock(rotatedAt + 60 * MINUTE_MS)
    assert.notEqual(await statusOf(browser), 200)
  })

  test('rotate by schedule, also when the day passed while the box was off', async () => {
    await at.settings.set(signingKeyRotationDays, 2)
    await at.settings.set(signingKeyGraceMinutes, 0)
    const before = kidOf(browser)
    const { session } = await browser.must<Me>('GET', '/api/me')
    await browser.must('PATCH', `/api/me/sessions/${session.id}`, { trusted: true })
    at.clock.setWallClock(at.clock.now() + 2 * DAY_MS)
    await restart()
    for (let tries = 0; tries < 60 && !at.logLines.some((line) => line.includes('Signing key rotated')); tries++)
      await at.clock.advance(MINUTE_MS)
    assert.equal(await statusOf(browser), 'TOKEN_EXPIRED', 'with no grace everybody renews at once')
    await browser.must('POST', '/api/session/refresh')
    assert.notEqual(kidOf(browser), before)
    assert.equal((await list()).keys.length, 1)
  })

  test('a clock that is not set rotates nothing', async () => {
    await at.settings.set(signingKeyRotationDays, 1)
    const before = await readFile(fileIn(at), 'utf8')
    at.clock.setWallClock(Date.UTC(1970, 0, 2))
    for (let minute = 0; minute < 3; minute++) await at.clock.advance(MINUTE_MS)
    assert.equal(await readFile(fileIn(at), 'utf8'), before)
  })

  test('a damaged file costs everybody a refresh, not the box its start; one that others may read is closed', async () => {
    await chmod(fileIn(at), 0o644)
    await restart()
    assert.equal((await stat(fileIn(at))).mode & 0o777, 0o600)
    assert.equal(await statusOf(browser), 200)
    for (const damage of ['', '{', '{"version":1,"keys":[]}', '{"version":1,"keys":[{"id":"x"}]}', '\u0000\u0000']) {
      await writeFile(fileIn(at), damage)
      await restart()
      assert.equal(await statusOf(browser), 'TOKEN_INVALID', damage)
      await browser.must('POST', '/api/session/refresh')
      assert.equal(await statusOf(browser), 200)
    }
  })
})

describe('SEC-A7 JWT_SECRET_KEY', () => {
  const SECRET = 'a-secret-of-at-least-32-characters-0'
  beforeEach(() => begin({ jwtSecret: SECRET }))
  afterEach(() => at.stop())

  test('is what keys are made from; the same value keeps them, another one counts as a rotation', async () => {
    const first = kidOf(browser)
    assert.deepEqual(
      (await list()).keys.map(({ source }) => source),
      ['environment'],
    )
    assert.ok(!(await readFile(fileIn(at), 'utf8')).includes(SECRET))
    await restart({ jwtSecret: SECRET })
    assert.equal(await statusOf(browser), 200)
    assert.deepEqual(
      (await list()).keys.map(({ id }) => id),
      [first],
    )

    await restart({ jwtSecret: `${SECRET}-changed` })
    const changedAt = at.clock.now()
    assert.equal(await statusOf(browser), 200)
    assert.deepEqual(
      (await list()).keys.map(({ id, validUntil }) => [id === first, validUntil]),
      [
        [false, null],
        [true, changedAt + 60 * MINUTE_MS],
      ],
    )
    await restart()
    assert.deepEqual(
      (await list()).keys.map(({ source }) => source),
      ['made here', 'environment', 'environment'],
      'taken away: the box makes its own again',
    )
  })
})
