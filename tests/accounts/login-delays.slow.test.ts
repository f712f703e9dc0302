import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import fc from 'fast-check'
import { delayAfterMs } from '../../appliance/src/accounts/sign-in/login-delays.ts'
import { loginFreeFailures } from '../../appliance/src/accounts/settings.ts'
import { setUpOwner, startAccess, type Access, type Owner } from './access.ts'
import { readAudit } from './factors.ts'

const STRANGER = '203.0.113.7'

let at: Access
let owner: Owner

const right = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...{ username: owner.username, password: owner.password, code: owner.totp(), ...changes },
})
/** Signs in as from another address: over the feature's own door, because loopback has only one. */
const from = (address: string, changes: Record<string, unknown> = {}): Promise<string> =>
  at.accounts
    .signIn({
      ...(right(changes) as { username: string; password: string }),
      address,
      userAgent: 'test',
      deviceToken: null,
      origin: at.origin,
    })
    .then(({ status }) => status)
    .catch((error: { code: string }) => error.code)
/** A browser that somebody signed in with, somewhere else. */
async function wasSignedInBefore(): Promise<{ id: string; deviceToken: string }> {
  const { id } = await at.database.reader.selectFrom('users').select('id').executeTakeFirstOrThrow()
  const client = { address: '10.0.0.9', userAgent: 'x', deviceToken: null }
  const { tokens } = await at.database.transaction((trx) =>
    at.accounts.openSession(trx, id, client, { trusted: false, fresh: false }),
  )
  assert.ok(tokens.device)
  return { id, deviceToken: tokens.device }
}
const times = async (count: number, work: () => Promise<unknown>): Promise<unknown[]> => {
  const results: unknown[] = []
  for (let done = 0; done < count; done++) results.push(await work())
  return results
}

beforeEach(async () => {
  at = await startAccess()
  owner = (await setUpOwner(at)).owner
})
afterEach(() => at.stop())

