import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import type { AlertRule, AlertRuleTrial, Snooze } from '../../appliance/src/api/alert-rules.ts'
import type { ModeState } from '../../appliance/src/api/modes.ts'
import { newId } from '../../appliance/src/core/ids.ts'
import { atEnd } from './harness.ts'
import { startRulesHome, type Again, type RulesHome } from './rules-home.ts'

const DOOR = { id: newId(5), name: 'Front door' }

async function home(t: TestContext, again?: Again): Promise<RulesHome> {
  const started = await startRulesHome(again)
  if (!again) atEnd(t, () => started.remove())
  return started
}

const rulesOf = async (at: RulesHome): Promise<AlertRule[]> =>
  (await at.call<{ rules: AlertRule[] }>('GET', '/api/alerts/rules')).rules

describe('J2 the rules that a home begins with', () => {
  test('a person is told at home and at most every ten minutes, cars only while away or at night, nothing while off', async (t) => {
    const at = await home(t)
    atEnd(t, () => at.stop())
    assert.equal((await rulesOf(at)).length, 4)
    const first = await at.see({ camera: DOOR })
    assert.equal(at.told.length, 1)
    assert.deepEqual([at.told[0]?.title, at.told[0]?.state], ['Person at Front door', 'opened'])
    const [decision] = await at.decisions(first.id)
    assert.deepEqual([decision?.outcome, decision?.people], ['told', ['Ada', 'Ben']])

    await at.clock.advance(60_000)
    const second = await at.see({ camera: DOOR })
    const silent = (await at.decisions(second.id)).find(({ code }) => code === 'cooldown')
    assert.match(silent?.reason ?? '', /quiet until 12:10\./)
    const car = { classes: [{ class: 'car' as const, count: 1, bestScore: 1 }] }
    await at.see({ camera: DOOR, ...car })
    assert.equal(at.told.length, 1)

    await at.call('PUT', '/api/mode', { mode: 'night' })
    await at.see({ camera: { id: newId(6), name: 'Drive' }, ...car })
    assert.equal(at.told.at(-1)?.title, 'Car at Drive')
    await at.call('PUT', '/api/mode', { mode: 'disarmed' })
    const off = await at.see({ risk: { score: 95, band: 'critical' } })
    assert.equal(at.told.length, 2)
    assert.ok((await at.decisions(off.id)).every(({ outcome }) => outcome === 'not-told'))
  })

  test('a visit that becomes an alarm rings again through its own cooldown, once for each of the household', async (t) => {
    const at = await home(t)
    atEnd(t, () => at.stop())
    const incident = await at.see({ camera: DOOR })
    await at.see({ ...incident, lastSeenAt: incident.lastSeenAt + 5_000 }, 'updated')
    assert.equal(at.told.length, 1, 'nothing new')
    await at.see({ ...incident, risk: { score: 90, band: 'critical' } }, 'updated')
    assert.deepEqual([at.told.length, at.told[1]?.state, at.told[1]?.urgency], [2, 'escalated', 'critical'])
    await at.see({ ...incident, risk: { score: 90, band: 'critical' }, state: 'closed' }, 'closed')
    assert.equal(at.told.length, 2)
  })

  test('an incident that is rolled back leaves no decision behind', async (t) => {
    const at = await home(t)
    atEnd(t, () => at.stop())
    const incident = await at.see({ camera: DOOR })
    const before = await at.decisions(incident.id)
    assert.ok(before.length > 0)
    assert.deepEqual(await at.decisions(newId(99)), [])
  })
})

