import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { newId } from '../../appliance/src/core/ids.ts'
import { noChromium } from '../harness/chromium.ts'
import { alertsOf } from './home-alerts.ts'
import { rulesOf } from './home-rules.ts'
import { livedInHome } from './home-data.ts'
import { underWorker, visit, type Visit } from './phone.ts'
import { push, shown, tap, untilShown } from './pushes.ts'

const skip = noChromium()

async function visitAlerts(t: TestContext, path: string) {
  const visited = await visit(t, { data: livedInHome() })
  visited.home.state.account.freshUntil = Date.now() + 3_600_000
  await visited.go(path)
  return { ...visited, page: visited.phone.page, alerts: alertsOf(visited.home.state) }
}

describe('other ways to be told', { skip }, () => {
  const card = (page: Page, name: string) => page.getByRole('article').filter({ hasText: name }).first()

  test('each says how it does, and its test says what came of it', async (t) => {
    const { page, alerts } = await visitAlerts(t, '/alerts/channels')
    await card(page, 'E-mail').getByText('Not set up').waitFor()
    await card(page, 'MQTT').getByText('Connected').waitFor()
    await card(page, 'ntfy.sh').getByText('Does not work').waitFor()
    await page.getByText('check the password or token').waitFor()
    alerts.testWorks = false
    await page.getByRole('button', { name: 'Send a test by MQTT' }).click()
    await page.getByText('does not take the name and password').waitFor()
    alerts.testWorks = true
    await page.getByRole('button', { name: 'Send a test by MQTT' }).click()
    await page.getByText('took a test mail').waitFor()
  })

  test('e-mail is set up: server, encryption with its port, whose address is whose', async (t) => {
    const { page, alerts } = await visitAlerts(t, '/alerts/channels')
    await page.getByRole('button', { name: 'Set up E-mail' }).click()
    await page.getByLabel('Mail server').fill('smtp.example.org')
    await page.getByLabel('Encryption').selectOption('TLS (port 465)')
    await page.getByLabel('User name').fill('box@example.org')
    await page.getByLabel('Password').fill('mail-password')
    await page.getByLabel('Sender').fill('box@example.org')
    await page.getByLabel('Address of Ben').fill('ben@example.org')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('E-mail is saved.').waitFor()
    const [email] = alerts.channels
    assert.ok(email?.id === 'email' && email.settings)
    assert.deepEqual([email.settings.host, email.settings.port, email.enabled], ['smtp.example.org', 465, true])
    assert.deepEqual(
      email.settings.to.map(({ address }) => address),
      ['ben@example.org'],
    )
    assert.equal(alerts.secret, 'mail-password')
  })

  test('a stored password stays when nothing is typed; control over MQTT is a choice of its own', async (t) => {
    const { page, alerts } = await visitAlerts(t, '/alerts/channels')
    await page.getByRole('button', { name: 'Change MQTT' }).click()
    await page.getByText('Stored. Leave empty to keep it.').waitFor()
    const allow = page.getByRole('checkbox', { name: 'Allow control over MQTT' })
    assert.equal(await allow.isChecked(), false)
    await allow.check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('MQTT is saved.').waitFor()
    const mqtt = alerts.channels.find(({ id }) => id === 'mqtt')
    assert.ok(mqtt?.id === 'mqtt' && mqtt.settings?.allowControl)
    assert.equal(alerts.secret, null)
  })

  test('a key for the webhook is made, shown once and sent', async (t) => {
    const { page, alerts } = await visitAlerts(t, '/alerts/channels')
    await page.getByRole('button', { name: 'Set up Webhook' }).click()
    await page.getByLabel('Address', { exact: true }).fill('https://hooks.example.org/lares')
    await page.getByRole('button', { name: 'Make one' }).click()
    const key = await page.getByLabel('Key that signs').inputValue()
    assert.ok(key.length >= 40)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Webhook is saved.').waitFor()
    assert.equal(alerts.secret, key)
  })
})

test('what was told says to whom, and an incident says who was told', { skip }, async (t) => {
  const { page, home, go } = await visitAlerts(t, '/alerts/history')
  await home.makeClip()
  await page.getByText('Reached 2 of 3').first().click()
  await page.getByText('Chrome on Android · Ada').waitFor()
  await page.getByText(/Shown .*Opened .*marked as expected/).waitFor()
  await page.getByText('The mail server cannot be found').waitFor()
  await go(`/incidents/${home.state.data.incidents[0]?.id ?? ''}`)
  await page.getByRole('heading', { name: 'Who was told' }).waitFor()
  await page.getByText('Safari on iPhone · Ben').waitFor()
})

test('a snooze is seen and taken back', { skip }, async (t) => {
  const { page, home, go } = await visitAlerts(t, '/more')
  const cameraId = home.state.data.cameras[0]?.id ?? null
  rulesOf(home.state).snoozes = [{ cameraId, until: Date.now() + 3_000_000, by: 'Ada', own: true }]
  await go('/more/notifications')
  await page.getByText(/Quiet until \d\d:\d\d/).waitFor()
  await page.getByRole('button', { name: 'Hear of Front door again' }).click()
  await page.getByText('Quiet for a while').waitFor({ state: 'detached' })
  assert.deepEqual(rulesOf(home.state).snoozes, [])
})

