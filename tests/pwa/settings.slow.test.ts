import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noChromium } from '../harness/chromium.ts'
import { accessOf } from './home-access.ts'
import { livedInHome } from './home-data.ts'
import { visit } from './phone.ts'

async function visitBox(t: Parameters<typeof visit>[0], path: string) {
  const visited = await visit(t, { data: livedInHome(), expected: /status of 4(00|22)/ })
  visited.home.state.account.freshUntil = Date.now() + 3_600_000
  await visited.go(path)
  const access = accessOf(visited.home.state)
  const value = (key: string) => access.settings.find((each) => each.key === key)?.value
  return { ...visited, page: visited.phone.page, access, value }
}

test(
  'a number is changed within its bounds, taken back, and put back to its default',
  { skip: noChromium() },
  async (t) => {
    const { page, value } = await visitBox(t, '/more/settings')
    const row = page.getByRole('button', { name: /^After how many days/ })
    await row.click()
    const field = page.getByRole('dialog').getByRole('textbox')
    await page.getByText('From 0 to 3650. Default: 90').waitFor()
    for (const [typed, words] of [
      ['', 'Type a number.'],
      ['1.5', 'Type a whole number.'],
      ['4000', 'From 0 to 3650'],
    ] as const) {
      await field.fill(typed)
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText(words, { exact: true }).waitFor()
    }
    await field.fill('30')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    await page.getByRole('button', { name: /^After how many days.*Default: 90.*30/ }).waitFor()
    assert.equal(value('accounts.passwordMaxAgeDays'), 30)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: /^After how many days[^D]*90$/ }).waitFor()
    assert.equal(value('accounts.passwordMaxAgeDays'), 90)

    await page.getByRole('button', { name: /^What this home is called/ }).click()
    await page.getByRole('button', { name: 'Back to Home' }).click()
    await page.getByText('Saved.').waitFor()
    assert.equal(value('home.name'), 'Home')
  },
)

test('switches, choices, texts and lists each have their way of being changed', { skip: noChromium() }, async (t) => {
  const { page, value } = await visitBox(t, '/more/settings')
  const save = () => page.getByRole('button', { name: 'Save' }).click()
  const gone = () => page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /^Whether programs/ }).click()
  await page.getByRole('switch').click()
  await save()
  await gone()
  await page.getByRole('button', { name: /^How hard/ }).click()
  await page.getByRole('combobox').selectOption('eager')
  await save()
  await gone()
  await page.getByRole('button', { name: /^Networks/ }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('10.0.0.0/24\n\n 10.0.1.0/24')
  await save()
  await gone()
  assert.equal(value('accounts.apiKeysEnabled'), false)
  assert.equal(value('vision.pace'), 'eager')
  assert.deepEqual(value('plugs.searchNetworks'), ['10.0.0.0/24', '10.0.1.0/24'])

  // What only the box can tell comes back beside the field.
  await page.getByRole('button', { name: /^Contact told/ }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('refused')
  await save()
  await page.getByText('Push services refuse this address.', { exact: true }).waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()

  // A secret goes in and never comes out.
  await page.getByRole('button', { name: /^Password of the relay.*Kept secret/ }).click()
  assert.equal(await page.getByRole('dialog').locator('input').getAttribute('type'), 'password')
  await page.getByRole('dialog').locator('input').fill('short')
  await save()
  await page.getByText('At least 8 characters.').waitFor()
})

test(
  'SEC-A13 what the environment decides is marked and cannot be opened; search finds by words and names',
  { skip: noChromium() },
  async (t) => {
    const { home, page, go } = await visitBox(t, '/more/settings')
    await page.getByText('Set by the environment: MAX_CONCURRENT_SESSIONS decides').waitFor()
    assert.equal(await page.getByRole('button', { name: /^On how many phones/ }).count(), 0)
    const search = page.getByLabel('Search')
    await search.fill('password days')
    await page.getByRole('status').getByText('1 setting').waitFor()
    assert.equal(await page.getByRole('heading', { level: 2 }).count(), 1)
    await search.fill('MAX_CONCURRENT')
    await page.getByText('On how many phones').waitFor()
    await search.fill('nothing like it')
    await page.getByText('No setting matches that.').waitFor()

    const { user } = home.state.account
    user.permissions = user.permissions.filter((each) => each !== 'system.edit')
    await go('/more/settings')
    await page.getByText('You may look, but not change settings.').waitFor()
    await page.getByRole('button', { name: /^After how many days/ }).click()
    assert.equal(await page.getByRole('button', { name: 'Save' }).count(), 0)
  },
)

test(
  'SEC-E2 the record tells who did what, can be filtered, and goes on as long as one scrolls',
  { skip: noChromium() },
  async (t) => {
    const { page, access } = await visitBox(t, '/more/record')
    await page.getByText('Ada signed in from 192.168.1.20').first().waitFor()
    await page.getByText('Ada changed the account of Ben').waitFor()
    await page.getByText('A sign-in of Ben was used twice from 192.168.1.66, and ended').click()
    await page.getByText('Chrome on Android').waitFor()
    await page.getByText('Serious', { exact: true }).waitFor()

    const lines = page.locator('.record > li')
    assert.equal(await lines.count(), 50)
    for (let pages = 0; pages < 8 && (await lines.count()) < access.record.length; pages++) {
      await lines.last().scrollIntoViewIfNeeded()
      await page.waitForTimeout(200)
    }
    await page.getByText('That is everything.').waitFor()
    assert.equal(await lines.count(), access.record.length)

    await page.getByLabel('Show').selectOption('Sign-in refused')
    await page.getByText('Sign-in refused for Ben from 192.168.1.20').waitFor()
    assert.equal(await lines.count(), 1)
    await page.getByLabel('Show').selectOption('Passkey added')
    await page.getByText('Nothing of this kind is in the record.').waitFor()
    await page.getByRole('button', { name: 'Show everything' }).click()
    await page.getByText('Ada changed the setting vision.pace').waitFor()
  },
)
