// One's own account in the app, in a real browser before the real accounts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signIn as signInElsewhere } from '../accounts/access.ts'
import { noChromium } from '../harness/chromium.ts'
import { totpCode } from '../harness/setup.ts'
import { MINUTE_MS, addLock, visitReal } from './real-home.ts'
import type { RealVisit } from './real-home.ts'

const skip = noChromium()
const NEW_PASSWORD = 'Anders-7-Wolke-Zaun'

async function signOut({ page }: RealVisit): Promise<void> {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByRole('heading', { name: 'Welcome home' }).waitFor()
}

/** The sheet that asks once more who it is; the code of now works once. */
async function confirmWithCode({ at, owner, page }: RealVisit): Promise<void> {
  await at.clock.advance(30_000)
  const sheet = page.getByRole('dialog', { name: 'Is it really you?' })
  await sheet.getByLabel('Six digits from the app').fill(owner.totp())
  await sheet.getByRole('button', { name: 'Go on' }).click()
  await sheet.waitFor({ state: 'detached' })
}

/** So that it is not offered by itself: this lock would answer before anybody sees the page. */
async function forgetPasskeyUse({ page }: RealVisit): Promise<void> {
  await page.evaluate(() => localStorage.removeItem('lares.passkey'))
}

async function addPasskey(visited: RealVisit, name: string): Promise<void> {
  const { page } = visited
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByRole('button', { name: 'Go on' }).click()
}

test(
  'SEC-A5 SEC-A14 a passkey is added after asking once more, signs in alone, and no longer when removed',
  { skip },
  async (t) => {
    const visited = await visitReal(t)
    const { owner, page, signIn, pass, ended } = visited
    await addLock(visited)
    await signIn({ trusted: true })
    await pass(6 * MINUTE_MS)
    await addPasskey(visited, 'My phone')
    await confirmWithCode(visited)
    await page.getByRole('button', { name: 'Change My phone' }).waitFor()
    await forgetPasskeyUse(visited)
    await signOut(visited)

    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByRole('heading', { name: 'You', exact: true }).waitFor()
    assert.equal(await page.getByText('not used yet').count(), 0)
    await page.getByRole('button', { name: 'Change My phone' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Pocket')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Change Pocket' }).waitFor()

    // Offered under the name field, where it was used before; this lock picks it at once.
    const picked = page.waitForResponse((response) => response.url().endsWith('/api/session/passkey') && response.ok())
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await picked
    await page.getByRole('heading', { name: 'You', exact: true }).waitFor()

    await forgetPasskeyUse(visited)
    await signOut(visited)
    await page.getByLabel('User name').fill(owner.username)
    await page.getByLabel('Password', { exact: true }).fill(owner.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('button', { name: 'Use your passkey instead' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Change Pocket' }).click()
    await page.getByRole('button', { name: 'Remove this passkey' }).click()
    await page.getByRole('dialog', { name: 'Remove Pocket?' }).getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('button', { name: 'Change Pocket' }).waitFor({ state: 'detached' })
    await forgetPasskeyUse(visited)
    await signOut(visited)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByRole('alert').waitFor()
    assert.deepEqual(new Set(ended()), new Set(['signed-out']))
  },
)

test('SEC-A14 a passkey confirms a dangerous act', { skip }, async (t) => {
  const visited = await visitReal(t)
  const { page, signIn, pass } = visited
  await addLock(visited)
  await signIn({ trusted: true })
  await addPasskey(visited, 'My phone')
  await page.getByRole('button', { name: 'Change My phone' }).waitFor()
  await pass(6 * MINUTE_MS)
  await page.getByRole('button', { name: 'Replace authenticator app' }).click()
  await page.getByRole('button', { name: 'Use your passkey', exact: true }).click()
  await page.getByRole('img', { name: /QR picture/ }).waitFor()
})

test('SEC-A14 who does not confirm changes nothing and is told nothing', { skip }, async (t) => {
  const { page, signIn, pass } = await visitReal(t)
  await signIn()
  await pass(6 * MINUTE_MS)
  const own = page.getByRole('switch', { name: 'Chrome on Android is my own phone: stay signed in' })
  await own.click()
  const sheet = page.getByRole('dialog', { name: 'Is it really you?' })
  await sheet.getByLabel('Six digits from the app').fill('000000')
  await sheet.getByRole('button', { name: 'Go on' }).click()
  await sheet.getByRole('alert').waitFor()
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
  assert.equal(await own.getAttribute('aria-checked'), 'false')
  assert.equal(await page.getByRole('alert').count(), 0)
  // The focus is back, as soon as the page has drawn itself anew.
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'switch')
})

test('SEC-A8 phones are listed, trusted after confirming, and signed out one by one or all', { skip }, async (t) => {
  const visited = await visitReal(t)
  const { at, owner, page, signIn, pass } = visited
  const elsewhere = await signInElsewhere(at, owner)
  await signIn()
  await page.getByText('This phone or browser').waitFor()
  await pass(6 * MINUTE_MS)
  const own = page.getByRole('switch', { name: 'Chrome on Android is my own phone: stay signed in' })
  await own.click()
  await confirmWithCode(visited)
  await page.getByText('Chrome on Android stays signed in while it is used.').waitFor()
  assert.equal(await own.getAttribute('aria-checked'), 'true')
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere else' }).click()
  await page.getByText('Signed out everywhere else.').waitFor()
  assert.equal((await elsewhere.call('GET', '/api/me')).status, 401)
  assert.equal(await page.getByRole('listitem').filter({ hasText: 'Last used' }).count(), 0)
  // Trusted: hours without a touch do not end it.
  await pass(180 * MINUTE_MS)
  await page.reload()
  await page.getByText('This phone or browser').waitFor()
})

test('SEC-A2 SEC-A4 password, authenticator and recovery codes are changed here', { skip }, async (t) => {
  const visited = await visitReal(t)
  const { at, owner, page, signIn } = visited
  await signIn()
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByLabel('Current password').fill(owner.password)
  await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD)
  await page.getByRole('dialog').getByRole('button', { name: 'Change password' }).click()
  await page.getByText('Password changed.').waitFor()

  await page.getByRole('button', { name: 'Replace authenticator app' }).click()
  await page.getByText('Can’t scan? Type this key').click()
  const secret = ((await page.locator('.secret').textContent()) ?? '').replaceAll(' ', '')
  await page.getByLabel('Six digits from the app').fill(totpCode(secret, at.clock.now()))
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('The authenticator app is asked for from now on.').waitFor()

  await at.clock.advance(30_000)
  await page.getByRole('button', { name: 'Make new recovery codes' }).click()
  await page.getByLabel('Current password').fill(NEW_PASSWORD)
  await page.getByLabel('Six digits from the app').fill(totpCode(secret, at.clock.now()))
  await page.getByRole('dialog').getByRole('button', { name: 'Make new recovery codes' }).click()
  const list = page.getByRole('list', { name: 'Recovery codes' })
  await list.waitFor()
  const codes = await list.getByRole('listitem').allInnerTexts()
  assert.equal(codes.length, 10)
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await signOut(visited)

  await page.getByLabel('User name').fill(owner.username)
  await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: /Use a recovery code/ }).click()
  await page.getByLabel('Recovery code').fill(codes[3] ?? '')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('9 codes left').waitFor()
})

