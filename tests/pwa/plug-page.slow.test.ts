// One plug's page, adding plugs and the accounts they ask for, in a real browser.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noChromium } from '../harness/chromium.ts'
import { livedInHome } from './home-data.ts'
import type { HomeData } from './home-data.ts'
import { visit } from './phone.ts'
import { drawScene } from './scene.ts'

const skip = noChromium()
const pathTo = (data: HomeData, name: string): string =>
  `/plugs/${data.plugs.find((plug) => plug.name === name)?.id ?? ''}`

test('J3 the day of a plug is drawn, said in a sentence, and there as a table', { skip }, async (t) => {
  const data = livedInHome()
  const { phone, go } = await visit(t, { data })
  const { page } = phone
  await go(pathTo(data, 'Freezer'))
  const drawing = page.getByRole('img', { name: /^Power of Freezer over the last 24 hours\. [\d.]+ kWh used\./ })
  await drawing.waitFor()
  // A gap is not drawn over.
  assert.equal(await page.locator('.curve-line').count(), 2)
  await page.getByText('As a table').click()
  assert.ok((await page.getByRole('row').count()) >= 24)
  await page.getByText('Not known').first().waitFor()
})

test('J3 brightness follows the finger and goes back when the plug does not take it', { skip }, async (t) => {
  const data = livedInHome()
  const { home, phone, go } = await visit(t, { data, expected: /status of 503/ })
  const { page } = phone
  const porch = data.plugs.find(({ name }) => name === 'Porch light')
  await go(pathTo(data, 'Porch light'))
  const slider = page.getByRole('slider', { name: /Brightness/ })
  await slider.fill('25')
  await page.waitForFunction(() => document.querySelector('output')?.textContent === '25 %')
  await page.waitForFunction(() => document.querySelector('.is-pending') === null)
  assert.equal(porch?.brightness, 25)
  home.state.knobs.switchFails = true
  await slider.fill('90')
  await page.getByText('Porch light does not answer.').waitFor()
  await page.waitForFunction(() => document.querySelector('output')?.textContent === '25 %')
})