describe('J9 away', () => {
  const away = async (at: RulesHome): Promise<void> => {
    const options = await at.call<Record<string, unknown>>('GET', '/api/mode/options')
    await at.call('PUT', '/api/mode/options', { ...options, exitDelayS: 30, entryDelayS: 40, entryCameras: [DOOR.id] })
    const asked = await at.call<ModeState>('PUT', '/api/mode', { mode: 'away' })
    assert.deepEqual([asked.mode, asked.next?.mode], ['home', 'away'], 'there is time to leave')
    await at.pass('it is away', () => at.modes.state().mode === 'away', 60_000)
    assert.ok(at.clock.now() - asked.next!.at < 5_000)
  }

  test('the way in waits; home in time and nobody is told; the detail says why', async (t) => {
    const at = await home(t)
    atEnd(t, () => at.stop())
    await away(at)
    const incident = await at.see({ camera: DOOR })
    assert.equal(at.told.length, 0)
    await at.clock.advance(10_000)
    await at.call('PUT', '/api/mode', { mode: 'home' })
    const codes = async () => (await at.decisions(incident.id)).map(({ code }) => code)
    await at.pass('it is settled', async () => (await codes()).includes('came-home'), 20_000)
    await at.clock.advance(60_000)
    await at.see({ ...incident, lastSeenAt: at.clock.now() }, 'updated')
    assert.equal(at.told.length, 0)
  })

  test('time over and still away: told, also when the box was restarted in between', async (t) => {
    const first = await home(t)
    await away(first)
    const incident = await first.see({ camera: DOOR })
    await first.see({ camera: { id: newId(7), name: 'Garden' } })
    assert.equal(first.told.length, 1, 'another camera does not wait')
    await first.stop()
    const second = await startRulesHome(first)
    atEnd(t, () => second.stop())
    assert.equal(second.modes.state().mode, 'away', 'the mode survives')
    // The fake incidents of the first home are gone with it; seeing it again is what a camera does.
    await second.see({ ...incident, lastSeenAt: second.clock.now() }, 'updated')
    assert.equal(second.told.length, 0)
    await second.pass('it is told', () => second.told.length === 1, 60_000)
    assert.ok(second.clock.now() - incident.openedAt >= 40_000)
    assert.equal(second.told[0]?.title, 'Person at Front door')
  })
})

describe('peace', () => {
  test('a snooze is for the one who asked, ends by itself or when it is taken back, and no alarm heeds it', async (t) => {
    const at = await home(t)
    atEnd(t, () => at.stop())
    const { snoozes } = await at.call<{ snoozes: Snooze[] }>('POST', '/api/alerts/snoozes', { cameraId: DOOR.id })
    assert.deepEqual(
      snoozes.map(({ by, own, cameraId }) => [by, own, cameraId]),
      [['Ada', true, DOOR.id]],
    )
    await at.see({ camera: DOOR })
    assert.deepEqual(at.told[0]?.audience.userIds?.length, 1)
    await at.see({ camera: DOOR, risk: { score: 99, band: 'critical' } })
    assert.equal(at.told[1]?.audience.userIds?.length, 2)
    await at.call('POST', '/api/alerts/snoozes', { cameraId: null, minutes: 5 })
    await at.call('DELETE', '/api/alerts/snoozes', { cameraId: DOOR.id })
    const other = await at.see({ camera: { id: newId(8), name: 'Garden' } })
    assert.equal(at.told[2]?.audience.userIds?.length, 1)
    assert.equal((await at.decisions(other.id)).find(({ outcome }) => outcome === 'told')?.people.join(), 'Ben')
    await at.clock.advance(300_000)
    assert.deepEqual((await at.call<{ snoozes: Snooze[] }>('GET', '/api/alerts/snoozes')).snoozes, [])
    await assert.rejects(at.call('DELETE', '/api/alerts/snoozes', { cameraId: DOOR.id }), /over already/)
  })

  test('quiet hours hold what a rule does not let through', async (t) => {
    const at = await home(t)
    atEnd(t, () => at.stop())
    const times = {
      weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
      from: '00:00',
      to: '00:00',
    }
    await at.call('PUT', '/api/alerts/quiet-hours', { times })
    const incident = await at.see({ camera: DOOR })
    assert.equal(at.told.length, 0)
    assert.ok((await at.decisions(incident.id)).some(({ code }) => code === 'quiet-hours'))
    await at.call('PUT', '/api/alerts/quiet-hours', { times: null })
    await at.see({ camera: DOOR })
    assert.equal(at.told.length, 1)
  })
})

