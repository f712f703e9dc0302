import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { setTimeout as soon } from 'node:timers/promises'
import type { Plug } from '../../appliance/src/api/plugs.ts'
import { newId } from '../../appliance/src/core/ids.ts'
import { lastingWords } from '../../appliance/src/alerts/own-health/lifeline.ts'
import { createSignsOfLife } from '../../appliance/src/alerts/own-health/sign-of-life.ts'
import { kindOf } from '../../appliance/src/alerts/own-health/health-words.ts'
import { shownPlug } from '../fakes/shown-plug.ts'
import { atEnd } from './harness.ts'
import { ADA, startRulesHome, type Again, type RulesHome } from './rules-home.ts'

async function home(t: TestContext, again?: Again): Promise<RulesHome> {
  const started = await startRulesHome(again)
  if (!again) atEnd(t, () => started.remove())
  return started
}

const CAMERA = newId(3)
const OFFLINE = {
  id: `camera.${CAMERA}`,
  level: 'problem' as const,
  title: 'Front door sends no pictures',
  detail: 'Nothing came for 10 seconds.',
  link: `/cameras/${CAMERA}`,
}
/** Time goes on in small steps: what reads the disk in between must not find itself minutes later. */
async function liveOn(at: RulesHome, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5_000) {
    await soon(10)
    await at.clock.advance(5_000)
  }
}

const titles = (at: RulesHome): string[] => at.told.map(({ title }) => title)

describe('the box tells about itself', () => {
  test('a camera that stops is told once, to those who may see it, and so is its coming back', async (t) => {
    const at = await home(t)
    atEnd(t, () => at.stop())
    at.notices.raise(OFFLINE)
    await at.pass('it is told', () => at.told.length === 1, 60_000)
    const [said] = at.told
    assert.deepEqual(said?.subject, { kind: 'health', code: OFFLINE.id, cameraId: CAMERA })
    assert.deepEqual([said?.audience.permission, said?.urgency], ['system.view', 'high'])
    at.notices.raise({ ...OFFLINE, detail: 'Nothing came for a minute.' })
    await at.clock.advance(200_000)
    assert.equal(at.told.length, 1, 'the same again is no news')
    at.liveCameras.add(CAMERA)
    at.notices.clear(OFFLINE.id)
    await at.pass('it is over', () => at.told.length === 2, 120_000)
    assert.deepEqual([at.told[1]?.title, at.told[1]?.state], ['Front door sends pictures again.', 'closed'])
  })

  test('what lasts for a moment is not told, nor that a camera is "back" which was switched off', async (t) => {
    const at = await home(t)
    atEnd(t, () => at.stop())
    at.notices.raise(OFFLINE)
    await at.clock.advance(5_000)
    at.notices.clear(OFFLINE.id)
    await at.clock.advance(200_000)
    at.notices.raise(OFFLINE)
    await at.pass('it is told', () => at.told.length === 1, 60_000)
    at.notices.clear(OFFLINE.id)
    const open = async () => (await at.database.reader.selectFrom('told_notices').selectAll().execute()).length
    await at.pass('it is forgotten', async () => (await open()) === 0, 300_000)
    assert.deepEqual(titles(at), ['Front door sends no pictures'])
  })

  test('a restart tells nothing twice', async (t) => {
    const first = await home(t)
    first.notices.raise(OFFLINE)
    await first.pass('it is told', () => first.told.length === 1, 60_000)
    await first.stop()
    const second = await startRulesHome(first)
    atEnd(t, () => second.stop())
    await liveOn(second, 60_000)
    second.notices.raise(OFFLINE)
    await liveOn(second, 400_000)
    assert.deepEqual(titles(second), [])
  })

  test('quiet hours keep it for the morning, but not a camera that goes dark while the house is guarded', async (t) => {
    const at = await home(t)
    atEnd(t, () => at.stop())
    const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
    await at.call('PUT', '/api/alerts/quiet-hours', { times: { weekdays, from: '00:00', to: '00:00' } })
    at.notices.raise(OFFLINE)
    at.notices.raise({ id: 'disk', level: 'problem', title: 'The disk is nearly full', detail: '-', link: null })
    await at.clock.advance(200_000)
    assert.deepEqual(titles(at), [])
    await at.call('PUT', '/api/mode', { mode: 'night' })
    await at.pass('the camera is told', () => at.told.length === 1, 60_000)
    await at.call('PUT', '/api/alerts/quiet-hours', { times: null })
    await at.pass('the disk is told', () => at.told.length === 2, 90_000)
  })

  test('a covered camera is told at once while the house is guarded, waits for the morning otherwise, and ends in words', async (t) => {
    const at = await home(t)
    atEnd(t, () => at.stop())
    const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
    await at.call('PUT', '/api/alerts/quiet-hours', { times: { weekdays, from: '00:00', to: '00:00' } })
    const covered = { ...OFFLINE, id: `camera-view.${CAMERA}`, title: 'Front door is covered', detail: 'Look.' }
    at.notices.raise(covered)
    await at.clock.advance(100_000)
    assert.deepEqual(titles(at), [])
    await at.call('PUT', '/api/mode', { mode: 'night' })
    await at.pass('it is told', () => at.told.length === 1, 60_000)
    assert.deepEqual(at.told[0]?.subject, { kind: 'health', code: covered.id, cameraId: CAMERA })
    assert.equal(at.told[0]?.urgency, 'high')
    await at.clock.advance(100_000)
    at.liveCameras.add(CAMERA)
    at.notices.clear(covered.id)
    await at.pass('it is over', () => at.told.length === 2, 240_000)
    assert.equal(titles(at)[1], 'Front door shows what it did before.')
  })

  test('a notice of another part goes by its level; what is only for information is not told', () => {
    assert.equal(kindOf({ id: 'something.new', level: 'problem' })?.urgency, 'high')
    assert.equal(kindOf({ id: 'something.new', level: 'warning' })?.urgency, 'normal')
    assert.equal(kindOf({ id: 'something.new', level: 'info' }), null)
    assert.equal(kindOf({ id: 'alerts.undelivered', level: 'warning' }), null)
  })
})

