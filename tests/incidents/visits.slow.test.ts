import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import type { IncidentHook } from '../../appliance/src/incidents/index.ts'
import { createVisits } from '../../appliance/src/incidents/visits.ts'
import { CAMERA_ID, DRIVE_ID, startLife, type Life } from './life.ts'

let life: Life | null = null
afterEach(async () => {
  await life?.remove()
  life = null
})

/** Walks about on this camera, so that it never counts as settled. */
async function walk(on: Life, cameraId: string, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    on.seeOn(cameraId, { id: `walker-${cameraId}`, box: { x: (second % 8) * 0.1, y: 0.4, width: 0.1, height: 0.3 } })
    await on.clock.advance(1_000)
    if (second % 30 === 0) await on.quiet()
  }
  await on.quiet()
}

describe('a visit', () => {
  it('is closed every 90 s and carried on by further parts; the list shows it once, alerts tell of it once', async () => {
    const opened: (string | null)[] = []
    const hook: IncidentHook = async (_trx, change, incident) => {
      if (change === 'opened') opened.push(incident.partOf)
      return Promise.resolve()
    }
    life = await startLife({ hooks: [hook] })
    await walk(life, CAMERA_ID, 200)
    // The last second is written with the next tick.
    await life.pass(2)
    const [first, ...others] = await life.all()
    assert.ok(first)
    assert.deepEqual(others, [])
    assert.equal(first.state, 'open', 'it goes on in its third part')
    assert.ok(first.lastSeenAt - first.openedAt > 190_000)
    const detail = await life.incidents.get(first.id)
    assert.deepEqual(
      detail.parts.map(({ state, clip }) => [state, clip.state]),
      [
        ['closed', 'ready'],
        ['open', 'recording'],
      ],
    )
    assert.equal((detail.parts[0]?.openedAt ?? 0) - first.openedAt, 90_000)
    assert.deepEqual(opened, [null, first.id, first.id])
    const dwell = detail.assessment?.factors.find(({ code }) => code === 'dwell')
    assert.equal(dwell?.words, 'Stayed for 3 minutes.', 'the parts are counted together')
    await life.pass(32)
    assert.equal((await life.all())[0]?.state, 'closed')
  })

  it('from the drive to the door is one incident with two cameras when both have the same place', async () => {
    life = await startLife({ place: 'Front' })
    await walk(life, DRIVE_ID, 5)
    await life.pass(20)
    await walk(life, CAMERA_ID, 5)
    const all = await life.all()
    assert.equal(all.length, 1)
    const detail = await life.incidents.get(all[0]?.id ?? '')
    assert.deepEqual([detail.camera.name, ...detail.parts.map(({ camera }) => camera.name)], ['Drive', 'Front door'])
    assert.ok(detail.assessment?.factors.some(({ words }) => words === 'Went past 2 cameras.'))
    await life.pass(32)
    const [closed] = await life.all()
    assert.deepEqual([closed?.state, life.cuts.length], ['closed', 2], 'each camera has its clip')
  })

  it('…and two incidents when they have not', async () => {
    life = await startLife()
    await walk(life, DRIVE_ID, 3)
    await walk(life, CAMERA_ID, 3)
    assert.equal((await life.all()).length, 2)
  })

  it('goes on after a restart of the box', async () => {
    life = await startLife({ place: 'Front' })
    await walk(life, DRIVE_ID, 3)
    const { dataDir, clock } = life
    await life.stop()
    life = await startLife({ dataDir, clock, place: 'Front' })
    await walk(life, CAMERA_ID, 3)
    const all = await life.all()
    assert.equal(all.length, 1)
    assert.equal((await life.incidents.get(all[0]?.id ?? '')).parts.length, 1)
  })
})

it('nothing is carried on that was never stored', async () => {
  let fail = true
  const hook: IncidentHook = async () => {
    if (fail) throw new Error('the outbox is broken')
    return Promise.resolve()
  }
  life = await startLife({ hooks: [hook], place: 'Front' })
  life.see({})
  await life.quiet()
  fail = false
  await life.pass(1)
  life.seeOn(DRIVE_ID, {})
  await life.quiet()
  const all = await life.all()
  assert.deepEqual(
    all.map(({ partOf, camera }) => [partOf, camera.name]),
    [[null, 'Drive']],
  )
})

describe('which visit goes on', () => {
  const front = { id: 'a', place: 'Front' }
  const drive = { id: 'b', place: 'Front' }
  const make = () => createVisits({ idleCloseMs: () => 30_000, joinMs: () => 60_000 })

  it('is the one seen last; too long ago, another place or ten minutes make a new one', () => {
    const visits = make()
    const one = visits.begin('one', front, 0)
    assert.equal(visits.goingOn(front, 29_999), one)
    assert.equal(visits.goingOn(front, 30_000), null, 'the same camera was quiet')
    assert.equal(visits.goingOn(drive, 59_999), one)
    assert.equal(visits.goingOn(drive, 60_000), null)
    assert.equal(visits.goingOn({ id: 'c', place: 'Garden' }, 1_000), null)
    assert.equal(visits.goingOn({ id: 'd', place: '' }, 1_000), null)
    const two = visits.begin('two', front, 40_000)
    assert.equal(visits.goingOn(drive, 41_000), two)
    visits.seen(two, 'a', 639_000)
    assert.equal(visits.goingOn(front, 639_999), two)
    assert.equal(visits.goingOn(front, 640_000), null, 'after ten minutes a new one begins')
  })
})
