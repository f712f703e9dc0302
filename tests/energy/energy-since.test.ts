import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { COUNTER_RESET, energySince, ESTIMATED, GAP, type MeterState } from '../../appliance/src/energy/energy-since.ts'
import { curvePoints, type SlotSum } from '../../appliance/src/energy/power-curve.ts'

const MINUTE_MS = 60_000
const at = (atMs: number, powerMw: number, counterMwh: number | null = null): MeterState => ({
  ...{ at: atMs, powerMw, counterMwh },
})

test('the first reading of a meter counts nothing', () => {
  assert.deepEqual(energySince(null, at(0, 100_000, 5_000)), { energyMwh: 0, quality: GAP })
})

test('a counter that goes on is believed, also over a gap; one that stands still counts nothing', () => {
  assert.deepEqual(energySince(at(0, 60_000, 1_000), at(MINUTE_MS, 60_000, 2_000)), { energyMwh: 1_000, quality: 0 })
  assert.deepEqual(energySince(at(0, 60_000, 1_000), at(MINUTE_MS, 60_000, 1_000)), { energyMwh: 0, quality: 0 })
  const after = energySince(at(0, 60_000, 1_000), at(600 * MINUTE_MS, 60_000, 601_000))
  assert.deepEqual(after, { energyMwh: 600_000, quality: GAP })
})

test('without a counter power over time estimates, and a gap is not filled with invention', () => {
  // 60 W for a minute is one watt-hour.
  assert.deepEqual(energySince(at(0, 60_000), at(MINUTE_MS, 60_000)), { energyMwh: 1_000, quality: ESTIMATED })
  assert.deepEqual(energySince(at(0, 0), at(MINUTE_MS, 60_000)), { energyMwh: 500, quality: ESTIMATED })
  assert.deepEqual(energySince(at(0, 60_000), at(60 * MINUTE_MS, 60_000)), { energyMwh: 0, quality: GAP })
})

test('a counter that begins anew (midnight, reset, another firmware) never counts backwards', () => {
  const soon = energySince(at(0, 60_000, 900_000), at(MINUTE_MS, 60_000, 0))
  assert.deepEqual(soon, { energyMwh: 1_000, quality: ESTIMATED | COUNTER_RESET })
  const later = energySince(at(0, 60_000, 900_000), at(600 * MINUTE_MS, 60_000, 7_000))
  assert.deepEqual(later, { energyMwh: 7_000, quality: GAP | COUNTER_RESET })
})

test('a counter that jumps further than any outlet could deliver is not believed', () => {
  const { energyMwh, quality } = energySince(at(0, 60_000, 0), at(MINUTE_MS, 60_000, 9_000_000))
  assert.deepEqual([energyMwh, quality], [1_000, ESTIMATED | COUNTER_RESET])
})

test('energy is whole, never negative, never more than an outlet can deliver, whatever a device says', () => {
  const state = fc.record({
    at: fc.integer({ min: 0, max: 10 ** 13 }),
    powerMw: fc.integer({ min: -1_000, max: 4_000_000 }),
    counterMwh: fc.option(fc.integer({ min: -1, max: 10 ** 12 })),
  })
  fc.assert(
    fc.property(state, state, (before, now) => {
      const { energyMwh, quality } = energySince(before, now)
      const most = 2_000 + (5_000_000 * Math.max(0, now.at - before.at)) / 3_600_000
      assert.ok(Number.isSafeInteger(energyMwh) && energyMwh >= 0 && energyMwh <= most)
      assert.ok(quality >= 0 && quality <= 7)
    }),
  )
})

test('a curve has every slot, and knows nothing where nothing was read', () => {
  const sum: SlotSum = {
    ...{ slot: 1, meanMw: 10.4, maxMw: 12, energyMwh: 3 },
    ...{ hasEstimated: true, hasGap: false, hasReset: false, hasMeasured: true },
  }
  const points = curvePoints([sum], { from: 1_000, stepMs: 100, count: 3 })
  assert.deepEqual(points, [
    { at: 1_000, meanMw: null, maxMw: null, energyMwh: 0, quality: [] },
    { at: 1_100, meanMw: 10, maxMw: 12, energyMwh: 3, quality: ['measured', 'estimated'] },
    { at: 1_200, meanMw: null, maxMw: null, energyMwh: 0, quality: [] },
  ])
})
