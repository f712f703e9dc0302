import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { dayName } from '../../pwa/src/format.ts'
import { noChromium } from '../harness/chromium.ts'
import { asListed } from './home-cameras.ts'
import { livedInHome, makeIncident } from './home-data.ts'
import { visit } from './phone.ts'

/** As a thumb does it: again and again, until it is there. One push alone ends where the page ended when it was given. */
async function scrollUntil(page: Page, there: Locator): Promise<void> {
  for (let push = 0; push < 100 && !(await there.isVisible()); push++) {
    await page.mouse.wheel(0, 5_000)
    await page.waitForTimeout(100)
  }
  await there.waitFor()
}

test(
  'J2 an incident shows its picture with boxes, and its clip with boxes that walk along',
  { skip: noChromium() },
  async (t) => {
    const { home, phone, go } = await visit(t, { data: livedInHome() })
    await home.makeClip()
    const [incident] = home.state.data.incidents
    const { page } = phone
    await go(`/incidents/${incident?.id ?? ''}`)
    await page.getByRole('heading', { name: 'Person at Front door' }).waitFor()
    assert.match(await page.title(), /Person at Front door · Casa Lindgren/)
    await page.getByText('91 % sure').waitFor()
    const leftOf = () =>
      page
        .locator('.seen-box')
        .first()
        .evaluate((box: HTMLElement) => Number.parseFloat(box.style.left))
    const seek = (seconds: number) =>
      page.locator('video').evaluate((video: HTMLVideoElement, to) => {
        video.currentTime = to
      }, seconds)
    await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2)
    await seek(3.25)
    await page.waitForFunction(
      () =>
        Math.abs(Number.parseFloat(document.querySelector<HTMLElement>('.seen-box')?.style.left ?? '0') - 20.5) < 1.5,
    )
    await seek(6.25)
    await page.waitForFunction(
      () => Number.parseFloat(document.querySelector<HTMLElement>('.seen-box')?.style.left ?? '0') > 50,
    )
    assert.ok((await leftOf()) < 65)
    await seek(9.5)
    await page.waitForFunction(() => document.querySelector('.seen-box') === null)

    await page.getByRole('button', { name: 'Picture', exact: true }).click()
    await page.getByRole('img', { name: 'Picture: Person at Front door' }).waitFor()
    assert.ok(Math.abs((await leftOf()) - 25.5) < 0.2)
    await page.getByRole('button', { name: 'Boxes' }).click()
    assert.equal(await page.locator('.seen-box').count(), 0)
  },
)

test('J2 marking an incident is one tap, and can be taken back', { skip: noChromium() }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  const incident = home.state.data.incidents.find(({ snapshot, clip }) => snapshot && clip.state === 'missing')
  assert.ok(incident)
  const { page } = phone
  await go(`/incidents/${incident.id}`)
  await page.getByText('There is no clip: it was removed to free space.').waitFor()
  await page.getByRole('button', { name: 'Threat' }).click()
  await page.getByText('Marked as threat.').waitFor()
  assert.equal(incident.feedback, 'threat')
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Taken back.').waitFor()
  await page.getByRole('button', { name: 'Threat', pressed: false }).waitFor()
  assert.equal(incident.feedback, null)
  assert.equal(await page.getByRole('button', { name: 'Threat' }).getAttribute('aria-pressed'), 'false')
})