describe('J2 a notification on the phone', { skip }, () => {
  function messageOf({ home }: Visit, id: string, change: object = {}) {
    const told = (what: string): string => home.sign(`/api/alerts/told/${id}/${what}`)
    return {
      ...{ title: 'Person at Front door', body: '14:02', tag: 'incident:1', lang: 'en', silent: false },
      actions: [
        { action: 'expected', title: 'Expected' },
        { action: 'snooze', title: 'Snooze 1 h' },
      ],
      data: {
        ...{ kind: 'incident', path: '/plugs', at: 1, renotify: true },
        report: { shown: told('shown'), opened: told('opened') },
        actions: [{ action: 'expected', run: told('act/expected') }],
        ...change,
      },
    }
  }
  const send = (visited: Visit, notification: object): Promise<void> =>
    push(visited, JSON.stringify({ web_push: 8030, mutable: true, notification }))

  async function asks(visited: Visit, words: string): Promise<void> {
    const { asked } = alertsOf(visited.home.state)
    for (let tries = 0; tries < 100 && !asked.includes(words); tries++) await visited.phone.page.waitForTimeout(50)
    assert.ok(asked.includes(words), `${words} is not in ${asked.join(', ')}`)
  }

  test('says that it was shown, and opened at the tap', async (t) => {
    const visited = await visit(t, { data: livedInHome(), notify: true })
    await visited.go('/')
    await underWorker(visited)
    const id = newId(1)
    await send(visited, messageOf(visited, id))
    await untilShown(visited, 1)
    await asks(visited, `shown ${id}`)
    await tap(visited)
    await visited.phone.page.getByRole('switch', { name: 'Porch light' }).waitFor()
    await asks(visited, `opened ${id}`)
  })

  test('does what its action says without opening the app, and shows what came of it in its place', async (t) => {
    const visited = await visit(t, { data: livedInHome(), notify: true })
    await visited.go('/')
    await underWorker(visited)
    const id = newId(1)
    await send(visited, messageOf(visited, id))
    await untilShown(visited, 1)
    await tap(visited, 'expected')
    await asks(visited, `expected ${id}`)
    const done = async () => (await shown(visited)).some(({ title }) => title === 'Marked as expected')
    for (let tries = 0; tries < 100 && !(await done()); tries++) await visited.phone.page.waitForTimeout(50)
    assert.deepEqual(
      (await shown(visited)).map(({ title, tag }) => [title, tag]),
      [['Marked as expected', 'incident:1']],
    )
    assert.equal(new URL(visited.phone.page.url()).pathname, '/', 'no page was opened')
  })

  test('an action that cannot reach home says so, and a tap still opens the app', async (t) => {
    const visited = await visit(t, { data: livedInHome(), notify: true, expected: /ERR_|WebSocket|status of 40/ })
    await visited.go('/')
    await underWorker(visited)
    const run = `/api/alerts/told/${newId(1)}/act/expected?exp=1&sig=x`
    await send(visited, messageOf(visited, newId(1), { actions: [{ action: 'expected', run }] }))
    await untilShown(visited, 1)
    await tap(visited, 'expected')
    const failed = async () => (await shown(visited)).some(({ title }) => title === 'That did not work')
    for (let tries = 0; tries < 100 && !(await failed()); tries++) await visited.phone.page.waitForTimeout(50)
    assert.ok(await failed())
    await tap(visited)
    await visited.phone.page.getByRole('switch', { name: 'Porch light' }).waitFor()
  })
})

for (const [colorScheme, desktop] of [
  ['light', false],
  ['dark', true],
] as const)
  test(
    `pages about alerts are usable by everybody, ${colorScheme}, ${desktop ? 'wide' : '360 px'}`,
    { skip },
    async (t) => {
      const { home, phone, go } = await visit(t, { data: livedInHome(), phone: { colorScheme, desktop } })
      const { page } = phone
      home.state.account.freshUntil = Date.now() + 3_600_000
      const check = async (where: string): Promise<void> => {
        await page.waitForFunction(() => document.querySelector('.skeleton') === null)
        await page.waitForTimeout(400)
        const { violations } = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .analyze()
        const words = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
        assert.deepEqual(words, [], where)
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        assert.ok(wide <= 0, `${where} is ${String(wide)} px too wide`)
      }
      await go('/alerts/channels')
      await page.getByText('For Home Assistant').waitFor()
      await check('channels')
      for (const name of ['Set up E-mail', 'Set up Webhook', 'Change MQTT', 'Change ntfy']) {
        await go('/alerts/channels')
        await page.getByRole('button', { name }).click()
        await page.getByRole('dialog').getByText('More', { exact: true }).click()
        await check(name)
      }
      await go('/alerts/history')
      await page.locator('summary').first().click()
      await check('what was told')
    },
  )
