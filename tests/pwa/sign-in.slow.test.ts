import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noChromium } from '../harness/chromium.ts'
import { livedInHome } from './home-data.ts'
import { OWNER, RECOVERY_CODES, TOTP_CODE } from './home-state.ts'
import { visit } from './phone.ts'

const REFUSED = /status of 40[13]/

test(
  'SEC-A4 signing in asks for the code after the password, and returns to the page that was asked for',
  { skip: noChromium() },
  async (t) => {
    const { phone, go } = await visit(t, { data: livedInHome(), signedIn: false, expected: REFUSED })
    const { page } = phone
    await go('/plugs')
    await page.waitForURL('**/sign-in?to=%2Fplugs')
    await page.getByLabel('User name').fill('Ada')
    await page.getByLabel('Password').fill('not this one')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('alert').getByText('That user name or password is not right.').waitFor()
    await page.getByRole('alert').getByText('You are not signed in yet.').waitFor()

    await page.getByLabel('Password').fill(OWNER.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'One more step' }).waitFor()
    await page.getByLabel('Six-digit code').fill(TOTP_CODE)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('heading', { name: 'Plugs' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/plugs')
  },
)

test('SEC-A4 a recovery code opens Lares when the phone with the codes is lost', { skip: noChromium() }, async (t) => {
  const { phone, go } = await visit(t, { data: livedInHome(), signedIn: false, expected: REFUSED })
  const { page } = phone
  await go('/sign-in')
  await page.getByLabel('User name').fill(OWNER.username)
  await page.getByLabel('Password').fill(OWNER.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: /Use a recovery code/ }).click()
  await page.getByLabel('Recovery code').fill(RECOVERY_CODES[0] ?? '')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('navigation', { name: 'Places' }).waitFor()
})

test('an address outside the app is never followed after signing in', { skip: noChromium() }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome(), expected: REFUSED })
  for (const to of ['https://example.org/', '//example.org/', '/\\example.org', 'javascript:alert(1)']) {
    await go(`/sign-in?to=${encodeURIComponent(to)}`)
    await phone.page.getByRole('navigation', { name: 'Places' }).waitFor()
    assert.equal(phone.page.url(), `${home.origin}/`)
  }
})

test(
  'signing out, and a session that ends elsewhere, both lead to the sign-in page',
  { skip: noChromium() },
  async (t) => {
    const { home, phone, go, goLive } = await visit(t, { data: livedInHome(), expected: REFUSED })
    const { page } = phone
    await go('/more/account')
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.waitForURL('**/sign-in**')
    assert.equal(home.state.sessions.size, 0)
    assert.equal(await page.getByText('You are signed out').count(), 0, 'who did it knows it')

    await phone.context.addCookies([{ ...home.signedIn(), secure: true, httpOnly: true, sameSite: 'Strict' }])
    await goLive('/')
    await page.getByText('Hall sends no pictures.').waitFor()
    const sessionId = home.signedIn().value
    home.state.sessions.clear()
    home.bus.emit('session.ended', { sessionId, userId: 'ada', reason: 'ended-by-owner' })
    await page.waitForURL('**/sign-in**')
  },
)