test(
  'the list groups by day of the home, filters by chips, and reads on while scrolling',
  { skip: noChromium() },
  async (t) => {
    const data = livedInHome()
    const [door] = data.cameras
    assert.ok(door)
    for (let day = 3; day < 60; day++) data.incidents.push(makeIncident(door, Date.now() - day * 86_400_000))
    const { phone, go } = await visit(t, { data })
    const { page } = phone
    await go('/incidents')
    const newestAt = data.incidents[0]?.openedAt ?? 0
    const day = dayName(newestAt, Date.now(), 'Europe/Berlin')
    await page.getByRole('heading', { name: day, exact: true, level: 2 }).waitFor()
    const cards = page.locator('.incident-card')
    assert.equal(await cards.count(), 30)
    await scrollUntil(page, page.getByText('That is everything.'))
    assert.equal(await cards.count(), 63)

    // The list is read anew when one comes back to it, as long as it was.
    await page.getByRole('link', { name: 'Plugs' }).click()
    const again = page.waitForResponse((response) => response.url().includes('/api/incidents?limit=63'))
    await page.getByRole('link', { name: 'Incidents' }).click()
    await again
    assert.equal(await cards.count(), 63)

    await page.getByRole('button', { name: 'Dog' }).click()
    await page.waitForFunction(() => document.querySelectorAll('.incident-card').length === 1)
    await page.getByText('2 people and dog').waitFor()
    await page.getByRole('button', { name: 'Dog' }).click()
    await page.getByRole('button', { name: 'Filters' }).click()
    const sheet = page.getByRole('dialog', { name: 'Filters' })
    await sheet.getByRole('button', { name: 'Bus' }).click()
    await sheet.getByRole('button', { name: 'Show', exact: true }).click()
    await page.getByText('Nothing matches these filters.').waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.waitForFunction(() => document.querySelectorAll('.incident-card').length === 30)
  },
)

test('Now says at once when somebody is there', { skip: noChromium() }, async (t) => {
  const { home, phone, goLive } = await visit(t, { data: livedInHome() })
  const [door] = home.state.data.cameras
  assert.ok(door)
  await goLive('/')
  await phone.page.getByText('Hall sends no pictures.').waitFor()
  const detail = makeIncident(door, Date.now(), { state: 'open', closedAt: null, clip: { state: 'recording' } })
  home.state.data.incidents.unshift(detail)
  home.bus.emit('incident.changed', { change: 'opened', incident: asListed(detail) })
  await phone.page.getByText('Person at Front door, right now.').waitFor()
})

test('J2 incidents are found by words, also while one types', { skip: noChromium() }, async (t) => {
  const data = livedInHome()
  Object.assign(data.incidents[1] ?? {}, { notes: 'The chimney sweep came' })
  const { phone, go } = await visit(t, { data })
  const { page } = phone
  await go('/incidents')
  const cards = page.locator('.incident-card')
  await page.getByText('Quiet day.').waitFor()
  await page.getByRole('searchbox', { name: 'Search incidents' }).fill('chim')
  await page.waitForFunction(() => document.querySelectorAll('.incident-card').length === 1)
  await cards.getByText('Car').waitFor()
  await page.getByRole('searchbox').fill('zebra')
  await page.getByText('Nothing matches these filters.').waitFor()
  await page.getByRole('button', { name: 'Clear search' }).click()
  await page.waitForFunction(() => document.querySelectorAll('.incident-card').length > 1)
})

test(
  'J2 many are marked at once and taken back together; threats are left alone',
  { skip: noChromium() },
  async (t) => {
    const data = livedInHome()
    Object.assign(data.incidents[0] ?? {}, { feedback: 'threat', reviewedAt: 1, reviewedBy: { id: 'x', name: 'Ben' } })
    const before = structuredClone(data.incidents)
    const { home, phone, go } = await visit(t, { data })
    const { page } = phone
    await go('/incidents')
    await page.getByText('3 not reviewed').waitFor({ state: 'attached' })
    await page.getByRole('button', { name: 'Select' }).click()
    await page.getByRole('checkbox', { name: /Car/ }).first().check()
    await page.getByText('1 selected').waitFor()
    await page.getByRole('button', { name: 'All shown' }).click()
    await page.getByRole('button', { name: 'Mark as: Expected' }).click()
    await page.getByText('5 marked. One marked as threat was left alone.').waitFor()
    assert.deepEqual(
      home.state.data.incidents.map(({ feedback }) => feedback),
      ['threat', ...Array.from({ length: 5 }, () => 'expected')],
    )
    await page.waitForFunction(() => document.querySelector('.place-count') === null)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Taken back.').waitFor()
    for (const [n, { feedback, reviewedAt, reviewedBy }] of before.entries()) {
      const now = home.state.data.incidents[n]
      assert.deepEqual([now?.feedback, now?.reviewedAt, now?.reviewedBy], [feedback, reviewedAt, reviewedBy])
    }
    await page.getByText('3 not reviewed').waitFor({ state: 'attached' })
  },
)