describe('SEC-A12 growing delays', () => {
  const wrong = (address = STRANGER): Promise<string> => from(address, { password: 'Falsch-9-Kanone-Ofen' })

  test('after five failures each further try waits, twice as long each time, up to a quarter of an hour', async () => {
    assert.deepEqual(await times(5, wrong), Array(5).fill('SIGN_IN_FAILED'))
    assert.equal(await from(STRANGER), 'RATE_LIMITED', 'the right password has to wait too')
    for (const waitS of [2, 4, 8, 16]) {
      await at.clock.advance((waitS - 1) * 1000)
      assert.equal(await wrong(), 'RATE_LIMITED', `${waitS} s are not over`)
      await at.clock.advance(1000)
      assert.equal(await wrong(), 'SIGN_IN_FAILED', `${waitS} s are over`)
    }
    await at.clock.advance(15 * 60_000)
    assert.equal(await from(STRANGER), 'signed-in')
    assert.deepEqual(await times(5, wrong), Array(5).fill('SIGN_IN_FAILED'), 'a good sign-in starts again at nothing')
  })

  test('the delay holds for the account from anywhere, and for the address with any account', async () => {
    await times(5, wrong)
    assert.equal(await wrong('198.51.100.9'), 'RATE_LIMITED')
    assert.equal(await from(STRANGER, { username: 'somebody' }), 'RATE_LIMITED')
    assert.equal(await from('198.51.100.9', { username: 'somebody' }), 'SIGN_IN_FAILED')
  })

  test('addresses of one IPv6 network count as one: a home has a billion billion of them', async () => {
    let host = 0
    const unknown = (): Promise<string> => from(`2001:db8::${(++host).toString(16)}`, { username: `n${host}` })
    assert.deepEqual(await times(6, unknown), [...Array<string>(5).fill('SIGN_IN_FAILED'), 'RATE_LIMITED'])
  })

  test('tries that had to wait are in the record too', async () => {
    await times(6, wrong)
    const lines = await readAudit(at, 'login_failure')
    assert.equal(lines.filter(({ details }) => details['reason'] === 'RATE_LIMITED').length, 1)
  })

  test('unknown names are delayed alike', async () => {
    const unknown = (): Promise<string> => from(STRANGER, { username: 'nobody' })
    assert.deepEqual(await times(6, unknown), [...Array<string>(5).fill('SIGN_IN_FAILED'), 'RATE_LIMITED'])
  })

  test('a restart forgives nothing', async () => {
    await times(6, wrong)
    await at.accounts.stop()
    await at.accounts.start()
    const rows = await at.database.reader.selectFrom('login_failures').selectAll().execute()
    assert.deepEqual(
      rows.map(({ failures }) => failures),
      [5, 5],
      'one row for the account, one for the address',
    )
    assert.equal(await wrong(), 'RATE_LIMITED')
  })

  test('how many are free is the setting LOGIN_MAX_FAILURES', async () => {
    assert.equal(loginFreeFailures.env, 'LOGIN_MAX_FAILURES')
    await at.settings.set(loginFreeFailures, 2)
    assert.deepEqual(await times(3, wrong), ['SIGN_IN_FAILED', 'SIGN_IN_FAILED', 'RATE_LIMITED'])
  })

  test('a burst of parallel tries gains nothing', async () => {
    const results = await Promise.all(Array.from({ length: 12 }, () => wrong()))
    assert.equal(results.filter((result) => result === 'SIGN_IN_FAILED').length, 5)
  })

  test('whoever guesses from elsewhere does not lock the owner out at home', async () => {
    await times(40, wrong)
    assert.equal(await from('127.0.0.1'), 'signed-in', 'setup was done from this address')
  })

  test('a browser that was signed in before is not locked out on the way either', async () => {
    const { deviceToken } = await wasSignedInBefore()
    await times(6, wrong)
    const travelling = { ...(right() as { username: string; password: string }), address: '192.0.2.55', userAgent: 'x' }
    const { status } = await at.accounts.signIn({ ...travelling, deviceToken, origin: at.origin })
    assert.equal(status, 'signed-in')
  })

  test('the name of a browser that was never signed in buys nothing', async () => {
    await times(5, wrong)
    const stranger = { ...(right() as { username: string; password: string }), address: '192.0.2.55', userAgent: 'x' }
    const asking = at.accounts.signIn({ ...stranger, deviceToken: 'x'.repeat(43), origin: at.origin })
    await assert.rejects(asking, { code: 'RATE_LIMITED' })
  })

  test('a cookie taken from a browser buys no free tries at every further address', async () => {
    const { id, deviceToken } = await wasSignedInBefore()
    await at.accounts.endOtherSessions(id, null, 'ended-by-owner')
    let guesses = 0
    const guess = (): Promise<string> => {
      const meta = { address: `198.51.100.${++guesses}`, userAgent: 'x', deviceToken, origin: at.origin }
      const wrongOne = { ...(right() as { username: string }), password: 'Falsch-9-Kanone-Ofen', ...meta }
      return at.accounts.signIn(wrongOne).then(
        ({ status }) => status,
        (error: { code: string }) => error.code,
      )
    }
    assert.deepEqual(await times(7, guess), [
      ...Array<string>(5).fill('SIGN_IN_FAILED'),
      'RATE_LIMITED',
      'RATE_LIMITED',
    ])
  })

  test('asking for the code does not count, guessing it does, and waiting once is enough', async () => {
    const noCode = (): Promise<string> => from(STRANGER, { code: undefined })
    assert.deepEqual(await times(8, noCode), Array(8).fill('needs-code'))
    const guess = (): Promise<string> => from(STRANGER, { code: '000000' })
    assert.deepEqual(await times(5, guess), Array(5).fill('CODE_WRONG'))
    assert.equal(await noCode(), 'RATE_LIMITED')
    await at.clock.advance(2_000)
    assert.equal(await noCode(), 'needs-code')
    assert.equal(await from(STRANGER), 'signed-in', 'at once after the password was right')
  })
})

describe('the delay after a number of failures', () => {
  test('never shrinks with more failures and never passes a quarter of an hour', () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.integer({ min: 1, max: 20 }), (failures, free) => {
        const delayMs = delayAfterMs(failures, free)
        assert.ok(delayMs <= delayAfterMs(failures + 1, free))
        assert.ok(delayMs <= 15 * 60_000)
        assert.equal(delayMs === 0, failures < free)
      }),
    )
  })
})
