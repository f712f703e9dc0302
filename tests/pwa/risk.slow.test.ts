import assert from 'node:assert/strict'
import { test } from 'node:test'
import AxeBuilder from '@axe-core/playwright'
import type { IncidentDetail } from '../../appliance/src/api/incidents.ts'
import { noChromium } from '../harness/chromium.ts'
import { livedInHome, makeIncident } from './home-data.ts'
import { expectedIn, nightAssessment, nightDetail } from './home-risk.ts'
import { visit } from './phone.ts'

const skip = noChromium()

async function visitIncident(t: Parameters<typeof visit>[0], change: Partial<IncidentDetail>) {
  const data = livedInHome()
  const [door] = data.cameras
  assert.ok(door)
  const at = Date.now() - 60_000
  const incident = makeIncident(door, at, {
    ...{ ...nightDetail(at), clip: { state: 'missing', reason: 'Nothing was recorded.' } },
    ...change,
  })
  data.incidents.unshift(incident)
  const visited = await visit(t, { data })
  await visited.go(`/incidents/${incident.id}`)
  return { ...visited, page: visited.phone.page, incident, door }
}

test('J2 an incident says how bad it is, whether it is real, every reason and who judged', { skip }, async (t) => {
  const { page } = await visitIncident(t, {})
  const why = page.locator('section').filter({ has: page.getByRole('heading', { name: 'How bad, and why' }) })
  await why.getByText('High', { exact: true }).waitFor()
  await why.getByText('63 of 100').waitFor()
  await why.getByText('It is real.').waitFor()
  const reasons = await why.getByRole('list', { name: 'Reasons' }).getByRole('listitem').allTextContents()
  assert.equal(reasons.length, 5)
  assert.equal(reasons[0], 'A person was seen.+24')
  assert.match(reasons[4] ?? '', /Porch light was switched.*−3$/)
  await why.getByText('Judged by the rules of this box.').waitFor()
  assert.deepEqual((await new AxeBuilder({ page }).analyze()).violations, [])
})

test('what could not be judged is shown as unknown, with the reason, never as harmless', { skip }, async (t) => {
  const { page } = await visitIncident(t, { risk: null, verdict: 'could-not-look', assessment: null })
  await page.getByText('Not judged', { exact: true }).waitFor()
  await page.getByText('Lares could not look. That does not mean that nothing was there.').waitFor()
  assert.equal(await page.getByText('of 100').count(), 0)
})

test('a language model: what it says, what it was asked, and when it could not be heard', { skip }, async (t) => {
  const answered = { state: 'answered', summary: 'Somebody waits at the door.', model: 'tiny-guard-1b' } as const
  const from = { promptVersion: 'risk-1', latencyMs: 2_340, tokensIn: 640, tokensOut: 71, at: 1 }
  const { page, incident, home } = await visitIncident(t, { assessment: nightAssessment(1, { ...answered, ...from }) })
  await page.getByText('Judged by the rules of this box and by tiny-guard-1b.').waitFor()
  await page.getByText('What the language model says').click()
  await page.getByText('Somebody waits at the door.').waitFor()
  await page.getByText('2.3 s').waitFor()
  await page.getByText('What it was asked, word for word').click()
  await page.getByText('"camera": "Front door"').waitFor()
  incident.assessment = nightAssessment(1, { state: 'failed', problem: 'The language model took too long.' })
  incident.risk = { score: 60, band: 'high' }
  const { tracks: _t, dwellMs: _d, parts: _p, plugs: _s, assessment: _a, ...listed } = incident
  await page.waitForFunction(() => document.readyState === 'complete')
  home.bus.emit('incident.changed', { change: 'updated', incident: listed })
  await page.reload()
  await page.getByText('The language model could not be heard, so the rules’ answer stands.').waitFor()
  await page.getByText('The language model took too long.').waitFor()
})

test('how a visit went on over other cameras, and what the plugs did', { skip }, async (t) => {
  const at = Date.now() - 60_000
  const id = '0197c1de-4b7a-7c3e-9d55-1b2c3d4e9999'
  const camera = { id: '0197c1de-4b7a-7c3e-9d55-1b2c3d4e8888', name: 'Side gate' }
  const part = { id, camera, state: 'closed', openedAt: at + 20_000, lastSeenAt: at + 50_000 } as const
  const plug = { plugId: '0197c1de-4b7a-7c3e-9d55-1b2c3d4e7777', name: 'Porch light' }
  const { page } = await visitIncident(t, {
    parts: [
      {
        ...{ ...part, classes: [{ class: 'person', count: 1, bestScore: 0.9 }], snapshot: null, risk: null, zones: [] },
        clip: { state: 'ready', url: `/api/incidents/${id}/clip.mp4`, startsAt: at, durationMs: 1_000 },
      },
    ],
    plugs: [
      { ...plug, at, on: false, powerMw: 0 },
      { ...plug, at: at + 30_000, on: true, powerMw: 8_200 },
    ],
  })
  await page.getByText('Person at Side gate').waitFor()
  await page.getByText('switched on, 8 W').waitFor()
})

test('somebody is expected: added, changed, no longer expected', { skip }, async (t) => {
  const data = livedInHome()
  const { go, phone, home } = await visit(t, { data })
  const { page } = phone
  await go('/more/expected')
  await page.getByRole('article').filter({ hasText: 'Post' }).getByText('10:00 to 12:30').waitFor()
  await page.getByRole('button', { name: 'Add a visitor' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Give it a name.').waitFor()
  await page.getByLabel('What do you call them?').fill('Gardener')
  await page.getByRole('button', { name: 'Fri', exact: true }).click()
  await page.getByLabel('From').fill('09:00')
  await page.getByRole('button', { name: 'Front door' }).click()
  assert.deepEqual((await new AxeBuilder({ page }).analyze()).violations, [])
  await page.getByRole('button', { name: 'Save' }).click()
  const card = page.getByRole('article').filter({ hasText: 'Gardener' })
  await card.getByText('Mon, Tue, Wed, Thu, 09:00 to 13:00').waitFor()
  await card.getByText('Front door').waitFor()
  assert.deepEqual(expectedIn(home.state)[1]?.cameras, [data.cameras[0]?.id])
  await card.getByRole('button', { name: 'Change Gardener' }).click()
  await page.getByRole('button', { name: 'Expect no longer' }).click()
  await card.waitFor({ state: 'detached' })
  assert.equal(expectedIn(home.state).length, 1)
})
