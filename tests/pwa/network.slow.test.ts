import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { noChromium } from '../harness/chromium.ts'
import { livedInHome } from './home-data.ts'
import { networkOf } from './home-network.ts'
import { visit } from './phone.ts'

/** For looking at: LARES_TEST_LOOK=FOLDER. */
const folder = process.env['LARES_TEST_LOOK']

test('another Wi-Fi: heard, picked, joined, and what came of it', { skip: noChromium() }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  const { page } = phone
  // A language without a country: nothing to guess from.
  await page.addInitScript(() => Object.defineProperty(navigator, 'languages', { get: () => ['en'] }))
  const network = networkOf(home.state)
  const look = async (name: string): Promise<void> => {
    if (folder === undefined) return
    await mkdir(folder, { recursive: true })
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
  }
  await go('/more/network')
  await page.getByText('Sparrow lane, strong').waitFor()
  await page.getByRole('button', { name: 'Listen for networks' }).click()
  await page.getByRole('radio', { name: 'Office' }).waitFor()
  assert.equal(await page.getByRole('radio', { name: 'Office' }).isDisabled(), true)
  await page.getByRole('button', { name: 'Join this Wi-Fi' }).click()
  await page.getByText('Pick a network, or type its name.').waitFor()
  await page.getByRole('radio', { name: /^The neighbours/ }).click()
  await page.getByRole('textbox', { name: 'Password of the Wi-Fi' }).fill('short')
  await page.getByRole('button', { name: 'Join this Wi-Fi' }).click()
  await page.getByText('It has 8 to 63 characters.').waitFor()
  assert.equal(network.joining, null)
  await page.getByText('Say which country the box is in.').waitFor()
  await look('join-wrong')
  await page.getByRole('textbox', { name: 'Password of the Wi-Fi' }).fill('hunter22')
  await page.getByRole('combobox', { name: 'Country in which the box is' }).selectOption('Germany')
  await page.getByRole('button', { name: 'Join this Wi-Fi' }).click()
  await page.getByText(/^Joining The neighbours/).waitFor()
  await look('joining')
  assert.equal(network.country, 'DE')
  assert.match(String(network.joining), /^The neighbours/)
  Object.assign(network, { joining: null, lastJoin: { ssid: 'The neighbours', failure: 'wrong-password' } })
  await page.getByText('The neighbours did not accept the password.').waitFor()
  await page.getByText('It is where it was before.').waitFor()
  await look('join-failed')
  await page.getByRole('button', { name: 'Listen for networks' }).click()
  assert.equal(await page.getByRole('combobox', { name: 'Country in which the box is' }).inputValue(), 'DE')
  await page.getByRole('button', { name: 'Forget this Wi-Fi' }).click()
  await page.getByText('Not used').waitFor()
})

test('a box without a radio, and a machine of its own, are told kindly', { skip: noChromium() }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  Object.assign(networkOf(home.state), { wifi: 'elsewhere', wired: null, known: null, current: null })
  await go('/more/network')
  await phone.page.getByText('This machine joins networks itself').waitFor()
  assert.equal(await phone.page.getByRole('button', { name: 'Listen for networks' }).count(), 0)
  Object.assign(networkOf(home.state), { wifi: 'none' })
  await go('/more/network')
  await phone.page.getByText('This box has no Wi-Fi').waitFor()
})

test('mistakes in the files on the card stand on the first page of setup', { skip: noChromium() }, async (t) => {
  const { home, phone, go } = await visit(t, { setupDone: false, expected: /status of (401|503)/ })
  const words = 'lares.toml, line 6: The country is two letters, for example DE.'
  home.state.knobs.cardProblems = [words]
  await go('/setup/code')
  await phone.page.getByText(words).waitFor()
  await phone.page.getByText('Something in the files on the card could not be taken over').waitFor()
  if (folder !== undefined) await phone.page.screenshot({ path: join(folder, 'setup-card.png') })
})
