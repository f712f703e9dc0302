import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setUpOwner, startAccess, type Access } from '../accounts/access.ts'

const ROUNDS = 15
const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

describe('how long a refused sign-in takes', () => {
  let at: Access
  before(async () => {
    at = await startAccess()
    await setUpOwner(at)
  })
  after(() => at.stop())

  test('SEC-A12 does not tell whether the name exists', async () => {
    const attempt = async (username: string, round: number): Promise<number> => {
      const startedAt = performance.now()
      // Each round from another address, and with time in between, so that no delay of the account comes in between.
      const request = { username, password: 'Falsch-9-Kanone-Ofen', address: `198.51.100.${round}`, userAgent: 'x' }
      await assert.rejects(at.accounts.signIn({ ...request, sessionToken: null }), { code: 'SIGN_IN_FAILED' })
      const tookMs = performance.now() - startedAt
      at.clock.setWallClock(at.clock.now() + 16 * 60_000)
      return tookMs
    }
    const known: number[] = []
    const unknown: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      known.push(await attempt('ada', round))
      unknown.push(await attempt('nobody', round))
    }
    const ratio = median(unknown) / median(known)
    // A look-up without a hash would be thirty times faster.
    assert.ok(ratio > 0.6 && ratio < 1.7, `unknown ÷ known = ${ratio.toFixed(2)}`)
  })
})
