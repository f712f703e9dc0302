import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { silentLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase } from '../../appliance/src/db/testing.ts'
import { createSizeGrid } from '../../appliance/src/vision/regions/size-grid.ts'
import { createSizesKeeper } from '../../appliance/src/vision/regions/sizes-keeper.ts'
import { createFakeClock } from '../fakes/clock.ts'

const ASPECT = 16 / 9
const DAY_MS = 24 * 3_600_000
const at = (x: number, y: number, height: number) => ({ x: x - 0.01, y: y - height / 2, width: 0.02, height })

test('sizes are learnt by place: small at the fence, large at the door, nothing where nobody was', () => {
  const grid = createSizeGrid()
  for (let i = 0; i < 40; i++) {
    grid.learn(at(0.2, 0.2, 0.08), ASPECT, i)
    grid.learn(at(0.8, 0.8, 0.6), ASPECT, i)
  }
  assert.ok(Math.abs((grid.sizeAt(at(0.22, 0.2, 0.02), 40) ?? 0) - 0.08) < 0.01)
  assert.ok(Math.abs((grid.sizeAt(at(0.8, 0.75, 0.1), 40) ?? 0) - 0.6) < 0.01)
  assert.equal(grid.sizeAt(at(0.2, 0.8, 0.1), 40), null)
})

test('where small and large things were seen, one reckons with the larger ones', () => {
  const grid = createSizeGrid()
  for (let i = 0; i < 100; i++) grid.learn(at(0.5, 0.5, i % 2 === 0 ? 0.1 : 0.5), ASPECT, i)
  assert.ok((grid.sizeAt(at(0.5, 0.5, 0.1), 100) ?? 0) > 0.42)
})

test('one person who walked by is not enough, and what nobody confirmed for months is forgotten', () => {
  const grid = createSizeGrid()
  for (let i = 0; i < 10; i++) grid.learn(at(0.5, 0.5, 0.2), ASPECT, 0)
  assert.equal(grid.sizeAt(at(0.5, 0.5, 0.2), 0), null)
  for (let i = 0; i < 40; i++) grid.learn(at(0.5, 0.5, 0.2), ASPECT, 0)
  assert.notEqual(grid.sizeAt(at(0.5, 0.5, 0.2), DAY_MS), null)
  assert.equal(grid.sizeAt(at(0.5, 0.5, 0.2), 90 * DAY_MS), null)
})

test('a turned camera is learnt anew within a few visits', () => {
  const grid = createSizeGrid()
  for (let i = 0; i < 500; i++) grid.learn(at(0.5, 0.5, 0.6), ASPECT, 0)
  for (let i = 0; i < 200; i++) grid.learn(at(0.5, 0.5, 0.1), ASPECT, DAY_MS)
  assert.ok((grid.sizeAt(at(0.5, 0.5, 0.1), DAY_MS) ?? 1) < 0.25)
})

test('whatever was stored, a grid comes of it that answers with sizes or null', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.oneof(fc.double(), fc.constant(NaN)), { maxLength: 6 }), { maxLength: 90 }),
      (stored) => {
        const size = createSizeGrid(stored).sizeAt(at(0.5, 0.5, 0.2), 0)
        assert.ok(size === null || size >= 0)
      },
    ),
  )
})

test('what a camera’s picture taught outlives a restart, and goes with the camera', async (t) => {
  const database = await openTestDatabase()
  t.after(() => database.close())
  const clock = createFakeClock()
  const deps = { database, clock, log: silentLog() }
  await database.writer
    .insertInto('cameras')
    .values({
      id: 'door',
      name: 'Door',
      kind: 'rtsp',
      source: '{}',
      credentials: null,
      enabled: 1,
      classes: '[]',
      created_at: 0,
      updated_at: 0,
    } as never)
    .execute()
  const before = createSizesKeeper(deps)
  await before.start()
  for (let i = 0; i < 40; i++) before.sizesOf('door').learn(at(0.5, 0.5, 0.3), ASPECT, clock.now())
  before.sizesOf('gone').learn(at(0.5, 0.5, 0.3), ASPECT, clock.now())
  await before.stop()
  const after = createSizesKeeper(deps)
  await after.start()
  assert.ok(Math.abs((after.sizesOf('door').sizeAt(at(0.5, 0.5, 0.3), clock.now()) ?? 0) - 0.3) < 0.01)
  await after.stop()
  await database.writer.deleteFrom('cameras').where('id', '=', 'door').execute()
  assert.deepEqual(await database.reader.selectFrom('camera_sizes').selectAll().execute(), [])
})
