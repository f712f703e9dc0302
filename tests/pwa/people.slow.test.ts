import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noChromium } from '../harness/chromium.ts'
import { accessOf } from './home-access.ts'
import type { HomeAccess } from './home-access.ts'
import { livedInHome } from './home-data.ts'
import { TOTP_CODE } from './home-state.ts'
import { visit } from './phone.ts'
import type { Visit } from './phone.ts'

const REFUSED = /status of 40[39]/

/** A home with people, looked after by Ada who has just proved to be there. */
async function visitPeople(t: Parameters<typeof visit>[0]): Promise<Visit & { access: HomeAccess }> {
  const visited = await visit(t, { data: livedInHome(), expected: REFUSED })
  visited.home.state.account.freshUntil = Date.now() + 3_600_000
  return { ...visited, access: accessOf(visited.home.state) }
}

const named = ({ people }: HomeAccess, name: string) => {
  const person = people.find(({ displayName }) => displayName === name)
  assert.ok(person)
  return person
}

test(
  'SEC-A10 people are listed with role and age; open invitations stand on top and can be withdrawn',
  { skip: noChromium() },
  async (t) => {
    const { phone, go, access } = await visitPeople(t)
    const { page } = phone
    await go('/more')
    await page.getByRole('link', { name: /People/ }).click()
    await page.getByRole('link', { name: /Ben Operator · Last here 1 h ago/ }).waitFor()
    await page.getByRole('link', { name: /Grandma Elisabeth Viewer · Has not been here yet/ }).waitFor()
    await page.getByRole('link', { name: /Former tenant Switched off/ }).waitFor()
    await page.getByText('Cousin Karl, Guest').waitFor()
    await page.getByRole('button', { name: 'Withdraw the invitation of Cousin Karl' }).click()
    await page.getByText('The link of Cousin Karl no longer works.').waitFor()
    await page.getByText('Cousin Karl, Guest').waitFor({ state: 'detached' })
    assert.equal(access.invitations[0]?.state, 'withdrawn')
  },
)

test(
  'SEC-A10 an invitation is made for one person, one role and some cameras; its link is shown once',
  { skip: noChromium() },
  async (t) => {
    const { home, phone, go, access } = await visitPeople(t)
    const { page } = phone
    await go('/more/people')
    await page.getByRole('button', { name: 'Invite somebody' }).click()
    await page.getByRole('button', { name: 'Make the link' }).click()
    await page.getByText('Give a name.').waitFor()
    await page.getByLabel('Who is it for?').fill('Aunt May')
    await page.getByRole('radio', { name: 'Neighbour' }).check()
    await page.getByRole('radio', { name: 'Only some' }).check()
    await page.getByText('None chosen: no camera can be seen.').waitFor()
    await page.getByRole('checkbox', { name: 'Garden' }).check()
    await page.getByLabel('How long does the link work?').selectOption('A week')
    await page.getByRole('button', { name: 'Make the link' }).click()
    await page.getByRole('heading', { name: 'Link for Aunt May' }).waitFor()
    await page.getByRole('img', { name: 'The link as a picture to scan' }).waitFor()
    const link = await page.getByRole('group', { name: 'Invitation link' }).textContent()
    assert.ok(link?.startsWith(`${home.origin}/invite#`))
    const [made] = access.invitations
    const garden = home.state.data.cameras.find(({ name }) => name === 'Garden')
    assert.deepEqual(made?.cameras, [garden?.id])
    assert.equal(access.roles.find(({ id }) => id === made?.role)?.name, 'Neighbour')

    // A slip of the finger does not lose it.
    await page.keyboard.press('Escape')
    await page.getByRole('alert').getByText('This is shown only now.').waitFor()
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByText('Aunt May').waitFor()
    assert.equal(await page.getByText('/invite#').count(), 0)
  },
)

