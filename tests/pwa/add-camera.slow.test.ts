import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { CreateCamera } from '../../appliance/src/api/cameras.ts'
import { noChromium } from '../harness/chromium.ts'
import { livedInHome } from './home-data.ts'
import { CAMERA_LOGIN } from './home-finding.ts'
import { visit } from './phone.ts'

const skip = noChromium()
const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click()

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('User name').fill(CAMERA_LOGIN.username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await press(page, 'Sign in')
}

test('several cameras with one password: found, signed in at, seen, named and added in one go', { skip }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  const { page } = phone
  const created: CreateCamera[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/cameras'))
      created.push(request.postDataJSON() as CreateCamera)
  })
  await go('/cameras')
  await page.getByRole('link', { name: 'Add a camera' }).click()
  await page.getByRole('progressbar', { name: 'Looking for cameras' }).waitFor()
  await page.getByText('addresses asked').waitFor()
  // Ticking does not wait for the end.
  for (const name of ['Reolink RLC-520A', 'TP-Link Tapo C200'])
    for (const box of await page.getByRole('checkbox', { name }).all()) await box.check()
  await page.getByText('5 cameras found.').waitFor()
  await press(page, 'Continue with 3 cameras')

  await signIn(page, 'wrong')
  await page.getByText('3 did not let Lares in').waitFor()
  await page.getByText('Some cameras lock after five wrong tries.').first().waitFor()
  await signIn(page, CAMERA_LOGIN.password)
  await page.getByText('This one did not let Lares in').waitFor()
  await page.getByText('Go on with 2 cameras').waitFor()
  await signIn(page, 'other')
  await page.getByRole('heading', { name: 'Name them' }).waitFor()

  await page.getByText('It works: 1280 × 720').nth(2).waitFor()
  await press(page, 'Add 3 cameras')
  await page.getByText('Give it a name.').first().waitFor()
  assert.equal(created.length, 0)
  const names = page.getByLabel('Name', { exact: true })
  for (const [index, name] of ['Carport', 'Carport', 'Attic'].entries()) await names.nth(index).fill(name)
  await page.getByText('Another camera has this name.').first().waitFor()
  await names.nth(1).fill('Back gate')
  const reolink = page.getByRole('region', { name: 'Reolink RLC-520A' })
  await reolink.getByText('Streams').click()
  await reolink.getByLabel('To record').selectOption('sub')
  await press(page, 'Add 3 cameras')

  await page.getByRole('heading', { name: 'They watch now' }).waitFor()
  const byName = new Map(created.map((each) => [each.name, each.source]))
  assert.deepEqual([...byName.keys()].sort(), ['Attic', 'Back gate', 'Carport'])
  for (const source of byName.values()) {
    assert.ok(source.kind === 'rtsp' && source.onvif)
    assert.equal(new URL(source.onvif.address).hostname, new URL(source.url.replace('rtsp', 'http')).hostname)
    assert.equal(source.username, CAMERA_LOGIN.username)
  }
  assert.equal(await page.getByRole('link', { name: 'Draw zones for Attic' }).count(), 1)
  assert.equal(home.state.data.cameras.filter(({ name }) => name === 'Attic').length, 1)

  await press(page, 'Add more')
  await page.getByText('Added already').first().waitFor()
  assert.equal(await page.getByRole('checkbox', { name: 'Reolink RLC-520A' }).isDisabled(), true)
})

test('a camera that was not found is asked by its address, with the reason in words', { skip }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  const { page } = phone
  home.state.knobs.noCameras = true
  await go('/cameras/add')
  await page.getByRole('heading', { name: 'No camera answered' }).waitFor()
  await press(page, 'Not found? Type its address')
  await press(page, 'Ask the camera')
  await page.getByText('Type an address.').waitFor()
  await page.getByLabel('Address of the camera').fill('192.168.1.99')
  await page.keyboard.press('Enter')
  await signIn(page, CAMERA_LOGIN.password)
  await page.getByText('Nothing answers at this address.').waitFor()
  await page.getByText('try again then').waitFor()
  await press(page, 'Back')
  await press(page, 'Not found? Type its address')
  await page.getByLabel('Address of the camera').fill('192.168.1.34')
  await page.keyboard.press('Enter')
  home.state.knobs.cameraAnswers = 'wrong-password'
  await signIn(page, CAMERA_LOGIN.password)
  await page.getByRole('heading', { name: 'Name it' }).waitFor()
  await page.getByText('Type the user name and password that you set').waitFor()
  home.state.knobs.cameraAnswers = 'picture'
  await press(page, 'Test again')
  await page.getByText('It works: 1280 × 720').waitFor()
})

test(
  'one that tells no streams leads to its whole address, already begun; all of it by keyboard',
  { skip },
  async (t) => {
    const { home, phone, go } = await visit(t, { data: livedInHome() })
    const { page } = phone
    await go('/cameras/add')
    await page.getByText('5 cameras found.').waitFor()
    await page.getByRole('button', { name: 'Type the address of 192.168.1.60' }).focus()
    await page.keyboard.press('Enter')
    const address = page.getByLabel('Address', { exact: true })
    assert.equal(await address.inputValue(), 'rtsp://192.168.1.60:8554/')
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H2')
    await page.getByLabel('Name', { exact: true }).fill('Attic')
    await address.fill('rtsp://192.168.1.60:8554/live')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'It watches now' }).waitFor()
    assert.equal(home.state.data.cameras.at(-1)?.source.address, 'rtsp://192.168.1.60:8554/live')
  },
)