test(
  'name, room and notes change together and can be taken back; a picture is added and removed',
  { skip },
  async (t) => {
    const data = livedInHome()
    const { phone, go } = await visit(t, { data })
    const { page } = phone
    const freezer = data.plugs.find(({ name }) => name === 'Freezer')
    await go(pathTo(data, 'Freezer'))
    await page.getByRole('button', { name: 'Change name, room, notes' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Deep freezer')
    await page.getByRole('combobox', { name: 'Room' }).selectOption('Outside')
    await page.getByRole('textbox', { name: 'Notes' }).fill('Never switch off.')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { level: 1, name: 'Deep freezer' }).waitFor()
    await page.getByText('Never switch off.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('heading', { level: 1, name: 'Freezer', exact: true }).waitFor()
    assert.equal(freezer?.roomId, data.plugHome.rooms[0]?.id)

    const picture = { name: 'freezer.jpg', mimeType: 'image/jpeg', buffer: await drawScene('door') }
    await page.getByLabel('Picture', { exact: true }).setInputFiles(picture)
    await page.getByRole('img', { name: 'Picture of Freezer' }).waitFor()
    const text = { name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') }
    await page.getByLabel('Picture', { exact: true }).setInputFiles(text)
    await page.getByText('This file is no picture that your phone can read.').waitFor()
    await page.getByRole('button', { name: 'Remove picture' }).click()
    await page.getByRole('img', { name: 'Picture of Freezer' }).waitFor({ state: 'detached' })
  },
)

test('countdown, schedules and the light on the plug', { skip }, async (t) => {
  const data = livedInHome()
  const { home, phone, go } = await visit(t, { data, expected: /status of 503/ })
  const { page } = phone
  await go(pathTo(data, 'Freezer'))
  await page.getByRole('button', { name: 'Start a countdown' }).click()
  const minutes = page.getByLabel('Minutes')
  await minutes.fill('0')
  await page.getByText('A whole number from 1 to 1439.').waitFor()
  await minutes.fill('20')
  await page.getByRole('dialog').getByRole('button', { name: 'Start a countdown' }).click()
  await page.getByText(/^Switches off in (20|19) min/).waitFor()
  await page.getByRole('button', { name: 'Stop it' }).click()
  await page.getByText('No countdown runs.').waitFor()

  await page.getByText('On 20 min before sunset').waitFor()
  await page.getByRole('button', { name: 'Add a schedule' }).click()
  await page.getByLabel('Time, for example 18:30').fill('25:00')
  await page.getByText('Hours and minutes, for example 18:30.').waitFor()
  await page.getByLabel('Time, for example 18:30').fill('7:05')
  await page.getByRole('button', { name: 'Sun', exact: true }).click()
  await page.getByRole('button', { name: 'Save in the plug' }).click()
  await page.getByText('On at 07:05').waitFor()
  await page.getByText('Mon, Tue, Wed, Thu, Fri, Sat', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Change On at 07:05' }).click()
  await page.getByRole('button', { name: 'Remove schedule' }).click()
  await page.getByText('On at 07:05').waitFor({ state: 'detached' })

  const led = page.getByRole('switch', { name: 'Light on the plug' })
  await led.click()
  assert.equal(await led.getAttribute('aria-checked'), 'false')
  await page.waitForFunction(() => document.querySelector('.is-pending') === null)
  home.state.knobs.switchFails = true
  await led.click()
  await page.getByText('It does not answer.').waitFor()
  assert.equal(await led.getAttribute('aria-checked'), 'false')
})

test('a plug that is gone says why and what to do; removing asks once', { skip }, async (t) => {
  const data = livedInHome()
  const { phone, go } = await visit(t, { data })
  const { page } = phone
  await go(pathTo(data, 'Workshop'))
  await page.getByText('Workshop does not answer.').waitFor()
  await page.getByRole('button', { name: 'Find out why' }).click()
  await page.getByText('Is the plug in its socket, and the socket on?').waitFor()
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByText('What it measured is kept.').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  assert.ok(data.plugs.some(({ name }) => name === 'Workshop'))
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('button', { name: 'Remove plug' }).click()
  await page.getByText('Workshop is removed.').waitFor()
  await page.getByRole('switch', { name: 'Freezer' }).waitFor()
  assert.ok(!data.plugs.some(({ name }) => name === 'Workshop'))
})

test('J3 a plug that asks for an account gets it right there, and is added by itself', { skip }, async (t) => {
  const data = { ...livedInHome(), plugAccounts: [] }
  const { home, phone, go } = await visit(t, { data })
  const { page } = phone
  home.state.knobs.waitingPlugs = 1
  await go('/plugs/add')
  await page.getByText('1 plug asks for your TP-Link account.').waitFor()
  await page.getByRole('button', { name: 'Enter TP-Link account' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Type the e-mail address of the account.').waitFor()
  await page.getByLabel('E-mail address').fill('ada@example.org')
  await page.getByLabel('Password').fill('secret')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('1 new plug.').waitFor()
  await page.getByRole('link', { name: 'Back to the plugs' }).click()
  await page.getByRole('switch', { name: 'Washing machine' }).waitFor()
})

test('by address and by range, with progress and plain words', { skip }, async (t) => {
  const { phone, go } = await visit(t, { data: livedInHome(), expected: /status of (400|503)/ })
  const { page } = phone
  await go('/plugs/add')
  await page.getByText('No new plug answered.').waitFor()
  await page.getByRole('button', { name: 'Add plug' }).click()
  await page.getByText('Type its address.').waitFor()
  await page.getByLabel('Address', { exact: true }).fill('192.168.1.9')
  await page.getByRole('button', { name: 'Add plug' }).click()
  await page.getByText('Nothing answers at 192.168.1.9.').waitFor()
  await page.getByLabel('Address', { exact: true }).fill('192.168.1.50')
  await page.getByRole('button', { name: 'Add plug' }).click()
  await page.getByText('Heater added.').waitFor()
  await page.getByLabel('Range of addresses').fill('nonsense')
  await page.getByRole('button', { name: 'Ask them all' }).click()
  await page.getByText('nonsense is no range of addresses.').first().waitFor()
  await page.getByLabel('Range of addresses').fill('192.168.20.0/24')
  await page.getByRole('button', { name: 'Ask them all' }).click()
  await page.getByText('100 of 254 addresses asked').waitFor()
  await page.getByText('All were asked.').waitFor()
})

test('accounts are listed without their password, tested and removed', { skip }, async (t) => {
  const data = livedInHome()
  const { phone, go } = await visit(t, { data })
  const { page } = phone
  await go('/plugs/accounts')
  await page.getByText('Lets in to 1 device').waitFor()
  await page.getByRole('button', { name: 'Test: ada@example.org' }).click()
  await page.getByText('accepted it').waitFor()
  await page.getByText('No account that Lares knows fits this plug.').waitFor()
  await page.getByRole('button', { name: 'Remove: ada@example.org' }).click()
  await page.getByRole('button', { name: 'Remove account' }).click()
  await page.getByText('No account yet').waitFor()
  assert.deepEqual(data.plugAccounts, [])
})
