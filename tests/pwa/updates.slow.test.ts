import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noChromium } from '../harness/chromium.ts'
import { accessOf } from './home-access.ts'
import { livedInHome } from './home-data.ts'
import { updatesOf } from './home-updates.ts'
import { visit } from './phone.ts'

const skip = noChromium()

test('an update: sent from this device, checked, installed, tried, and what came of it', { skip }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  const { page } = phone
  const state = updatesOf(home.state)
  const show = (change: Partial<typeof state.updates>): void => {
    state.updates = { ...state.updates, ...change }
    home.bus.emit('updates.changed', state.updates)
  }
  await go('/more/updates')
  await page.getByText('A, one of two').waitFor()
  await page.getByText('0.1.4 → 0.1.5, taken back').waitFor()
  await page.getByRole('button', { name: 'Send to the box' }).click()
  await page.getByText('Choose the file first.').waitFor()
  const file = { name: 'lares-0.3.0.raucb', mimeType: '', buffer: Buffer.alloc(2_500, 7) }
  await page.getByLabel('Update file').setInputFiles(file)
  await page.getByText('lares-0.3.0.raucb').waitFor()
  await page.getByRole('button', { name: 'Send to the box' }).click()
  await page.getByText('Version 0.3.0 is checked and may be installed').waitFor()
  assert.equal(state.uploaded, 2_500)
  await page.getByText('Zones can have holes.').waitFor()
  await page.getByRole('button', { name: 'Install', exact: true }).click()
  await page.getByText('Writing the new system').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Send to the box' }).count(), 0, 'not in the middle of it')
  show({ phase: 'installed', progress: null })
  await page.getByRole('button', { name: 'At night', exact: true }).click()
  await page.getByRole('button', { name: 'Not at night' }).click()
  await page.getByRole('button', { name: 'At night', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Restart now' }).click()
  await page.getByText('The box restarts').waitFor()
  show({ phase: 'proving', proof: ['Front door sends no pictures'] })
  await page.getByText('Still missing: Front door sends no pictures.').waitFor()
  const last = {
    at: 1,
    from: '0.2.0',
    to: '0.3.0',
    outcome: 'rolled-back',
    reason: 'It was worse.',
    lost: null,
  } as const
  show({ phase: 'rolled-back', history: [last] })
  await page.getByText('Version 0.3.0 was taken back').waitFor()
  await page.getByRole('button', { name: 'Put away' }).click()
  await page.getByText('Version 0.3.0 was taken back').waitFor({ state: 'detached' })
})

test(
  'the file chooser is one of our buttons, and the browser’s own for hands, keys and readers',
  { skip },
  async (t) => {
    const { phone, go } = await visit(t, { data: livedInHome() })
    const { page } = phone
    await go('/more/updates')
    const input = page.getByLabel('Update file')
    const button = page.locator('.file-field .button')
    await button.waitFor()
    const { height } = (await button.boundingBox()) ?? assert.fail('drawn nowhere')
    assert.ok(height >= 44, `${height} px are too few for a thumb`)
    // By force: what lies over it is what is to be pressed.
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button.click({ force: true })])
    await chooser.setFiles([])
    await input.focus()
    await page.keyboard.press('Shift+Tab')
    assert.equal(await button.evaluate((of) => getComputedStyle(of).outlineStyle), 'none')
    await page.keyboard.press('Tab')
    assert.equal(
      await button.evaluate((of) => getComputedStyle(of).outlineStyle),
      'solid',
      'it shows that it has the focus',
    )
    // What the keys do from here on is the browser's: headless, it now and then opens no second chooser.
    assert.ok(await input.evaluate((of) => of === document.activeElement && of.matches('input[type=file]')))
    await page.getByRole('button', { name: 'Send to the box' }).click()
    const describedBy = await input.getAttribute('aria-describedby')
    assert.equal(await page.locator(`[id="${describedBy}"]`).textContent(), 'Choose the file first.')
  },
)

test('the list of new versions is entered where it is used', { skip }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  const { page } = phone
  const { settings } = accessOf(home.state)
  home.state.account.freshUntil = Date.now() + 3_600_000
  await go('/more/updates')
  await page.getByText('Nobody is asked for new versions').waitFor()
  await page.getByRole('button', { name: /^Address of a list/ }).click()
  await page.getByLabel(/^Address of a list/).fill('https://updates.example.org/list.json')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Ask now' }).waitFor()
  assert.equal(settings.find(({ key }) => key === 'updates.feed')?.value, 'https://updates.example.org/list.json')
  await page.getByRole('button', { name: /^Install new versions/ }).click()
  await page.getByRole('switch').click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('New versions are installed by themselves at night.').waitFor()
})

test('on a package nothing is offered that cannot be done here', { skip }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  const { page } = phone
  const state = updatesOf(home.state)
  state.updates = { ...state.updates, way: 'package', slot: null, other: null, history: [] }
  state.box = { ...state.box, canRestart: false, canPowerOff: false, reset: 'data' }
  await go('/more/updates')
  await page.getByText('sudo apt install ./lares_VERSION_ARCH.deb').waitFor()
  assert.equal(await page.locator('main').getByRole('button').count(), 0)
  await go('/more/box')
  await page.getByText('Restarting and switching off are done on the machine that runs Lares.').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Restart the box' }).count(), 0)
})

test('a restart is asked twice, and a factory reset wants the name of the home', { skip }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  const { page } = phone
  const state = updatesOf(home.state)
  await go('/more/box')
  await page.getByRole('button', { name: 'Restart the box' }).click()
  await page.getByRole('button', { name: 'Restart', exact: true }).click()
  await page.getByText('Under way. This page will not answer for a while.').waitFor()
  await page.getByText('Every account, role and key').waitFor()
  await page.getByLabel('Name of the home').fill('Another house')
  await page.getByRole('button', { name: 'Remove everything' }).click()
  await page.getByText('That is not its name.').waitFor()
  assert.deepEqual(state.asked, ['restart'])
  await page.getByLabel('Name of the home').fill(home.state.data.settings.homeName)
  await page.getByRole('button', { name: 'Remove everything' }).click()
  await page.getByText('Everything is being removed.').waitFor()
  assert.deepEqual(state.asked, ['restart', `reset ${home.state.data.settings.homeName}`])
})
