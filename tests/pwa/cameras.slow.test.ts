import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noChromium } from '../harness/chromium.ts'
import { livedInHome } from './home-data.ts'
import { visit } from './phone.ts'

test(
  'stills are live while they can be seen, and a silent camera says so in words',
  { skip: noChromium() },
  async (t) => {
    const { home, phone, go } = await visit(t, { data: livedInHome() })
    const { page } = phone
    await go('/cameras')
    const door = page.getByRole('link', { name: /Front door/ })
    await door.getByRole('img', { name: 'Picture of Front door' }).waitFor()
    await door.getByText('Live').waitFor()
    assert.match((await door.getByRole('img').getAttribute('src')) ?? '', /^data:image\/jpeg;base64,./)
    const door1 = home.state.data.cameras.find(({ name }) => name === 'Front door')
    const isDoor = (reply: { url(): string }): boolean => reply.url().endsWith(`/${door1?.id ?? ''}/still.jpg`)
    for (let picture = 0; picture < 2; picture++) await page.waitForResponse(isDoor)
    await page.getByText('Hall stopped sending pictures.').waitFor()

    const hall = home.state.data.cameras.find(({ name }) => name === 'Hall')
    assert.ok(hall)
    home.bus.emit('camera.changed', { ...hall, state: 'live', problem: null })
    await page.getByText('Hall stopped sending pictures.').waitFor({ state: 'detached' })
  },
)

test('a camera that is silent has its reason, a remedy and its age on its page', { skip: noChromium() }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  const hall = home.state.data.cameras.find(({ name }) => name === 'Hall')
  await go(`/cameras/${hall?.id ?? ''}`)
  await phone.page.getByText('Hall stopped sending pictures. What it saw before is kept.').waitFor()
  await phone.page.getByText('Last picture 4 min ago').waitFor()
})

test('a turned camera says so, and one tap says that it is meant to be so', { skip: noChromium() }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  const { page } = phone
  const garden = home.state.data.cameras.find(({ name }) => name === 'Garden')
  assert.ok(garden)
  await go(`/cameras/${garden.id}`)
  await page.getByRole('heading', { name: 'Garden' }).waitFor()
  assert.equal(await page.getByRole('button', { name: 'This is its new view' }).count(), 0)
  const moved = { cameraId: garden.id, state: 'moved' as const, since: Date.now() }
  home.state.data.views.push(moved)
  home.bus.emit('camera.view-changed', moved)
  await page.getByText('It shows another view').waitFor()
  await page.getByRole('button', { name: 'This is its new view' }).click()
  await page.getByText('It shows another view').waitFor({ state: 'detached' })
  assert.deepEqual(home.state.data.views, [{ cameraId: garden.id, state: 'fine', since: null }])
})

test(
  'changing a camera keeps its address when only the name changed; removing asks once',
  { skip: noChromium() },
  async (t) => {
    const { home, phone, go } = await visit(t, { data: livedInHome() })
    const { page } = phone
    const garden = home.state.data.cameras.find(({ name }) => name === 'Garden')
    assert.ok(garden)
    const bodies: unknown[] = []
    page.on('request', (request) => request.method() === 'PATCH' && bodies.push(request.postDataJSON()))
    await go(`/cameras/${garden.id}`)
    await page.getByRole('button', { name: 'Change' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Back garden')
    await page.getByRole('button', { name: 'Cat' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Back garden' }).waitFor()
    assert.deepEqual(bodies, [{ name: 'Back garden', classes: ['person', 'car', 'cat', 'dog'] }])

    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('Incidents it saw stay until they are cleared.').waitFor()
    await page.getByRole('button', { name: 'Remove camera' }).click()
    await page.waitForURL('**/cameras')
    assert.ok(!home.state.data.cameras.some(({ name }) => name.includes('arden')))
  },
)
