import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { noChromium } from '../harness/chromium.ts'
import { CAMERA_LOGIN } from './home-finding.ts'
import { livedInHome } from './home-data.ts'
import { INVITATION_TOKEN } from './home-account.ts'
import { OWNER, TOTP_CODE } from './home-state.ts'
import { visit } from './phone.ts'
import type { Visit } from './phone.ts'

const PLACES = [
  '/more',
  '/more/account',
  '/more/notifications',
  '/more/hardware',
  '/more/health',
  '/more/certificates',
  '/more/remote-access',
  '/more/network',
  '/more/updates',
  '/more/box',
  '/more/home',
  '/more/alerts',
  '/more/modes',
  '/more/about',
]

async function check({ phone }: Visit, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: phone.page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  const words = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  assert.deepEqual(words, [], where)
}

/** The wizard for cameras, step by step. */
async function checkWizard(visited: Visit): Promise<void> {
  const { page } = visited.phone
  await visited.go('/cameras/add')
  await page.getByText('5 cameras found.').waitFor()
  await check(visited, 'cameras that were found')
  for (const box of (await page.getByRole('checkbox').all()).slice(0, 2)) await box.check()
  await page.getByRole('button', { name: 'Continue with 2 cameras' }).click()
  await page.getByLabel('User name').fill(CAMERA_LOGIN.username)
  await page.getByLabel('Password', { exact: true }).fill(CAMERA_LOGIN.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByText('This one did not let Lares in').waitFor()
  await check(visited, 'a camera that refuses')
  await page.getByRole('button', { name: 'Go on with 1 camera' }).click()
  await page.getByText('It works').waitFor()
  await page.getByText('Streams').click()
  await check(visited, 'naming a camera')
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every page is usable by everybody, ${colorScheme}`, { skip: noChromium() }, async (t) => {
    const visited = await visit(t, { data: livedInHome(), phone: { colorScheme } })
    const { home, phone, go } = visited
    await home.makeClip()
    const { incidents, cameras, plugs } = home.state.data
    const pages = [
      '/',
      '/incidents',
      `/incidents/${incidents[0]?.id ?? ''}`,
      '/incidents/heat',
      '/incidents/learned',
      '/cameras',
      `/cameras/${cameras[3]?.id ?? ''}`,
      '/plugs',
      ...plugs.slice(0, 4).map(({ id }) => `/plugs/${id}`),
      '/plugs/add',
      '/plugs/arrange',
      '/plugs/accounts',
    ]
    for (const path of [...pages, ...PLACES, '/nowhere']) {
      await go(path)
      await phone.page.locator('h1').waitFor()
      await phone.page.waitForFunction(() => document.querySelector('.skeleton') === null)
      await phone.page.waitForTimeout(200)
      await check(visited, path)
    }
    await go('/incidents')
    await phone.page.getByRole('button', { name: 'Select' }).click()
    await check(visited, 'choosing incidents')
    await phone.page.getByRole('button', { name: 'Filters' }).click()
    await phone.page.waitForTimeout(400)
    await check(visited, 'the sheet of filters')
    await checkWizard(visited)
    await go(`/plugs/${plugs[0]?.id ?? ''}`)
    await phone.page.getByText('As a table').click()
    for (const opener of ['Change name, room, notes', 'Start a countdown', 'Add a schedule']) {
      await phone.page.getByRole('button', { name: opener }).click()
      await phone.page.getByRole('dialog').waitFor()
      await phone.page.waitForTimeout(400)
      await check(visited, opener)
      await phone.page.keyboard.press('Escape')
    }
    await go('/plugs/arrange')
    for (const opener of ['Add a room', 'Add a group', 'Add a scene']) {
      await phone.page.getByRole('button', { name: opener }).click()
      await phone.page.getByRole('dialog').waitFor()
      await phone.page.waitForTimeout(400)
      await check(visited, opener)
      await phone.page.keyboard.press('Escape')
    }
  })

  test(`sign-in and setup are usable by everybody, ${colorScheme}`, { skip: noChromium() }, async (t) => {
    const visited = await visit(t, { setupDone: false, phone: { colorScheme }, expected: /status of (401|503)/ })
    await visited.go('/setup#code=7KQ2-M4XD')
    await visited.phone.page.getByLabel('One-time code').waitFor()
    await check(visited, 'code')
    await visited.phone.page.getByRole('button', { name: 'Continue' }).click()
    await visited.phone.page.getByLabel('Your name').waitFor()
    await check(visited, 'you')
    visited.home.state.setupDone = true
    await visited.go('/sign-in')
    await visited.phone.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
    await check(visited, 'sign-in')
  })

  test(
    `sign-in's steps, the sheets of one's own account and invitations are usable by everybody, ${colorScheme}`,
    {
      skip: noChromium(),
    },
    async (t) => {
      const expected = /status of 40[134]/
      const visited = await visit(t, { data: livedInHome(), signedIn: false, phone: { colorScheme }, expected })
      const { home, phone, go } = visited
      const { page } = phone
      const sheet = async (opener: string | RegExp, inside: string): Promise<void> => {
        await page.getByRole('button', { name: opener }).first().click()
        await page.getByRole('dialog').getByText(inside).first().waitFor()
        await page.waitForTimeout(400)
        await check(visited, inside)
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
      }
      await go('/more/account')
      await page.getByLabel('User name').fill(OWNER.username)
      await page.getByLabel('Password', { exact: true }).fill(OWNER.password)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByLabel('Six-digit code').fill(TOTP_CODE)
      await check(visited, 'code')
      await page.getByRole('button', { name: 'Continue' }).click()
      await sheet('Replace authenticator app', 'Show once more that it is you')
      home.state.account.freshUntil = Date.now() + 300_000
      await sheet('Replace authenticator app', 'Open it on this phone')
      await sheet('Switch off authenticator app', 'Both are asked for once more')
      await sheet('Add a passkey', 'So that you know later which one it is.')
      await sheet('Change Laptop', 'Remove this passkey')
      await sheet('Sign out everywhere else', 'Every other phone and browser')
      await go(`/invite#${'x'.repeat(44)}`)
      await page.getByRole('button', { name: 'Sign out and use it' }).click()
      await page.getByText('does not work any more').waitFor()
      await check(visited, 'an invitation that is over')
      await go('/sign-in')
      await go(`/invite#${INVITATION_TOKEN}`)
      await page.getByLabel('Your name').waitFor()
      await check(visited, 'an invitation')
    },
  )
}

test(
  'the whole app is reached with the keyboard, and a new page takes the focus to its heading',
  { skip: noChromium() },
  async (t) => {
    const { phone, go } = await visit(t, { data: livedInHome(), phone: { desktop: true } })
    const { page } = phone
    await go('/')
    await page.getByText('Hall sends no pictures.').waitFor()
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to content')
    for (let presses = 0; presses < 4; presses++) await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Plugs')
    await page.keyboard.press('Enter')
    await page.getByRole('switch', { name: 'Freezer' }).waitFor()
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1')
    await page.getByRole('link', { name: 'About Freezer' }).press('Enter')
    await page.getByRole('button', { name: 'Start a countdown' }).press('Enter')
    await page.getByRole('dialog', { name: 'Start a countdown' }).waitFor()
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => document.querySelector('dialog') === null)
  },
)