test(
  'SEC-A10 role and cameras of somebody are changed, and taken back with one tap',
  { skip: noChromium() },
  async (t) => {
    const { home, phone, go, access } = await visitPeople(t)
    const { page } = phone
    const ben = named(access, 'Ben')
    await go(`/more/people/${ben.id}`)
    await page.getByRole('heading', { name: 'Ben', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Change role' }).click()
    await page.getByRole('radio', { name: 'Viewer' }).check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Ben is Viewer now.').waitFor()
    await page.getByText('Sees cameras, incidents, plugs and costs. Changes nothing.').waitFor()
    assert.equal(ben.role, 'viewer')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Switches and names plugs').waitFor()
    assert.equal(ben.role, 'operator')

    await page.getByRole('button', { name: 'Choose cameras' }).click()
    await page.getByRole('radio', { name: 'Only some' }).check()
    await page.getByRole('checkbox', { name: 'Front door' }).check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Front door', { exact: true }).waitFor()
    assert.deepEqual(ben.cameras, [home.state.data.cameras[0]?.id])
  },
)

test(
  'SEC-A2 a lost password: the temporary one is shown once, with a button to copy it',
  { skip: noChromium() },
  async (t) => {
    const { home, phone, go, access } = await visitPeople(t)
    const { page } = phone
    await phone.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: home.origin })
    const ben = named(access, 'Ben')
    await go(`/more/people/${ben.id}`)
    await page.getByRole('button', { name: 'Reset password' }).click()
    await page.getByRole('checkbox', { name: 'The phone with the codes is lost too' }).check()
    await page.getByRole('dialog').getByRole('button', { name: 'Reset password' }).click()
    await page.getByRole('heading', { name: 'Temporary password for Ben' }).waitFor()
    assert.equal(await page.getByRole('group', { name: 'Temporary password' }).textContent(), 'Kiesel-Tasse-48-Wind')
    await page.getByRole('button', { name: 'Copy' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'Kiesel-Tasse-48-Wind')
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByText('Has a temporary password').waitFor()
    await page.getByText('No phone or browser').waitFor()
    assert.equal(ben.hasTotp, false)
    assert.equal(await page.getByText('Kiesel').count(), 0)
  },
)

test(
  'SEC-A8 signing out, switching off and removing somebody say what they do, and ask where something is lost',
  { skip: noChromium() },
  async (t) => {
    const { phone, go, access } = await visitPeople(t)
    const { page } = phone
    const ben = named(access, 'Ben')
    await go(`/more/people/${ben.id}`)
    await page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByText('Ben is signed out everywhere.').waitFor()
    assert.equal(ben.sessions, 0)
    await page.getByRole('button', { name: 'Switch account off' }).click()
    await page.getByText('Ben can no longer sign in.').waitFor()
    assert.equal(ben.active, false)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Switch account off' }).waitFor()
    assert.equal(ben.active, true)

    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('To keep the account for later, switch it off instead.').waitFor()
    await page.getByRole('button', { name: 'Remove account' }).click()
    await page.waitForURL('**/more/people')
    await page.getByRole('link', { name: /Grandma/ }).waitFor()
    assert.ok(!access.people.includes(ben))
    assert.equal(await page.getByRole('link', { name: /Ben/ }).count(), 0)
  },
)

test('SEC-A10 what is not allowed is explained before it is tried', { skip: noChromium() }, async (t) => {
  const { home, phone, go, access } = await visitPeople(t)
  const { page } = phone
  const { user } = home.state.account
  await go(`/more/people/${user.id}`)
  await page.getByText('This is you.').waitFor()
  for (const name of ['Change role', 'Remove', 'Switch account off'])
    assert.equal(await page.getByRole('button', { name }).count(), 0, name)

  // Somebody who looks after people, but is no administrator.
  user.permissions = user.permissions.filter((each) => !each.startsWith('data.') && !each.startsWith('system.'))
  Object.assign(named(access, 'Ada'), { id: crypto.randomUUID(), displayName: 'Eve' })
  const eve = named(access, 'Eve')
  await go(`/more/people/${eve.id}`)
  await page.getByText('Eve may do more than you.').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Reset password' }).count(), 0)
  await go('/more/people')
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  assert.ok(await page.getByRole('radio', { name: 'Administrator' }).isDisabled())
  assert.ok(await page.getByRole('radio', { name: 'Operator' }).isEnabled())

  // And one who may only look.
  user.permissions = user.permissions.filter((each) => each !== 'users.edit')
  await go(`/more/people/${named(access, 'Ben').id}`)
  await page.getByText('You may look, but not change accounts.').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Change role' }).count(), 0)
  await go('/more/people')
  await page.getByRole('link', { name: /Ben/ }).waitFor()
  assert.equal(await page.getByRole('button', { name: 'Invite somebody' }).count(), 0)
})

test(
  'SEC-A10 who may see neither people nor box has no such entries, and kind words at the address',
  { skip: noChromium() },
  async (t) => {
    const { home, phone, go } = await visitPeople(t)
    const { page } = phone
    home.state.account.user.permissions = ['cameras.view', 'incidents.view', 'devices.view']
    await go('/more')
    await page.getByRole('link', { name: /Notifications/ }).waitFor()
    for (const name of [/^People/, /^Roles/, /^API keys/, /^All settings/, /^Record/])
      assert.equal(await page.getByRole('link', { name }).count(), 0, String(name))
    const calls: string[] = []
    page.on('request', (request) => calls.push(new URL(request.url()).pathname))
    for (const path of ['people', 'people/x', 'roles', 'keys', 'settings', 'record']) {
      await go(`/more/${path}`)
      await page.getByText('Your role does not show this page.').waitFor()
    }
    const asked = calls.filter((path) => /^\/api\/(people|roles|invitations|keys|audit|settings$)/.test(path))
    assert.deepEqual(asked, [])
  },
)

test(
  'SEC-A10 roles: fixed ones are explained, own ones made, changed and removed',
  { skip: noChromium() },
  async (t) => {
    const { phone, go, access } = await visitPeople(t)
    const { page } = phone
    await go('/more/roles')
    await page.getByText('May do everything, and looks after people and the box.').waitFor()
    await page.getByRole('button', { name: 'Make a role' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('button', { name: 'Make a role' }).click()
    await sheet.getByText('Give it a name.').waitFor()
    await sheet.getByText('Choose at least one thing.').waitFor()
    await sheet.getByLabel('Name', { exact: true }).fill('Dog walker')
    await sheet.getByRole('checkbox', { name: 'See cameras live' }).check()
    await sheet.getByText('This role only looks').waitFor()
    await sheet.getByRole('checkbox', { name: 'Switch plugs' }).check()
    await sheet.getByText('signs in with a second factor').waitFor()
    await sheet.getByRole('button', { name: 'Make a role' }).click()
    await page.getByText('Dog walker can be given to people now.').waitFor()
    assert.deepEqual(access.roles.at(-1)?.permissions, ['cameras.view', 'devices.control'])

    await page.getByRole('button', { name: 'Change Dog walker' }).click()
    await sheet.getByLabel('Name', { exact: true }).fill('Neighbour')
    await sheet.getByRole('checkbox', { name: 'Switch plugs' }).uncheck()
    await sheet.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Neighbour is changed.').waitFor()
    assert.deepEqual(access.roles.at(-1)?.permissions, ['cameras.view'])
    await page.getByRole('button', { name: 'Remove Neighbour' }).first().click()
    await page.getByRole('button', { name: 'Remove role' }).click()
    await page.getByText('Neighbour is removed.').waitFor()
    assert.equal(access.roles.length, 5)

    const [left] = access.roles.slice(-1)
    assert.ok(left)
    left.people = 2
    await go('/more/roles')
    await page.getByRole('button', { name: `Remove ${left.name}` }).click()
    await page.getByText('Still in use: 2 people.').waitFor()
  },
)

test('SEC-A14 looking after others asks once who is there, then goes on', { skip: noChromium() }, async (t) => {
  const { home, phone, go, access } = await visitPeople(t)
  const { page } = phone
  home.state.account.freshUntil = 0
  const ben = named(access, 'Ben')
  await go(`/more/people/${ben.id}`)
  await page.getByRole('button', { name: 'Change role' }).click()
  await page.getByRole('radio', { name: 'Guest' }).check()
  await page.getByRole('button', { name: 'Save' }).click()
  const ask = page.getByRole('dialog', { name: 'Is it really you?' })
  await ask.getByRole('button', { name: 'Close' }).click()
  await ask.waitFor({ state: 'detached' })
  assert.equal(ben.role, 'operator')
  assert.equal(await page.getByRole('alert').count(), 0, 'who changed their mind is told nothing')
  await page.getByRole('button', { name: 'Save' }).click()
  await ask.getByLabel('Six digits from the app').fill(TOTP_CODE)
  await ask.getByRole('button', { name: 'Go on' }).click()
  await page.getByText('Ben is Guest now.').waitFor()
  assert.equal(ben.role, 'guest')
})
