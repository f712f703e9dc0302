import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createViewEye } from '../../appliance/src/vision/view/view-eye.ts'
import { createViewWatch } from '../../appliance/src/vision/view/view-watch.ts'
import { TROUBLE_AT_S, TROUBLE_CLIPS, troubleClip } from '../fakes/truth/trouble.ts'

const SEED = 101

describe('a camera to which something is done', () => {
  for (const [name, { truth }] of Object.entries(TROUBLE_CLIPS)) {
    test(`${name}: ${truth ?? 'nothing is told'}`, () => {
      const { watch, see } = createViewEye([])
      const said = new Map<string, number>()
      for (const { frame, atS } of troubleClip(name, SEED)) {
        see(frame)
        if (watch.state() !== 'fine' && !said.has(watch.state())) said.set(watch.state(), atS - TROUBLE_AT_S)
      }
      assert.deepEqual([...said.keys()], truth === null ? [] : [truth])
      const afterS = [...said.values()][0] ?? 30
      assert.ok(afterS >= 30 && afterS <= 45, `told after ${afterS} s`)
    })
  }
})

/** All frames of a clip from one second to another. */
const part = (name: string, fromS: number, toS: number) =>
  [...troubleClip(name, SEED, toS)].slice(fromS).map(({ frame }) => frame)

test('what was told is over by itself once the view is back, and not before', () => {
  const { watch, see } = createViewEye([])
  for (const frame of part('sprayed', 0, 120)) see(frame)
  assert.equal(watch.state(), 'covered')
  const back = part('sprayed', 0, 30).map((frame) => ({ ...frame, capturedAt: frame.capturedAt + 120_000 }))
  const goneAfter = back.findIndex((frame) => {
    see(frame)
    return watch.state() === 'fine'
  })
  assert.ok(goneAfter >= 5 && goneAfter <= 15, `after ${goneAfter} s`)
})

test('one that was turned while the box was off is found out by what was kept', () => {
  const before = createViewEye([])
  for (const frame of part('turned far', 0, 50)) before.see(frame)
  const kept = before.watch.references()
  assert.equal(kept.length, 1)
  const after = createViewEye(kept)
  for (const frame of part('turned far', TROUBLE_AT_S, 120)) after.see(frame)
  assert.equal(after.watch.state(), 'moved')
})

test('"this is its new view": fine at once, and the old view is the other one from then on', () => {
  const { watch, see } = createViewEye([])
  for (const frame of part('turned far', 0, 120)) see(frame)
  assert.equal(watch.state(), 'moved')
  watch.accept()
  assert.equal(watch.state(), 'fine')
  for (const frame of part('turned far', 0, 50)) see({ ...frame, capturedAt: frame.capturedAt + 200_000 })
  assert.equal(watch.state(), 'moved')
})

test('a clock that is set back neither stops the watching nor tells anything', () => {
  const { watch, see } = createViewEye([])
  for (const frame of part('fog', 0, 40)) see(frame)
  for (const frame of part('fog', 0, 40)) see({ ...frame, capturedAt: frame.capturedAt - 3_600_000 })
  assert.equal(watch.state(), 'fine')
})

test('before the first picture there is nothing that could be its view', () => {
  assert.equal(createViewWatch([]).hasLook(), false)
})
