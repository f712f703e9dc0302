import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noChromium } from '../harness/chromium.ts'
import { accessOf } from './home-access.ts'
import { livedInHome } from './home-data.ts'
import { visit } from './phone.ts'

async function visitKeys(t: Parameters<typeof visit>[0]) {
  const visited = await visit(t, { data: livedInHome() })
  visited.home.state.account.freshUntil = Date.now() + 3_600_000
  await visited.go('/more/keys')
  return { ...visited, page: visited.phone.page, access: accessOf(visited.home.state) }
}

test(
  'SEC-A11 keys are told apart by beginning, use and end; those of the environment are marked',
  { skip: noChromium() },
  async (t) => {
    const { page } = await visitKeys(t)
    const card = (name: string) => page.getByRole('article').filter({ hasText: name })
    await card('Home Assistant').getByText('Begins with k3VbTq9x').waitFor()
    await card('Home Assistant')
      .getByText(/from 192\.168\.1\.30/)
      .waitFor()
    await card('Dashboard').getByText('Replaced, still works for a while').waitFor()
    await card('Backup script').getByText('From the environment (API_KEYS)').waitFor()
    assert.equal(await card('Backup script').getByRole('button').count(), 0)
    assert.equal(await card('Old tablet').getByRole('button').count(), 0)
    await card('Home Assistant').getByText('What it may').click()
    await card('Home Assistant').getByText('Switch plugs').waitFor()
  },
)

test(
  'SEC-A11 a key is made from a preset; it is shown once, with a line to try it',
  { skip: noChromium() },
  async (t) => {
    const { page, home, phone, access } = await visitKeys(t)
    await phone.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: home.origin })
    await page.getByRole('button', { name: 'Make a key' }).click()
    await page.getByRole('button', { name: 'Make the key' }).click()
    await page.getByText('Give it a name.').waitFor()
    await page.getByLabel('Which program is it for?').fill('Node-RED')
    await page.getByRole('radio', { name: 'Home Assistant: see and switch' }).check()
    await page.getByLabel('How long does it work?').selectOption('Three months')
    await page.getByRole('button', { name: 'Make the key' }).click()
    await page.getByRole('heading', { name: 'Key for Node-RED' }).waitFor()
    const secret = await page.getByRole('group', { name: 'The key' }).textContent()
    assert.match(secret ?? '', /^lares_\w{8}_\w{43}$/)
    assert.deepEqual(access.keys[0]?.scopes, ['devices.view', 'devices.control', 'cameras.view', 'incidents.view'])
    const days = ((access.keys[0]?.expiresAt ?? 0) - Date.now()) / 86_400_000
    assert.ok(days > 89 && days <= 90, String(days))

    await page.getByText('Try it in a terminal').click()
    await page.getByRole('button', { name: 'Copy the command' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    assert.equal(copied, `curl --cacert lares-root.pem -H 'X-API-Key: ${secret}' ${home.origin}/api/incidents`)
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByRole('article').filter({ hasText: 'Node-RED' }).waitFor()
    assert.equal(await page.getByText(secret ?? '').count(), 0)
  },
)

test('SEC-A11 rights of a key are chosen one by one, never more than one’s own', { skip: noChromium() }, async (t) => {
  const { home, page, go, access } = await visitKeys(t)
  const { user } = home.state.account
  user.permissions = user.permissions.filter((each) => each !== 'devices.control' && !each.startsWith('data.'))
  await go('/more/keys')
  await page.getByRole('button', { name: 'Make a key' }).click()
  assert.ok(await page.getByRole('radio', { name: 'Home Assistant: see and switch' }).isDisabled())
  assert.ok(await page.getByRole('radio', { name: 'Only look' }).isChecked())
  await page.getByRole('radio', { name: 'Something else' }).check()
  await page.getByLabel('Which program is it for?').fill('Script')
  await page.getByRole('button', { name: 'Make the key' }).click()
  await page.getByText('Choose at least one thing.').waitFor()
  assert.ok(await page.getByRole('checkbox', { name: 'Switch plugs' }).isDisabled())
  await page.getByRole('checkbox', { name: 'See incidents and their clips' }).check()
  await page.getByLabel('How long does it work?').selectOption('Until it is taken back')
  await page.getByRole('button', { name: 'Make the key' }).click()
  await page.getByRole('heading', { name: 'Key for Script' }).waitFor()
  assert.deepEqual(access.keys[0]?.scopes, ['incidents.view'])
  assert.equal(access.keys[0]?.expiresAt, null)
})

test('SEC-A11 a key is replaced with an overlap, or taken back at once', { skip: noChromium() }, async (t) => {
  const { page, access } = await visitKeys(t)
  const [assistant] = access.keys
  await page.getByRole('button', { name: 'Replace Home Assistant' }).click()
  await page.getByLabel('How long does the old one still work?').selectOption('One hour')
  await page.getByRole('button', { name: 'Replace key' }).click()
  await page.getByRole('group', { name: 'The key' }).getByText('lares_nExt0002_').waitFor()
  await page.getByRole('button', { name: 'I have it' }).click()
  await page.getByText('Begins with nExt0002').waitFor()
  assert.equal(assistant?.state, 'rotated')
  assert.ok((assistant.expiresAt ?? 0) - Date.now() <= 3_600_000)

  await page.getByRole('button', { name: 'Take back Home Assistant' }).first().click()
  await page.getByText('It stops working at once').waitFor()
  await page.getByRole('button', { name: 'Take back', exact: true }).click()
  await page.getByText('The key of Home Assistant no longer works.').waitFor()
  assert.equal(access.keys.find(({ prefix }) => prefix === 'nExt0002')?.state, 'revoked')
})