test(
  'J2 an incident has a star and notes, says who marked it, and hears of others',
  { skip: noChromium() },
  async (t) => {
    const { home, phone, goLive } = await visit(t, { data: livedInHome(), expected: /status of 40[49]/ })
    const [incident] = home.state.data.incidents
    assert.ok(incident)
    const { page } = phone
    await goLive(`/incidents/${incident.id}`)
    await page.getByRole('button', { name: 'Star' }).click()
    await page.getByText('Starred: its clip is the last to go.').waitFor()
    await page.getByRole('textbox', { name: 'Notes' }).fill('  The new neighbour ')
    await page.getByRole('button', { name: 'Keep notes' }).click()
    await page.getByText('Notes kept.').waitFor()
    assert.deepEqual([incident.starred, incident.notes], [true, 'The new neighbour'])
    await page.getByRole('button', { name: 'Not sure' }).click()
    await page.getByText(/^Marked by Ada/).waitFor()
    await page.getByText('Who said what').click()
    await page.getByText(/marked it: Not sure/).waitFor()

    // Ben is quicker, and the channel has not brought it yet.
    Object.assign(incident, { feedback: 'threat', reviewedBy: { id: 'ben', name: 'Ben' }, reviewCount: 99 })
    await page.getByRole('button', { name: 'Expected' }).click()
    await page.getByText(/^Ben has changed this/).waitFor()
    await page.getByRole('button', { name: 'Threat', pressed: true }).waitFor()
    assert.equal(incident.feedback, 'threat')
  },
)

test('J2 what was learned is seen and forgotten; hours of the week are a table', { skip: noChromium() }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  const { page } = phone
  await go('/incidents/learned')
  await page.getByText('You marked 5 like this as expected.').waitFor()
  await page.getByRole('button', { name: /^Forget: Person at Front door/ }).click()
  await page.getByText('Forgotten.').waitFor()
  assert.equal(home.state.data.learned.length, 1)
  await page.getByRole('button', { name: 'Forget everything' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Forget everything' }).click()
  await page.getByText('Nothing learned yet').waitFor()
  await go('/incidents/heat')
  await page.getByRole('table', { name: '6 visits in this time' }).waitFor()
  assert.equal(await page.getByRole('row').count(), 25)
  await page.getByLabel('What').selectOption('Cat')
  await page.getByRole('table', { name: '1 visit in this time' }).waitFor()
})

test(
  'Now reads everything once, and hears what happened between reading and listening',
  { skip: noChromium() },
  async (t) => {
    const { home, phone, go } = await visit(t, { data: livedInHome() })
    const { page } = phone
    const read: string[] = []
    page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      if (/^\/api\/(cameras|incidents|plugs|health|mode)$/.test(pathname)) read.push(pathname)
    })
    const [door] = home.state.data.cameras
    assert.ok(door)
    // After the page has read the cameras, before it listens: the channel is held up until then.
    await page.routeWebSocket(/\/api\/stream/, async (socket) => {
      await page.getByText('Hall sends no pictures.').waitFor()
      home.bus.emit('camera.changed', { ...door, name: 'Renamed meanwhile' })
      socket.connectToServer()
    })
    await go('/')
    await page.getByText('Renamed meanwhile').first().waitFor()
    assert.deepEqual(read.toSorted(), [...new Set(read)].toSorted(), 'nothing twice')
    assert.equal(read.length, 5)
  },
)