test('SEC-A10 SEC-A4 an invitation makes an account with a second factor, once', { skip }, async (t) => {
  const { at, browser, page, go, origin } = await visitReal(t)
  const { link } = await browser.must<{ link: string }>('POST', '/api/invitations', {
    displayName: 'Ben',
    role: 'operator',
  })
  const path = new URL(link).pathname + new URL(link).hash
  await go(path)
  await page.getByRole('heading', { name: 'Welcome to Test home' }).waitFor()
  assert.equal(page.url(), `${origin}/invite`, 'the token has left the address bar')
  assert.equal(await page.getByLabel('Your name').inputValue(), 'Ben')
  await page.getByLabel('User name').fill('ADA')
  await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('This sign-in name is taken.').first().waitFor()
  await page.getByLabel('User name').fill('ben')
  await page.getByRole('button', { name: 'Continue' }).click()
  const key = page.locator('.secret')
  await key.waitFor({ state: 'attached' })
  const secret = ((await key.textContent()) ?? '').replaceAll(' ', '')

  // The phone drops the page while the person is in the authenticator app: the picture that was scanned still counts.
  await page.reload()
  await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Six digits from the app').fill(totpCode(secret, at.clock.now()))
  await page.getByRole('button', { name: 'Come in' }).click()
  await page.getByRole('list', { name: 'Recovery codes' }).waitFor()
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByRole('navigation', { name: 'Places' }).waitFor()
  const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))
  assert.ok(!kept.includes(secret) && !kept.includes(NEW_PASSWORD))

  await go(path)
  await page.getByRole('heading', { name: 'You are signed in as Ben' }).waitFor()
  await page.getByRole('button', { name: 'Sign out and use it' }).click()
  await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor()
  await page.getByText('used already').waitFor()
})

test('SEC-A4 who is made an operator sets a second factor up at the next sign-in', { skip }, async (t) => {
  const { at, browser, page, go } = await visitReal(t)
  const { link } = await browser.must<{ link: string }>('POST', '/api/invitations', {
    displayName: 'Eva',
    role: 'viewer',
  })
  const token = new URL(link).hash.slice(1)
  const account = { username: 'eva', displayName: 'Eva', password: NEW_PASSWORD }
  const { user } = await at
    .browser()
    .must<{ user: { id: string } }>('POST', '/api/invitations/accept', { token, ...account })
  const enter = async () => {
    await go('/more/account')
    await page.getByLabel('User name').fill('eva')
    await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }
  await enter()
  await page.getByText('Not set up: the password alone opens your account').waitFor()
  await browser.must('PATCH', `/api/people/${user.id}`, { role: 'operator' })
  await page.getByText('What you may do here was changed').waitFor()
  await enter()
  await page.getByRole('heading', { name: 'Add your phone as a key' }).waitFor()
  const secret = ((await page.locator('.secret').textContent()) ?? '').replaceAll(' ', '')
  await page.getByLabel('Six digits from the app').fill(totpCode(secret, at.clock.now()))
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('list', { name: 'Recovery codes' }).waitFor()
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByText('10 codes left').waitFor()
  assert.equal(await page.getByText('Operator').count(), 1)
})