describe('J8 the box was without power', () => {
  test('its last sign of life is one of this start, whole, or none', async (t) => {
    const at = await home(t)
    await at.stop()
    const signs = createSignsOfLife(at)
    assert.equal((await signs.last())?.stoppedClean, true)
    for (const aliveAt of [1_000, 1_795_000_000_000]) {
      await signs.give(aliveAt)
      assert.deepEqual(await signs.last(), { aliveAt, stoppedClean: false })
    }
    for (const torn of ['', '17950000', 'x'.repeat(13), '0'.repeat(14)]) {
      writeFileSync(join(at.dataDir, 'alive-at'), torn)
      assert.equal((await signs.last())?.aliveAt, 1_000, torn)
    }
    for (const aliveAt of [600_000, 600]) {
      await signs.give(aliveAt)
      assert.equal((await signs.last())?.aliveAt, aliveAt, 'the next one heals it, also when the clock was set back')
    }
  })

  test('the owner is told for how long, after a stop that nobody asked for, and only then', async (t) => {
    const first = await home(t)
    const alive = async () => (await first.database.reader.selectFrom('lifeline').selectAll().execute())[0]
    await first.pass('it gave a sign of life', async () => (await alive()) !== undefined, 60_000)
    const before = await alive()
    await liveOn(first, 5 * 60_000)
    assert.deepEqual(await alive(), before, 'a sign of life by the minute is not worth a commit')
    // Power cut: nothing is written any more, and half an hour passes.
    await first.stop()
    await first.database.writer
      .updateTable('lifeline')
      .set({ stopped_clean: 0, alive_at: before?.alive_at ?? 0 })
      .execute()
    await first.clock.advance(29 * 60_000)
    const second = await startRulesHome(first)
    await second.pass('it is told', () => second.told.length === 1, 60_000)
    assert.match(titles(second)[0] ?? '', /^Lares was off for (29|30) minutes$/)
    assert.match(second.told[0]?.body ?? '', /power cut/)
    await second.stop()
    await second.clock.advance(60 * 60_000)
    const third = await startRulesHome(second)
    atEnd(t, () => third.stop())
    await third.clock.advance(120_000)
    assert.deepEqual(titles(third), [], 'an orderly stop is no news')
  })

  test('times are said as people say them', () => {
    assert.deepEqual([90_000, 3_600_000, 3_900_000, 100_000_000].map(lastingWords), [
      '2 minutes',
      '1 hour',
      '1 hour 5 minutes',
      '1 day 3 hours',
    ])
  })
})

