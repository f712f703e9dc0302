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

test('J3 a scene is one tap, and says which plug did not follow', { skip: noChromium() }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  const { page } = phone
  await go('/plugs')
  await page.getByRole('button', { name: 'Good night' }).click()
  await page.getByText('Good night: done.').waitFor()
  await page.getByText('Off · 61 W').waitFor()
  assert.equal(home.state.data.plugs.find(({ name }) => name === 'Kettle')?.on, false)
  home.state.knobs.switchFails = true
  await page.getByRole('button', { name: 'Good night' }).click()
  await page.getByText('Did not follow: Porch light, Kettle.').waitFor()
})

test('J3 a group is switched as one and counts who follows', { skip: noChromium() }, async (t) => {
  const { phone, go } = await visit(t, { data: livedInHome() })
  const { page } = phone
  await go('/plugs')
  const group = page.getByRole('switch', { name: 'Breakfast' })
  await group.waitFor()
  assert.equal(await group.getAttribute('aria-checked'), 'true')
  await page.getByRole('switch', { name: 'Kettle' }).click()
  await page.getByText('1 of 2 on').waitFor()
  await group.click()
  await page.getByText('All off').waitFor()
  assert.equal(await page.getByRole('switch', { name: 'Toaster' }).getAttribute('aria-checked'), 'false')
})

test('plugs stand by rooms in their order; a new order arrives by itself', { skip: noChromium() }, async (t) => {
  const { home, phone, goLive } = await visit(t, { data: livedInHome() })
  const { page } = phone
  const headings = () => page.locator('h2').allTextContents()
  await goLive('/plugs')
  await page.getByRole('heading', { name: 'Without a room' }).waitFor()
  assert.deepEqual(await headings(), ['Groups', 'Kitchen', 'Outside', 'Without a room'])
  const { plugHome } = home.state.data
  home.bus.emit('plug-home.changed', { ...plugHome, rooms: plugHome.rooms.toReversed() })
  await page.waitForFunction(() => document.querySelectorAll('h2')[1]?.textContent === 'Outside')
})

test('rooms, groups and scenes are made, changed, ordered and removed', { skip: noChromium() }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome(), expected: /status of 409/ })
  const { page } = phone
  const { plugHome } = home.state.data
  await go('/plugs/arrange')
  await page.getByRole('button', { name: 'Add a room' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Give it a name.').waitFor()
  await page.getByLabel('Name of the room').fill('Kitchen')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('There is one called Kitchen already.').waitFor()
  await page.getByLabel('Name of the room').fill('Attic')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Attic further up' }).click()
  await page.getByRole('button', { name: 'Attic further down' }).waitFor()
  assert.deepEqual(
    plugHome.rooms.map(({ name }) => name),
    ['Kitchen', 'Attic', 'Outside'],
  )
  await page.getByRole('button', { name: 'Change Attic' }).click()
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByText('Its plugs stay; they are without a room then.').waitFor()
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByText('Attic is removed.').waitFor()

  await page.getByRole('button', { name: 'Add a group' }).click()
  await page.getByLabel('Name of the group').fill('Cold')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Choose at least one plug.').waitFor()
  await page.getByRole('checkbox', { name: 'Freezer' }).check()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Change Cold' }).waitFor()

  await page.getByRole('button', { name: 'Add a scene' }).click()
  await page.getByLabel('Name of the scene').fill('Evening')
  const porch = page.getByRole('group', { name: 'Porch light in this scene' })
  await porch.getByRole('button', { name: 'On' }).click()
  await page.getByLabel('Brightness of Porch light, percent').fill('300')
  await page.getByText('A whole number from 1 to 100, or nothing.').waitFor()
  await page.getByLabel('Brightness of Porch light, percent').fill('30')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Change Evening' }).waitFor()
  const evening = plugHome.scenes.find(({ name }) => name === 'Evening')
  assert.deepEqual(
    evening?.steps.map(({ on, brightness }) => [on, brightness]),
    [[true, 30]],
  )
})
