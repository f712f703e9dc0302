import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setUpOwner, startAccess, type Access } from '../accounts/access.ts'
import { addPerson } from '../accounts/factors.ts'

const ROUNDS = 15
const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

describe('how long a refused sign-in takes', () => {
  let at: Access
  before(async () => {
    at = await startAccess()
    await setUpOwner(at)
  })
  after(() => at.stop())

  test('SEC-A12 does not tell whether the name exists, or was deactivated', async () => {
    await addPerson(at, 'vera', 'viewer')
    await at.database.writer.updateTable('users').set({ active: 0 }).where('username', '=', 'vera').execute()
    const attempt = async (username: string, round: number): Promise<number> => {
      const startedAt = performance.now()
      // Each round from another address, and with time in between, so that no delay of the account comes in between.
      const client = { address: `198.51.100.${round}`, userAgent: 'x', deviceToken: null, origin: at.origin }
      const request = { username, password: 'Falsch-9-Kanone-Ofen', ...client }
      await assert.rejects(at.accounts.signIn(request), { code: 'SIGN_IN_FAILED' })
      const tookMs = performance.now() - startedAt
      at.clock.setWallClock(at.clock.now() + 16 * 60_000)
      return tookMs
    }
    const tookMs: Record<string, number[]> = { ada: [], nobody: [], vera: [] }
    for (let round = 0; round < ROUNDS; round++)
      for (const [name, times] of Object.entries(tookMs)) times.push(await attempt(name, round))
    for (const name of ['nobody', 'vera']) {
      const ratio = median(tookMs[name] ?? []) / median(tookMs['ada'] ?? [])
      // A look-up without a hash would be thirty times faster.
      assert.ok(ratio > 0.6 && ratio < 1.7, `${name} ÷ known = ${ratio.toFixed(2)}`)
    }
  })
})