describe('a freezer that stops', () => {
  const FREEZER = newId(4)
  const plug = (powerMw: number, change: Partial<Plug> = {}): Plug =>
    shownPlug({
      ...{ id: FREEZER, name: 'Freezer' },
      reading: { at: 0, powerMw, voltageMv: null, currentMa: null, totalWh: null },
      ...change,
    })

  test('is told after the time its owner chose, once, and when it runs again', async (t) => {
    const at = await home(t)
    atEnd(t, () => at.stop())
    at.plugs.set(FREEZER, plug(80_000))
    await at.call('PUT', `/api/plugs/${FREEZER}/watch`, { minWatts: 5, afterMin: 60 })
    at.bus.emit('plug.changed', plug(80_000))
    await at.clock.advance(59 * 60_000)
    at.bus.emit('plug.changed', plug(1_000))
    assert.deepEqual(titles(at), [])
    await at.pass('it is told', () => at.told.length === 1, 10 * 60_000)
    assert.equal(titles(at)[0], 'Freezer draws no power')
    assert.equal(at.told[0]?.audience.permission, 'devices.edit')
    await at.clock.advance(5 * 60_000)
    at.bus.emit('plug.changed', plug(70_000))
    await at.pass('it runs again', () => at.told.length === 2, 5 * 60_000)
    assert.equal(titles(at)[1], 'Freezer draws power again.')
  })

  test('what cannot measure cannot be watched; a removed plug is forgotten', async (t) => {
    const at = await home(t)
    atEnd(t, () => at.stop())
    at.plugs.set(FREEZER, plug(0, { can: ['switch'] }))
    await assert.rejects(at.call('PUT', `/api/plugs/${FREEZER}/watch`, { minWatts: 5, afterMin: 1 }), /cannot measure/)
    at.plugs.set(FREEZER, plug(0))
    await at.call('PUT', `/api/plugs/${FREEZER}/watch`, { minWatts: 5, afterMin: 1 })
    at.bus.emit('plug.removed', { id: FREEZER })
    const kept = async () => (await at.database.reader.selectFrom('plug_watches').selectAll().execute()).length
    await at.pass('it is forgotten', async () => (await kept()) === 0, 10_000)
    await at.clock.advance(10 * 60_000)
    assert.deepEqual(titles(at), [])
  })
})

describe('sign-ins', () => {
  const session = (at: RulesHome, id: string, device: string) =>
    at.database.writer
      .insertInto('sessions')
      .values({
        ...{ id, user_id: ADA, device_hash: device, fingerprint: '', created_at: 0, last_seen_at: 0, expires_at: 9e12 },
        ...{ user_agent: '', address: '', trusted: 0, fresh_until: 0, ended_at: null, ended_reason: null },
      })
      .execute()

  async function signIn(at: RulesHome, device: string): Promise<void> {
    const id = newId(at.clock.now())
    await session(at, id, device)
    await at.signIn(id)
  }

  test('the first browser is no news, a second one is told to its owner alone, the same again is not', async (t) => {
    const at = await home(t)
    atEnd(t, () => at.stop())
    await signIn(at, 'laptop')
    await signIn(at, 'phone')
    await at.pass('it is told', () => at.told.length === 1, 10_000)
    assert.deepEqual([titles(at)[0], at.told[0]?.audience.userIds], ['New sign-in to your account', [ADA]])
    await signIn(at, 'phone')
    await at.clock.advance(5_000)
    assert.equal(at.told.length, 1)
  })

  test('five that failed within a quarter of an hour from one address are told once an hour', async (t) => {
    const at = await home(t)
    atEnd(t, () => at.stop())
    for (let attempt = 0; attempt < 12; attempt++) at.failSignIn('192.168.1.66')
    for (let attempt = 0; attempt < 4; attempt++) at.failSignIn('192.168.1.67')
    await at.pass('it is told', () => at.told.length === 1, 10_000)
    assert.match(at.told[0]?.body ?? '', /192\.168\.1\.66/)
    await at.clock.advance(5_000)
    assert.equal(at.told.length, 1)
  })
})
