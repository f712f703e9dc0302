import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noChromium } from '../harness/chromium.ts'
import { livedInHome } from './home-data.ts'
import { visit } from './phone.ts'

test('J3 a plug follows the finger at once and is confirmed', { skip: noChromium() }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  const light = phone.page.getByRole('switch', { name: 'Porch light' })
  await go('/plugs')
  await light.waitFor()
  assert.equal(await light.getAttribute('aria-checked'), 'false')
  home.state.knobs.switchDelayMs = 1_000
  await light.click()
  assert.equal(await light.getAttribute('aria-checked'), 'true')
  assert.equal(
    home.state.data.plugs.find(({ name }) => name === 'Porch light')?.on,
    false,
    'the plug itself is not there yet',
  )
  await phone.page.getByText('Switching').waitFor()
  await phone.page.getByText('On · 0.0 W').waitFor()
})

test(
  'J3 a plug that does not follow shows its old state again, says why, and can be tried again',
  { skip: noChromium() },
  async (t) => {
    const { home, phone, go } = await visit(t, { data: livedInHome(), expected: /status of 503/ })
    const light = phone.page.getByRole('switch', { name: 'Porch light' })
    home.state.knobs.switchFails = true
    await go('/plugs')
    await light.click()
    const toast = phone.page.getByRole('status', { name: 'Messages' })
    await toast.getByText('Porch light did not switch.').waitFor()
    assert.equal(await light.getAttribute('aria-checked'), 'false')
    home.state.knobs.switchFails = false
    await toast.getByRole('button', { name: 'Try again' }).click()
    await phone.page.waitForFunction(
      () => document.querySelector('[aria-label="Porch light"]')?.getAttribute('aria-checked') === 'true',
    )
  },
)

test(
  'a plug that does not answer is drawn with its age, and what happens elsewhere arrives by itself',
  { skip: noChromium() },
  async (t) => {
    const { home, phone, goLive } = await visit(t, { data: livedInHome() })
    await goLive('/plugs')
    await phone.page.getByText('On · Last known, 3 h ago').waitFor()
    await phone.page.getByText('84 W').first().waitFor()
    const freezer = home.state.data.plugs.find(({ name }) => name === 'Freezer')
    assert.ok(freezer?.reading)
    home.bus.emit('plug.changed', { ...freezer, on: false, reading: { ...freezer.reading, powerMw: 0 } })
    await phone.page.waitForFunction(
      () => document.querySelector('[aria-label="Freezer"]')?.getAttribute('aria-checked') === 'false',
    )
  },
)

test(
  'renaming a plug can be taken back; removing asks once and says what is lost',
  { skip: noChromium() },
  async (t) => {
    const { home, phone, go } = await visit(t, { data: livedInHome() })
    const { page } = phone
    const names = () => home.state.data.plugs.map(({ name }) => name)
    await go('/plugs')
    await page.getByRole('button', { name: 'About Freezer' }).click()
    await page.getByLabel('Name').fill('Deep freezer')
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByRole('switch', { name: 'Deep freezer' }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('switch', { name: 'Freezer', exact: true }).waitFor()
    assert.ok(names().includes('Freezer'))

    await page.getByRole('button', { name: 'About Workshop' }).click()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('Lares forgets it and its name.').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    assert.ok(names().includes('Workshop'))
    await page.getByRole('button', { name: 'About Workshop' }).click()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('button', { name: 'Remove plug' }).click()
    await page.getByText('Workshop is removed.').waitFor()
    assert.ok(!names().includes('Workshop'))
  },
)
