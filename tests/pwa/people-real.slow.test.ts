// The pages that look after others before the real accounts: what they show and send is what the box means.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noChromium } from '../harness/chromium.ts'
import { visitReal } from './real-home.ts'

const GUEST = { username: 'ben', displayName: 'Ben', password: 'Rabe-7-Laterne-Moos' }

test(
  'SEC-A10 invited, given a role of this home, reset, switched off and removed; the record tells all of it',
  { skip: noChromium() },
  async (t) => {
    const { at, page, go, signIn } = await visitReal(t)
    await signIn({ path: '/more/roles' })
    await page.getByRole('button', { name: 'Make a role' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('Name', { exact: true }).fill('Neighbour')
    await sheet.getByRole('checkbox', { name: 'See plugs and what they use' }).check()
    await sheet.getByRole('button', { name: 'Make a role' }).click()
    await page.getByText('Neighbour can be given to people now.').waitFor()

    await go('/more/people')
    await page.getByText('You are on your own here').waitFor()
    await page.getByRole('button', { name: 'Invite somebody' }).click()
    await page.getByLabel('Who is it for?').fill('Ben')
    await page.getByRole('radio', { name: 'Guest' }).check()
    await page.getByRole('button', { name: 'Make the link' }).click()
    const link = await page.getByRole('group', { name: 'Invitation link' }).textContent()
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByText('Invited by Ada L').waitFor()
    const ben = at.browser()
    await ben.must('POST', '/api/invitations/accept', { token: link?.split('#')[1], ...GUEST })

    await go('/more/people')
    await page.getByRole('link', { name: /^Ben Guest/ }).click()
    await page.getByText('1 phone or browser').waitFor()
    await page.getByRole('button', { name: 'Change role' }).click()
    await page.getByRole('radio', { name: 'Neighbour' }).check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Ben is Neighbour now.').waitFor()
    await page.getByText('No phone or browser').waitFor()
    assert.equal((await ben.call('GET', '/api/me')).status, 401)

    await page.getByRole('button', { name: 'Reset password' }).click()
    await sheet.getByRole('button', { name: 'Reset password' }).click()
    const temporary = await page.getByRole('group', { name: 'Temporary password' }).textContent()
    await page.getByRole('button', { name: 'I have it' }).click()
    const again = await at.browser().call('POST', '/api/session', { username: 'ben', password: temporary })
    assert.equal(again.json()['error_code'], 'PASSWORD_EXPIRED')

    await page.getByRole('button', { name: 'Switch account off' }).click()
    await page.getByText('Ben can no longer sign in.').waitFor()
    await page.getByRole('button', { name: 'Switch account on' }).waitFor()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('button', { name: 'Remove account' }).click()
    await page.getByText('You are on your own here').waitFor()

    await go('/more/record')
    for (const line of [
      'Ada L removed the account of somebody who is gone',
      'Ada L switched off the account of somebody who is gone',
      'Ada L reset a password of somebody who is gone',
      'Ada L invited Ben',
      'Ada L made the role Neighbour',
    ])
      await page.getByText(line).waitFor()
    await page
      .getByText(/^Ada L signed in from/)
      .first()
      .waitFor()
  },
)

test(
  'SEC-A11 SEC-A14 a key made in the app opens what it was made for, until it is taken back',
  { skip: noChromium() },
  async (t) => {
    const { at, owner, page, signIn, go, pass } = await visitReal(t)
    await signIn({ path: '/more/keys' })
    await page.getByRole('button', { name: 'Make a key' }).click()
    await page.getByLabel('Which program is it for?').fill('Home Assistant')
    await page.getByRole('button', { name: 'Make the key' }).click()
    const key = (await page.getByRole('group', { name: 'The key' }).textContent()) ?? ''
    await page.getByRole('button', { name: 'I have it' }).click()
    const program = at.browser()
    const ask = async (path: string) => (await program.call('GET', path, undefined, { 'x-api-key': key })).status
    assert.equal(await ask('/api/incidents'), 200)
    assert.equal(await ask('/api/people'), 403)
    await go('/more/keys')
    await page.getByText(/^Begins with .* · Used/).waitFor()

    // Ten minutes later the box asks again who it is.
    await pass(10 * 60_000)
    await page.getByRole('button', { name: 'Take back Home Assistant' }).click()
    await page.getByRole('button', { name: 'Take back', exact: true }).click()
    const sudo = page.getByRole('dialog', { name: 'Is it really you?' })
    await sudo.getByLabel('Six digits from the app').fill(owner.totp())
    await sudo.getByRole('button', { name: 'Go on' }).click()
    await page.getByText('The key of Home Assistant no longer works.').waitFor()
    assert.equal(await ask('/api/incidents'), 401)
  },
)

test('every setting of the box can be seen; one is changed and put back', { skip: noChromium() }, async (t) => {
  const { page, signIn, browser } = await visitReal(t)
  await signIn({ path: '/more/settings' })
  const { settings } = await browser.must<{ settings: { words: string }[] }>('GET', '/api/settings')
  assert.ok(settings.length > 5)
  for (const { words } of settings) await page.getByText(words, { exact: true }).first().waitFor()
  await page.getByLabel('Search').fill('PASSWORD_MAX_AGE_DAYS')
  await page.getByRole('button', { name: /new password/ }).click()
  const field = page.getByRole('dialog').getByRole('textbox')
  await field.fill('45')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: /new password.*Default: 90.*45/ }).click()
  await page.getByRole('button', { name: 'Back to 90' }).click()
  await page.getByRole('button', { name: /new password[^D]*90$/ }).waitFor()
})
