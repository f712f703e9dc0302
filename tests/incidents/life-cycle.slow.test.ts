import assert from 'node:assert/strict'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import type { Incident } from '../../appliance/src/api/incidents.ts'
import { incidentDetail } from '../../appliance/src/api/incidents.ts'
import { windowS } from '../../appliance/src/incidents/settings.ts'
import { CAMERA_ID, startLife, unavailable, type Life } from './life.ts'

let life: Life
afterEach(() => life.remove())

const filesOf = (): string[] => {
  const folder = join(life.dataDir, 'media', 'incidents')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  )
}

async function only(): Promise<Incident> {
  const all = await life.all()
  assert.equal(all.length, 1)
  return all[0] as Incident
}

describe('an incident', () => {
  it('opens with the first confirmed track, picture on disk before anybody hears of it', async () => {
    const onDisk: string[][] = []
    life = await startLife({ hooks: [async () => void onDisk.push(filesOf())] })
    const at = life.clock.now()
    life.see({})
    await life.quiet()
    const incident = await only()
    assert.deepEqual(onDisk.length, 1)
    assert.equal(onDisk[0]?.length, 1, 'the picture was there when the hook ran')
    assert.deepEqual(
      life.changes.map(({ change }) => change),
      ['opened'],
    )
    assert.deepEqual(life.changes[0]?.incident, incident)
    assert.equal(incident.openedAt, at)
    assert.deepEqual(incident.camera, { id: CAMERA_ID, name: 'Front door' })
    assert.deepEqual(incident.classes, [{ class: 'person', count: 1, bestScore: 0.8 }])
    assert.deepEqual(
      incident.snapshot?.boxes.map((each) => each.class),
      ['person'],
    )
    assert.deepEqual(incident.clip, { state: 'recording' })
  })

  it('does not open for a class this camera does not care about, nor for an unknown camera', async () => {
    life = await startLife({ classes: ['person'] })
    life.see({ class: 'cat' })
    await life.quiet()
    assert.deepEqual(await life.all(), [])
  })

  it('grows, is written at most once a second, and closes after 30 s of quiet with its clip', async () => {
    life = await startLife()
    const openedAt = life.clock.now()
    for (let frame = 0; frame < 25; frame++) {
      life.see(
        { box: { x: 0.1 + frame * 0.02, y: 0.4, width: 0.1, height: 0.3 } },
        ...(frame > 10 ? [{ id: 'track-2', score: 0.9, bestScore: 0.9 }] : []),
      )
      await life.clock.advance(200)
      await life.quiet()
    }
    const lastSeenAt = life.clock.now() - 200
    await life.quiet()
    const updates = life.changes.filter(({ change }) => change === 'updated').length
    assert.ok(updates >= 3 && updates <= 6, `${updates} updates in 5 s`)
    await life.pass(28)
    assert.equal((await only()).state, 'open')
    await life.pass(3)
    const closed = await only()
    assert.equal(closed.state, 'closed')
    assert.deepEqual(closed.classes, [{ class: 'person', count: 2, bestScore: 0.9 }])
    assert.deepEqual([closed.openedAt, closed.lastSeenAt], [openedAt, lastSeenAt])
    assert.equal(life.cuts.length, 1)
    assert.equal(life.cuts[0]?.fromMs, openedAt - 5_000)
    assert.equal(life.cuts[0].toMs, lastSeenAt + 5_000)
    assert.equal(closed.clip.state, 'ready')
    assert.deepEqual(life.changes.map(({ change }) => change).slice(-2), ['closed', 'updated'])
    const detail = incidentDetail.parse(await life.incidents.get(closed.id))
    assert.deepEqual(
      detail.tracks.map((each) => [each.class, each.path.length]),
      [
        ['person', 25],
        ['person', 14],
      ],
    )
    assert.equal(detail.tracks[0]?.path[5]?.box.x, 0.2)
  })
})