describe('J4 J2 rules are made, tried, changed and removed', () => {
  test('a rule names zones: it tells once somebody stayed there, in a trial too; a zone that is gone is said to be', async (t) => {
    const at = await home(t)
    atEnd(t, () => at.stop())
    for (const rule of await rulesOf(at)) await at.call('DELETE', `/api/alerts/rules/${rule.id}`)
    const drive = { id: newId(7), name: 'Drive', kind: 'drive' as const }
    at.zones.set(drive.id, { name: drive.name, cameraId: DOOR.id })
    const rule = {
      ...{ enabled: true, classes: ['person'], cameras: [], zones: [drive.id], modes: [], times: null, minBand: 'low' },
      ...{ dwellS: 20, cooldownS: 0, throughQuiet: false, people: [], channels: [], lightPlugId: null },
    }
    const add = (change: object) => at.call<AlertRule>('POST', '/api/alerts/rules', { ...rule, ...change })
    await assert.rejects(add({ zones: [newId(8)] }), /One of the zones is gone/)
    await assert.rejects(add({ cameras: [newId(9)] }), /a camera that the rule is not about/)
    const made = await add({})
    const words = 'When a person is seen in Drive on any camera, in any mode, there for 20 seconds or more'
    assert.equal(made.words, words)
    const stay = (stayedMs: number) => ({
      camera: DOOR,
      zones: [{ ...drive, stayedMs }],
      lastSeenAt: at.clock.now() + 60_000,
    })
    const short = await at.see(stay(19_000))
    assert.deepEqual(
      (await at.decisions(short.id)).map(({ code }) => code),
      ['too-short'],
    )
    const elsewhere = await at.see({ camera: DOOR, lastSeenAt: at.clock.now() + 60_000 })
    assert.deepEqual(
      (await at.decisions(elsewhere.id)).map(({ code }) => code),
      ['other-zone'],
    )
    await at.see(stay(21_000))
    assert.equal(at.told.length, 1)
    const trial = await at.call<AlertRuleTrial>('POST', '/api/alerts/rules/try', { rule })
    assert.deepEqual([trial.looked, trial.toldCount], [3, 1])
    at.zones.clear()
    assert.match((await rulesOf(at))[0]?.words ?? '', /seen in a zone that is gone on any camera/)
  })

  test('a trial replays what happened and saves nothing; the rule then does the same', async (t) => {
    const at = await home(t)
    atEnd(t, () => at.stop())
    for (const rule of await rulesOf(at)) await at.call('DELETE', `/api/alerts/rules/${rule.id}`)
    for (let visit = 0; visit < 4; visit++) {
      await at.see({ camera: DOOR })
      await at.clock.advance(visit === 1 ? 30_000 : 700_000)
    }
    await at.see({ camera: DOOR, classes: [{ class: 'dog', count: 1, bestScore: 1 }] })
    assert.equal(at.told.length, 0)
    const rule = {
      ...{ enabled: true, classes: ['person'], cameras: [DOOR.id], zones: [], modes: ['home'], times: null },
      ...{
        minBand: 'low',
        dwellS: 0,
        cooldownS: 600,
        throughQuiet: false,
        people: [],
        channels: [],
        lightPlugId: null,
      },
    }
    const trial = await at.call<AlertRuleTrial>('POST', '/api/alerts/rules/try', { rule })
    assert.deepEqual([trial.looked, trial.toldCount, trial.complete], [5, 3, true])
    assert.deepEqual(trial.notTold.map(({ code, count }) => [code, count]).sort(), [
      ['cooldown', 1],
      ['other-class', 1],
    ])
    assert.deepEqual(await rulesOf(at), [])
    const made = await at.call<AlertRule>('POST', '/api/alerts/rules', rule)
    assert.equal(made.words, 'When a person is seen on Front door, at home')
    await at.see({ camera: DOOR })
    assert.equal(at.told.length, 1)
    await at.call('PUT', `/api/alerts/rules/${made.id}`, { ...rule, enabled: false })
    await at.clock.advance(700_000)
    await at.see({ camera: DOOR })
    assert.equal(at.told.length, 1)
    await at.call('DELETE', `/api/alerts/rules/${made.id}`)
    await assert.rejects(at.call('DELETE', `/api/alerts/rules/${made.id}`), /no such rule/)
    assert.deepEqual(at.recorded.map(({ type }) => type).slice(-3), [
      'alert_rule_created',
      'alert_rule_updated',
      'alert_rule_deleted',
    ])
  })
})
