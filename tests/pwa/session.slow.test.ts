// How long one stays signed in, and what the app says about it: the built app in a real browser before the real accounts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { signIn as signInElsewhere } from '../accounts/access.ts'
import { noChromium } from '../harness/chromium.ts'
import { MINUTE_MS, allRead, visitReal } from './real-home.ts'
import type { RealVisit } from './real-home.ts'

const skip = noChromium()
const warning = (page: Page) => page.getByRole('dialog', { name: 'Are you still there?' })

test('SEC-A6 the app refreshes five minutes before the end, one of its tabs for all', { skip }, async (t) => {
  const { phone, page, origin, signIn, pass, ended } = await visitReal(t)
  await signIn({ trusted: true })
  const second = await phone.context.newPage()
  await second.goto(`${origin}/more/account`)
  await allRead(second)
  const refreshes: string[] = []
  for (const tab of [page, second])
    tab.on('response', (response) => {
      if (response.url().endsWith('/api/session/refresh')) refreshes.push(String(response.status()))
    })
  for (let round = 1; round <= 3; round++) {
    // Never beyond the token's end: the box's clock goes ahead of the phone's, and a call in between would be refused.
    await pass(24 * MINUTE_MS)
    await pass(2 * MINUTE_MS)
    await until(() => refreshes.length >= round)
    await page.getByRole('button', { name: 'Change password' }).waitFor()
  }
  assert.deepEqual([...new Set(refreshes)], ['200'])
  // The clocks of the tabs jump one after the other, which now and then costs one more; each for itself would be six.
  assert.ok(refreshes.length <= 4, refreshes.join(' '))
  assert.deepEqual(ended(), [], 'no token was used twice')
})

test('SEC-A6 a trusted phone that slept for hours goes on without a word', { skip }, async (t) => {
  const { page, signIn, pass, ended } = await visitReal(t)
  await signIn({ trusted: true })
  await pass(3 * 60 * MINUTE_MS)
  await page.getByRole('link', { name: 'Plugs' }).click()
  await page.getByRole('switch', { name: 'Freezer' }).waitFor()
  assert.deepEqual(ended(), [])
})

test('SEC-A8 before an unused session ends the app asks, and one tap keeps it', { skip }, async (t) => {
  const { page, signIn, pass, ended } = await visitReal(t)
  await signIn()
  await pass(24 * MINUTE_MS)
  assert.equal(await warning(page).count(), 0)
  await pass(90_000)
  await warning(page).waitFor()
  await warning(page)
    .getByText(/Signed out in 4:\d\d/)
    .waitFor()
  await warning(page).getByRole('status').getByText('You are signed out in 4 minutes.').waitFor({ state: 'attached' })
  assert.equal(await page.evaluate(() => document.querySelector('dialog')?.contains(document.activeElement)), true)
  await page.getByRole('button', { name: 'Stay signed in' }).click()
  await warning(page).waitFor({ state: 'detached' })
  await pass(24 * MINUTE_MS)
  assert.equal(await warning(page).count(), 0)
  assert.deepEqual(ended(), [])

  await pass(90_000)
  await warning(page).waitFor()
  await pass(5 * MINUTE_MS)
  await page.getByText('You were away for a while').waitFor()
  assert.equal(new URL(page.url()).search, `?to=${encodeURIComponent('/more/account')}`)
  assert.deepEqual(ended(), ['idle'])
})

/** A minute after the last touch, and nothing more under way that was asked before: that would count as use after a jump. */
async function leftAlone({ page, pass }: RealVisit): Promise<void> {
  await pass(MINUTE_MS + 1_000)
  for (let answers = 0; answers < 3; answers++)
    await page.waitForResponse((response) => response.request().headers()['x-lares-idle'] === '1')
}

test('SEC-A8 any touch keeps a session, what the app does by itself does not', { skip }, async (t) => {
  const visit = await visitReal(t)
  const { page, signIn, pass, ended } = visit
  await signIn({ path: '/' })
  for (let round = 0; round < 4; round++) {
    await leftAlone(visit)
    await pass(14 * MINUTE_MS)
    const stayed = page.waitForResponse((response) => response.url().endsWith('/api/session/stay') && response.ok())
    await page.mouse.move(50 + round * 10, 200)
    await stayed
  }
  assert.deepEqual(ended(), [])
  // Now nobody is there; the page goes on reading and the stream goes on running.
  await leftAlone(visit)
  for (let round = 0; round < 7; round++) await pass(5 * MINUTE_MS)
  await page.getByText('You were away for a while').waitFor()
})

test('SEC-A8 a phone that slept through the end shows the sign-in page, not a countdown', { skip }, async (t) => {
  const { page, signIn, pass } = await visitReal(t)
  await signIn()
  await pass(3 * 60 * MINUTE_MS)
  await page.getByText('You were away for a while').waitFor()
  assert.equal(await page.getByText(/Signed out in/).count(), 0)
  await signIn()
  await page.getByRole('heading', { name: 'You', exact: true }).waitFor()
})

test(
  'SEC-A8 the oldest of too many sign-ins is ended and told why, at once and after a restart of the app',
  { skip },
  async (t) => {
    const { at, owner, page, signIn } = await visitReal(t)
    await signIn()
    for (let each = 0; each < 3; each++) await signInElsewhere(at, owner)
    await page.getByText('You signed in on another phone').waitFor()
  },
)

test('SEC-A8 a password that was changed elsewhere ends this one, in words', { skip }, async (t) => {
  const { at, owner, page, signIn } = await visitReal(t)
  const elsewhere = await signInElsewhere(at, owner)
  await signIn()
  await elsewhere.must('POST', '/api/me/password', {
    currentPassword: owner.password,
    newPassword: 'Anders-7-Wolke-Zaun',
  })
  await page.getByText('Your password was changed').waitFor()
})

async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 10_000
  while (!isSo()) {
    assert.ok(Date.now() < end, 'it comes to pass')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
