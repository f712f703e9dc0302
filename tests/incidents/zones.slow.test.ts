import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newId } from '../../appliance/src/core/ids.ts'
import { slotsOf } from '../../appliance/src/incidents/risk/baseline-store.ts'
import type { ZoneVisit } from '../../appliance/src/vision/index.ts'
import { CAMERA_ID, startLife, type Life } from './life.ts'

const DRIVE = { id: newId(1), name: 'Drive', kind: 'drive' as const }
const DOOR = { id: newId(2), name: 'Front steps', kind: 'entry' as const }
const GATE = { id: newId(3), name: 'Gate', kind: 'entry' as const }

const stay = (
  zone: ZoneVisit['zone'],
  enteredAt: number,
  lastSeenAt: number,
  change: Partial<ZoneVisit> = {},
): ZoneVisit => ({
  ...{ zone, what: 'stay' as const, enteredAt, lastSeenAt, leftAt: null, loiteredAt: null },
  ...change,
})

async function withLife(work: (life: Life) => Promise<void>): Promise<void> {
  const life = await startLife()
  try {
    await work(life)
  } finally {
    await life.remove()
  }
}

/** Somebody who comes in through the gate and stays on the drive for 22 seconds. */
async function comesIn(life: Life): Promise<number> {
  const beganAt = life.clock.now()
  for (let second = 0; second <= 22; second++) {
    const crossed = stay(GATE, beganAt, beganAt, { what: 'in', leftAt: beganAt })
    const visits = [
      crossed,
      stay(DRIVE, beganAt, life.clock.now(), { loiteredAt: second > 20 ? beganAt + 20_000 : null }),
    ]
    life.see({ visits, zones: [GATE.id, DRIVE.id] })
    await life.pass(1)
  }
  return beganAt
}

describe('zones of incidents', () => {
  it('an incident says which zones were entered and for how long, and each track when', () =>
    withLife(async (life) => {
      const beganAt = await comesIn(life)
      await life.pass(40)
      const [incident] = await life.all()
      assert.ok(incident)
      assert.deepEqual(incident.zones, [
        { ...GATE, stayedMs: 0 },
        { ...DRIVE, stayedMs: 22_000 },
      ])
      const detail = await life.incidents.get(incident.id)
      const times = { enteredAt: beganAt, leftAt: beganAt + 22_000 }
      assert.deepEqual(detail.tracks[0]?.zones, [
        { ...GATE, what: 'in', enteredAt: beganAt, leftAt: beganAt, loitered: false },
        { ...DRIVE, what: 'stay', ...times, loitered: true },
      ])
    }))

  it('the gravest zone weighs in the risk, by its kind', () =>
    withLife(async (life) => {
      await comesIn(life)
      await life.pass(40)
      const [incident] = await life.all()
      const detail = await life.incidents.get(incident?.id ?? '')
      const factor = detail.assessment?.factors.find(({ code }) => code === 'zone')
      assert.deepEqual(factor, { code: 'zone', points: 8, words: 'Went into a zone: entry.' })
    }))

  it('incidents are found by zone and by its name; others are not', () =>
    withLife(async (life) => {
      life.see({ id: 'a', visits: [stay(DOOR, life.clock.now(), life.clock.now())] })
      await life.pass(700)
      life.see({ id: 'b' })
      await life.pass(60)
      const all = await life.all()
      assert.equal(all.length, 2)
      const byZone = await life.incidents.list({ limit: 10, zone: [DOOR.id] })
      assert.deepEqual(
        byZone.incidents.map(({ id }) => id),
        [all[1]?.id],
      )
      assert.equal((await life.incidents.list({ limit: 10, zone: [DRIVE.id] })).incidents.length, 0)
      assert.equal((await life.incidents.list({ limit: 10, q: 'steps' })).incidents.length, 1)
    }))

  it('habits are counted for the camera and for each zone of it, once a visit', () =>
    withLife(async (life) => {
      await comesIn(life)
      await life.pass(60)
      for (const place of ['', DRIVE.id, GATE.id]) {
        const slots = await slotsOf(life.database.reader, CAMERA_ID, 'person', place)
        assert.deepEqual(
          slots.map(({ visits }) => visits),
          [1],
          place,
        )
      }
    }))

  it('what was entered before the box stopped is still known when the incident goes on', async () => {
    const first = await startLife()
    const at = first.clock.now()
    first.see({ visits: [stay(DOOR, at, at + 0)] })
    await first.pass(2)
    await first.stop()
    const second = await startLife({ dataDir: first.dataDir, clock: first.clock })
    try {
      second.see({ id: 'other', visits: [stay(DRIVE, second.clock.now(), second.clock.now())] })
      await second.pass(3)
      const [incident] = await second.all()
      assert.deepEqual(
        incident?.zones.map(({ name }) => name),
        ['Front steps', 'Drive'],
      )
    } finally {
      await second.remove()
    }
  })

  it('footprints are the feet of what was followed on that camera in the last day', () =>
    withLife(async (life) => {
      life.see({ box: { x: 0.4, y: 0.4, width: 0.2, height: 0.4 } })
      await life.pass(60)
      assert.deepEqual(await life.incidents.footprints(CAMERA_ID), [{ class: 'person', at: { x: 0.5, y: 0.8 } }])
      assert.deepEqual(await life.incidents.footprints(newId(9)), [])
    }))

  it('a better picture that waits is dropped when the masks of its camera change', () =>
    withLife(async (life) => {
      life.see({ score: 0.3, bestScore: 0.3 })
      await life.pass(3)
      const before = (await life.all())[0]?.snapshot?.takenAt
      life.see({ score: 0.95, bestScore: 0.95, box: { x: 0.1, y: 0.1, width: 0.5, height: 0.8 } })
      life.bus.emit('camera.zones-changed', { id: CAMERA_ID, masksChanged: true })
      await life.pass(5)
      assert.equal((await life.all())[0]?.snapshot?.takenAt, before)
    }))
})
