import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as soon } from 'node:timers/promises'
import type { PowerCurve } from '../../appliance/src/api/energy.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase, type TestDatabase } from '../../appliance/src/db/testing.ts'
import { createEnergy, type Energy } from '../../appliance/src/energy/index.ts'
import { WRITE_EVERY_MS } from '../../appliance/src/energy/reading-writer.ts'
import type { Measurement } from '../../appliance/src/plugs/index.ts'
import { createFakeClock, type FakeClock } from '../fakes/clock.ts'
import { callRoute } from '../fakes/routes.ts'

const PLUG = '0197c1de-4b7a-7c3e-9d55-1b2c3d4e5f60'
const NOON = Date.UTC(2026, 10, 28, 12)
const MINUTE_MS = 60_000

interface Home {
  energy: Energy
  clock: FakeClock
  database: TestDatabase
  note(change: Partial<Measurement>): void
  curve(hours?: number): Promise<PowerCurve>
}

async function start(t: TestContext, before?: TestDatabase): Promise<Home> {
  const database = before ?? (await openTestDatabase())
  const clock = createFakeClock(NOON)
  const identity = (id: string): { mac: string; outlet: string } => {
    if (id !== PLUG) throw new LaresError('not-found', 'There is no such plug.')
    return { mac: 'AA', outlet: '' }
  }
  const energy = createEnergy({ database, clock, log: silentLog(), plugs: { identity } })
  await energy.start()
  t.after(async () => {
    await energy.stop()
    if (!before) await database.close()
  })
  return {
    ...{ energy, clock, database },
    note: (change) =>
      energy.note({
        mac: 'AA',
        outlet: '',
        at: clock.now(),
        powerMw: 60_000,
        lifetimeWh: null,
        todayWh: null,
        ...change,
      }),
    curve: (hours = 24) => callRoute(energy.routes, 'GET', `/api/plugs/${PLUG}/power`, { query: { hours } }),
  }
}

const rowsOf = ({ database }: Home) => database.reader.selectFrom('energy_readings').selectAll().orderBy('at').execute()

test('J8 readings are on disk within five minutes, in one transaction, and the same moment counts once', async (t) => {
  const home = await start(t)
  home.note({})
  home.note({ mac: 'BB', powerMw: 5 })
  home.note({})
  assert.deepEqual(await rowsOf(home), [])
  await home.clock.advance(WRITE_EVERY_MS - 1_000)
  assert.deepEqual(await rowsOf(home), [], 'a card is not written for every poll')
  await home.clock.advance(1_000)
  for (let tries = 0; tries < 400 && (await rowsOf(home)).length === 0; tries++) await soon(5)
  const rows = await rowsOf(home)
  assert.deepEqual(rows.map(({ meter, power_mw }) => [meter, power_mw]).sort(), [
    [1, 60_000],
    [2, 5],
  ])
})

test('J3 whoever looks sees the newest reading, also when it waited to be written', async (t) => {
  const home = await start(t)
  home.note({ lifetimeWh: 100 })
  await home.clock.advance(5_000)
  home.note({ lifetimeWh: 101 })
  const both = await Promise.all([home.curve(), home.curve()])
  assert.deepEqual(
    both.map(({ energyMwh }) => energyMwh),
    [1_000, 1_000],
  )
  assert.equal((await rowsOf(home)).length, 2)
})

test('an hour of 60 W is 60 Wh, from power as from either counter', async (t) => {
  for (const [net, counters] of [
    { lifetimeWh: null, todayWh: null },
    { lifetimeWh: 1_000, todayWh: 7 },
    { lifetimeWh: null, todayWh: 7 },
  ].entries()) {
    const home = await start(t)
    for (let minute = 0; minute <= 60; minute++) {
      const grown = (wh: number | null): number | null => (wh === null ? null : wh + minute)
      home.note({ lifetimeWh: grown(counters.lifetimeWh), todayWh: grown(counters.todayWh) })
      await home.clock.advance(MINUTE_MS)
    }
    await home.energy.stop()
    const { energyMwh, points } = await home.curve()
    assert.equal(energyMwh, 60_000, `counters ${net}`)
    const known = points.filter(({ meanMw }) => meanMw !== null)
    assert.ok(known.length >= 12 && known.every(({ meanMw }) => meanMw === 60_000))
    const expected = counters.lifetimeWh === null && counters.todayWh === null ? 'estimated' : 'measured'
    assert.ok(known.at(-1)?.quality.includes(expected))
  }
})

test('after a restart a meter goes on with its counter, and the time between is a gap with its energy', async (t) => {
  const first = await start(t)
  first.note({ lifetimeWh: 100 })
  await first.energy.stop()
  const second = await start(t, first.database)
  await second.clock.advance(3 * 60 * MINUTE_MS)
  second.note({ lifetimeWh: 280 })
  await second.energy.stop()
  const rows = await rowsOf(second)
  assert.deepEqual(
    rows.map(({ energy_mwh, quality }) => [Number(energy_mwh), quality]),
    [
      [0, 2],
      [180_000, 2],
    ],
  )
})

test('what the disk does not take is kept and written when it does', async (t) => {
  const home = await start(t)
  const real = home.database.transaction.bind(home.database)
  let full = true
  Object.assign(home.database, {
    transaction: (work: never) =>
      full ? Promise.reject(new LaresError('unavailable', 'The disk is full.', { code: 'DISK_FULL' })) : real(work),
  })
  home.note({ lifetimeWh: 1 })
  await home.clock.advance(4_000)
  full = false
  home.note({ lifetimeWh: 2, at: NOON + 4_000 })
  await home.energy.stop()
  assert.equal((await rowsOf(home)).length, 2)
})

test('a plug that never measured has an empty day; one that is unknown is not found', async (t) => {
  const home = await start(t)
  const { points, energyMwh, from, to } = await home.curve(2)
  assert.deepEqual([points.length, energyMwh, to - from], [24, 0, 2 * 60 * MINUTE_MS])
  assert.ok(points.every(({ meanMw }) => meanMw === null))
  const unknown = `/api/plugs/${PLUG.replace('0197', '0198')}/power`
  await assert.rejects(callRoute(home.energy.routes, 'GET', unknown), { kind: 'not-found' })
  await assert.rejects(home.curve(0))
})
