import assert from 'node:assert/strict'
import { test } from 'node:test'
import { farFrom, nextSide } from '../../pwa/src/state/fence-rules.ts'
import { noChromium } from '../harness/chromium.ts'
import { livedInHome } from './home-data.ts'
import { rulesOf } from './home-rules.ts'
import { visit } from './phone.ts'

const skip = noChromium()

test('J9 one tap to Away leaves time to leave; taken back, or at once; who chose it is shown', { skip }, async (t) => {
  const { home, phone, goLive } = await visit(t, { data: livedInHome() })
  const { page } = phone
  await goLive('/')
  await page.getByRole('button', { name: 'Away', exact: true }).click()
  await page.getByText(/Away in \d+ s/).waitFor()
  await page.getByRole('button', { name: 'Stay home' }).click()
  await page.getByText('At home: Lares watches').waitFor()
  await page.getByRole('button', { name: 'Away', exact: true }).click()
  await page.getByRole('button', { name: 'Away now' }).click()
  await page.getByText('Nobody home: Lares tells you').waitFor()
  assert.equal(rulesOf(home.state).mode.mode, 'away')
  // Another phone, or the clock, changes it: it arrives by itself.
  const by = { cause: 'schedule' as const, name: null }
  home.bus.emit('mode.changed', { mode: 'night', since: Date.now(), by, next: null })
  await page.getByText(/By the schedule/).waitFor()
  await page.getByText('Home: Ada').waitFor()
})

test('J2 a rule is made in four taps, after a look at what it would have told', { skip }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  const { page } = phone
  await go('/more/alerts')
  await page.getByRole('button', { name: 'Add a rule' }).click()
  await page.getByRole('button', { name: 'Dog', exact: true }).click()
  await page.getByText('When a person or a dog is seen on any camera, while away or at night').waitFor()
  await page.getByRole('button', { name: 'Try it on last week' }).click()
  await page.getByText('It would have told you 2 times last week:').waitFor()
  await page.getByRole('button', { name: 'Save' }).last().click()
  await page.getByText('Saved.').waitFor()
  assert.deepEqual(rulesOf(home.state).rules.at(-1)?.classes, ['person', 'dog'])

  await page.getByRole('switch', { name: /Rule: When a person is seen on any camera, at home/ }).click()
  await page.getByText('Switched off').first().waitFor()
  assert.equal(rulesOf(home.state).rules[0]?.enabled, false)
})

test('peace for an hour is one tap, and taken back by another; quiet hours are kept', { skip }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  const { page } = phone
  await go('/more/alerts')
  await page.getByRole('button', { name: 'Snooze everything for 1 hour' }).click()
  await page.getByText('every camera, until').waitFor()
  await page.getByRole('button', { name: 'End it' }).click()
  await page.getByText('You hear everything again.').waitFor()
  assert.deepEqual(rulesOf(home.state).snoozes, [])
  await page.getByLabel('Quiet hours').last().check()
  await page.getByRole('button', { name: 'Save' }).last().click()
  await page.getByText('Quiet hours are changed.').waitFor()
  assert.equal(rulesOf(home.state).quiet.times?.from, '22:00')
})

test('J9 modes by the clock and by who is home; the detail of an incident says why', { skip }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  const { page } = phone
  await go('/more/modes')
  await page.getByRole('button', { name: 'Add a time' }).click()
  await page.getByText('Night, every day at 22:30').waitFor()
  await page.getByText('Away when everybody has left').click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved.').waitFor()
  const { options } = rulesOf(home.state)
  assert.deepEqual([options.schedule.length, options.awayWhenEmpty], [1, true])
  await home.makeClip()
  await go(`/incidents/${home.state.data.incidents[0]?.id ?? ''}`)
  await page.getByText('Why, and why not').click()
  await page.getByText('Told Ada and Ben').waitFor()
  await page.getByText('Its risk is medium; the rule begins at critical.').waitFor()
})

test('a freezer is watched from its plug', { skip }, async (t) => {
  const { home, phone, go } = await visit(t, { data: livedInHome() })
  const { page } = phone
  const freezer = home.state.data.plugs.find(({ name }) => name === 'Freezer')
  await go(`/plugs/${freezer?.id ?? ''}`)
  await page.getByText('Tell me when it stops').click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('You are told when it stops.').waitFor()
  assert.deepEqual(rulesOf(home.state).watches.get(freezer?.id ?? ''), { minWatts: 5, afterMin: 120 })
})

test('in or out of the fence: near is home, far is away, in between stays what it was', () => {
  const home = { latitude: 52.52, longitude: 13.405 }
  assert.ok(Math.abs(farFrom(home, { latitude: 52.529, longitude: 13.405 }) - 1_000) < 5)
  assert.equal(nextSide(null, 20, 10), 'home')
  assert.equal(nextSide('home', 250, 10), 'home')
  assert.equal(nextSide('away', 250, 10), 'away')
  assert.equal(nextSide('home', 2_000, 30), 'away')
  assert.equal(nextSide('home', 2_000, 5_000), 'home', 'a place that is not known well moves nobody out')
})
