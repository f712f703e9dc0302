import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { noChromium } from '../harness/chromium.ts'
import { accessOf } from './home-access.ts'
import { livedInHome } from './home-data.ts'
import { visit } from './phone.ts'

async function check(page: Page, where: string): Promise<void> {
  await page.waitForFunction(() => document.querySelector('.skeleton') === null)
  await page.waitForTimeout(350)
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  const words = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  assert.deepEqual(words, [], where)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(wide <= 0, `${where} is ${String(wide)} px too wide`)
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click()

/** What is opened on which page, by its first press. */
const SHEETS: readonly (readonly [string, string, (page: Page) => Promise<unknown>])[] = [
  ['the sheet that invites', '/more/people', (page) => press(page, 'Invite somebody')],
  ['the sheet of roles', '/more/people/BEN', (page) => press(page, 'Change role')],
  ['the sheet of cameras', '/more/people/ELISABETH', (page) => press(page, 'Choose cameras')],
  ['the sheet that resets', '/more/people/BEN', (page) => press(page, 'Reset password')],
  ['the sheet that makes a role', '/more/roles', (page) => press(page, 'Make a role')],
  ['the sheet that makes a key', '/more/keys', (page) => press(page, 'Make a key')],
  ['the sheet of a switch', '/more/settings', (page) => press(page, /^Whether programs/)],
  ['the sheet of a list', '/more/settings', (page) => press(page, /^Networks/)],
  ['a line of the record', '/more/record', (page) => page.getByText('Sign-in refused for Ben').click()],
]

for (const [colorScheme, desktop] of [
  ['light', false],
  ['dark', true],
] as const) {
  test(
    `pages that look after others are usable by everybody, ${colorScheme}, ${desktop ? 'wide' : '360 px'}`,
    { skip: noChromium() },
    async (t) => {
      const { home, phone, go } = await visit(t, { data: livedInHome(), phone: { colorScheme, desktop } })
      const { page } = phone
      home.state.account.freshUntil = Date.now() + 3_600_000
      const { people } = accessOf(home.state)
      const pathOf = (path: string) =>
        path.replace('BEN', people[1]?.id ?? '').replace('ELISABETH', people[2]?.id ?? '')
      for (const path of ['/more', '/more/people', '/more/people/BEN', '/more/roles', '/more/keys', '/more/settings']) {
        await go(pathOf(path))
        await page.locator('h1').waitFor()
        await check(page, path)
      }
      for (const [where, path, open] of SHEETS) {
        await go(pathOf(path))
        await open(page)
        await check(page, where)
      }
      await go('/more/keys')
      await press(page, 'Make a key')
      await page.getByLabel('Which program is it for?').fill('Node-RED')
      await press(page, 'Make the key')
      await page.getByText('Try it in a terminal').click()
      await check(page, 'what is shown once')
    },
  )
}

test('sheets take the focus, and give it back to where they were opened', { skip: noChromium() }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome(), phone: { desktop: true } })
  const { page } = phone
  const ben = accessOf(home.state).people[1]
  await go('/more/people')
  await page.getByRole('link', { name: /Ben/ }).press('Enter')
  await page.getByRole('heading', { level: 1, name: ben?.displayName ?? '' }).waitFor()
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1')
  await page.getByRole('button', { name: 'Change role' }).press('Enter')
  await page.getByRole('dialog', { name: 'Change role' }).waitFor()
  assert.ok(await page.evaluate(() => document.activeElement?.closest('dialog') !== null))
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Change role')
})
