// The product's own door: who may choose the mode, make rules, say that they are home. Only the clock is a fake.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { AlertRule } from '../../appliance/src/api/alert-rules.ts'
import type { ModeOptions, ModeState, Presence } from '../../appliance/src/api/modes.ts'
import { addPerson, setUpAdministrator, startWholeHome, type SignedIn, type WholeHome } from '../security/whole-home.ts'
import { until } from '../alerts/harness.ts'

const PATIENCE_MS = 30_000

describe('J9 the household chooses what Lares does', () => {
  let at: WholeHome
  let ada: SignedIn
  let vic: SignedIn
  let gus: SignedIn
  before(async () => {
    at = await startWholeHome()
    ada = await setUpAdministrator(at)
    vic = await addPerson(at, ada.browser, 'viewer')
    gus = await addPerson(at, ada.browser, 'guest')
  })
  after(() => at?.stop())

  const mode = (of: SignedIn = ada) => of.browser.must<ModeState>('GET', '/api/mode')
  const statusOf = async (of: SignedIn, method: string, path: string, body?: unknown) =>
    (await of.browser.call(method, path, body)).status

  test('a home begins at home; Away waits for the exit delay, says who chose it, and is in the record', async () => {
    assert.deepEqual([(await mode()).mode, (await mode()).by.cause], ['home', 'first'])
    const asked = await ada.browser.must<ModeState>('PUT', '/api/mode', { mode: 'away' })
    assert.deepEqual([asked.mode, asked.next?.mode, asked.next?.by.name], ['home', 'away', 'Ada'])
    await at.clock.advance(46_000)
    await until('it is away', async () => (await mode(vic)).mode === 'away', PATIENCE_MS)
    await ada.browser.must('PUT', '/api/mode', { mode: 'home' })
    const { entries } = await ada.browser.must<{ entries: { details: object }[] }>(
      'GET',
      '/api/audit?type=mode_changed',
    )
    assert.deepEqual(entries[0]?.details, { mode: 'home', cause: 'tap' })
    const { changes } = await vic.browser.must<{ changes: { mode: string }[] }>('GET', '/api/mode/history')
    assert.deepEqual(changes.map((each) => each.mode).slice(0, 2), ['home', 'away'])
  })

  test('Away taken back within the delay never begins', async () => {
    await ada.browser.must('PUT', '/api/mode', { mode: 'away' })
    const back = await ada.browser.must<ModeState>('PUT', '/api/mode', { mode: 'home' })
    assert.equal(back.next, null)
    await at.clock.advance(60_000)
    assert.equal((await mode()).mode, 'home')
  })

  test('SEC-A10 a viewer sees the mode and chooses none; a guest sees nothing of it', async () => {
    assert.equal(await statusOf(vic, 'PUT', '/api/mode', { mode: 'disarmed' }), 403)
    assert.equal(await statusOf(vic, 'PUT', '/api/alerts/quiet-hours', { times: null }), 403)
    for (const path of ['/api/mode', '/api/presence', '/api/alerts/rules'])
      assert.equal(await statusOf(gus, 'GET', path), 403, path)
    assert.equal(await statusOf(ada, 'PUT', '/api/mode', { mode: 'asleep' }), 400)
    assert.equal((await mode()).mode, 'home')
  })

  test('the clock of the home changes the mode, and says so', async () => {
    const options = await ada.browser.must<ModeOptions>('GET', '/api/mode/options')
    const berlin = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit', minute: '2-digit' })
    const soon = berlin.format(at.clock.now() + 120_000)
    const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
    const schedule = [{ mode: 'night', weekdays, at: soon }]
    await ada.browser.must('PUT', '/api/mode/options', { ...options, schedule })
    await at.clock.advance(130_000)
    await until('it is night', async () => (await mode()).mode === 'night', PATIENCE_MS)
    assert.equal((await mode()).by.cause, 'schedule')
    await ada.browser.must('PUT', '/api/mode/options', { ...options, awayWhenEmpty: true, homeWhenBack: true })
    await ada.browser.must('PUT', '/api/mode', { mode: 'home' })
  })

  test('a phone says in or out; the last one out makes it away, the first one back makes it home', async () => {
    const { devices } = await ada.browser.must<Presence>('POST', '/api/presence/devices', {
      ...{ kind: 'geofence', label: 'Phone' },
    })
    const path = `/api/presence/devices/${devices[0]?.id}`
    await ada.browser.must('PUT', path, { state: 'home' })
    assert.equal(await statusOf(vic, 'PUT', path, { state: 'away' }), 404, 'nobody speaks for another')
    await ada.browser.must('PUT', path, { state: 'away' })
    await until('it is away', async () => (await mode()).mode === 'away', PATIENCE_MS)
    assert.equal((await mode()).by.cause, 'presence')
    const seen = await vic.browser.must<Presence>('GET', '/api/presence')
    assert.deepEqual(
      seen.people.map(({ name, state }) => [name, state]),
      [['Ada', 'away']],
    )
    assert.deepEqual((await vic.browser.must<Presence>('GET', '/api/presence/devices')).devices, [])
    await ada.browser.must('PUT', path, { state: 'home' })
    await until('it is home', async () => (await mode()).mode === 'home', PATIENCE_MS)
    await ada.browser.must('DELETE', path)
  })

  test('SEC-C8 only addresses of a home are looked for', async () => {
    for (const address of ['8.8.8.8', 'example.org', '::1', '', '10.0.0.256'])
      assert.equal(
        await statusOf(ada, 'POST', '/api/presence/devices', { kind: 'wifi', label: 'Phone', address }),
        400,
        address,
      )
    // This machine refuses the connection: somebody is there.
    const { devices } = await ada.browser.must<Presence>('POST', '/api/presence/devices', {
      ...{ kind: 'wifi', label: 'Phone', address: '127.0.0.1' },
    })
    const list = () => ada.browser.must<Presence>('GET', '/api/presence/devices')
    await until('it is seen', async () => (await list()).devices[0]?.state === 'home', PATIENCE_MS)
    await ada.browser.must('DELETE', `/api/presence/devices/${devices[0]?.id}`)
  })

  test('J2 rules are four at first; a bad one changes nothing', async () => {
    const { rules } = await vic.browser.must<{ rules: AlertRule[] }>('GET', '/api/alerts/rules')
    assert.equal(rules.length, 4)
    assert.equal(rules[0]?.words, 'When a person is seen on any camera, at home')
    const { id, createdAt: _, updatedAt: __, words: ___, ...body } = rules[0] as AlertRule
    for (const bad of [
      { ...body, dwellS: -1 },
      { ...body, classes: ['dragon'] },
      { ...body, more: 1 },
    ])
      assert.equal(await statusOf(ada, 'PUT', `/api/alerts/rules/${id}`, bad), 400)
    assert.equal(await statusOf(vic, 'PUT', `/api/alerts/rules/${id}`, body), 403)
    const trial = await vic.browser.must<{ looked: number }>('POST', '/api/alerts/rules/try', { rule: body })
    assert.equal(trial.looked, 0)
  })
})
