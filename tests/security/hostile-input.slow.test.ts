import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { attack, counts, endCampaign, identity, signInAgain, startCampaign, undocumented } from './hostile-campaign.ts'
import type { WholeHome } from './whole-home.ts'

const REQUESTS = 20_000

describe('hostile input', { timeout: 600_000 }, () => {
  let at: WholeHome
  before(async () => {
    at = await startCampaign()
  })
  after(endCampaign)

  test('SEC-A9 SEC-C9 20 000 hostile requests to every route: never a 5xx, never a stack trace, and accounts stay as they are', async (t) => {
    const failures = await attack(REQUESTS)
    t.diagnostic(JSON.stringify(counts))
    assert.deepEqual(failures, [])
    assert.ok(counts.requests >= REQUESTS, `only ${counts.requests} requests`)
    assert.ok(counts.passed > counts.requests / 50, 'hardly any request got behind the checks')
    assert.ok(counts.unchanged > 100, 'hardly any batch was refused as a whole')
  })

  test('SEC-A9 every one of those answers is in the API document', () => {
    assert.deepEqual([...undocumented], [])
  })

  test('SEC-A9 SEC-C9 afterwards the box answers, and its owner signs in as before', async () => {
    // By now the box may ask everybody for a certificate.
    const browser = at.browser(identity)
    assert.equal((await browser.call('GET', '/api/live')).status, 200)
    await signInAgain(browser)
    assert.equal((await browser.call('GET', '/api/people')).status, 200)
  })
})