describe('its clip and picture', () => {
  it('says why there is no clip', async () => {
    life = await startLife()
    life.cutFails = unavailable('Nothing was recorded at that time.')
    life.see({})
    await life.pass(32)
    assert.deepEqual((await only()).clip, { state: 'missing', reason: 'Nothing was recorded at that time.' })
  })

  it('never shows the words of an internal error', async () => {
    life = await startLife()
    life.cutFails = new Error('hunter2')
    life.see({})
    await life.pass(32)
    assert.deepEqual((await only()).clip, { state: 'missing', reason: 'The clip could not be made.' })
  })

  it('takes a clearly better picture and removes the old one', async () => {
    life = await startLife()
    life.see({ score: 0.5, bestScore: 0.5 })
    await life.quiet()
    const first = (await only()).snapshot
    await life.pass(2)
    life.see({ score: 0.52, bestScore: 0.52 })
    await life.pass(2)
    assert.deepEqual((await only()).snapshot, first, 'a little better is not worth it')
    life.see({ score: 0.9, bestScore: 0.9 })
    await life.pass(2)
    const better = (await only()).snapshot
    assert.equal(better?.boxes[0]?.score, 0.9)
    assert.notEqual(better?.url, first?.url)
    assert.equal(filesOf().length, 1)
  })

  it('does not give up the picture of a person for a larger truck', async () => {
    life = await startLife()
    life.see({ score: 0.6, bestScore: 0.6 })
    await life.pass(2)
    life.see({
      id: 'truck',
      class: 'truck',
      score: 0.8,
      bestScore: 0.8,
      box: { x: 0.1, y: 0.3, width: 0.4, height: 0.4 },
    })
    await life.pass(2)
    assert.deepEqual(
      (await only()).snapshot?.boxes.map((each) => each.class),
      ['person'],
    )
  })

  it('orders its clip after three minutes where an incident may last longer', async () => {
    life = await startLife()
    await life.settings.set(windowS, 600)
    const openedAt = life.clock.now()
    for (let second = 0; second < 210; second++) {
      life.see({ box: { x: (second % 8) * 0.1, y: 0.4, width: 0.1, height: 0.3 } })
      await life.clock.advance(1_000)
      if (second % 50 === 0) await life.quiet()
      if (second === 200) {
        assert.equal(life.cuts.length, 1)
        assert.equal(life.cuts[0]?.toMs, openedAt - 5_000 + 180_000)
        const incident = await only()
        assert.deepEqual([incident.state, incident.clip.state], ['open', 'ready'])
      }
    }
    await life.pass(31)
    assert.equal((await only()).state, 'closed')
    assert.equal(life.cuts.length, 1, 'its clip is not made again')
  })

  it('does not mind the wall clock being set back', async () => {
    life = await startLife()
    life.see({})
    await life.pass(1)
    life.clock.setWallClock(life.clock.now() - 3_600_000)
    await life.pass(31)
    assert.equal((await only()).state, 'closed')
  })
})

describe('what merely stands there', () => {
  const parked = { id: 'car-1', class: 'car' as const }

  it('a parked car is one incident, not one every half minute', async () => {
    life = await startLife()
    for (let second = 0; second < 300; second++) {
      life.see(parked)
      await life.clock.advance(1_000)
    }
    await life.quiet()
    assert.equal((await only()).state, 'closed')
  })

  it('…not even when the tracker loses it and finds it again as a truck', async () => {
    life = await startLife()
    for (let second = 0; second < 90; second++) {
      life.see(parked)
      await life.clock.advance(1_000)
    }
    const { observation } = await import('./life.ts')
    life.incidents.observe(observation(life.clock.now(), [], ['car-1']))
    await life.pass(20)
    life.see({ ...parked, id: 'car-2', class: 'truck' })
    await life.quiet()
    assert.equal((await only()).state, 'closed')
  })

  it('…but its leaving is another one, and so is a person beside it', async () => {
    life = await startLife()
    for (let second = 0; second < 90; second++) {
      life.see(parked)
      await life.clock.advance(1_000)
    }
    life.see(parked, { id: 'track-9' })
    await life.quiet()
    const [second] = await life.all()
    assert.deepEqual(
      second?.classes.map((each) => each.class),
      ['person'],
      'the parked car is not part of it',
    )
    await life.pass(40)
    life.see({ ...parked, box: { x: 0.7, y: 0.4, width: 0.1, height: 0.3 } })
    await life.quiet()
    assert.deepEqual(
      (await life.all()).map((incident) => incident.classes[0]?.class),
      ['car', 'person', 'car'],
    )
  })
})
