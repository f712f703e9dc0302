import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Frame } from '../../appliance/src/media/frame.ts'
import { createLookQueue } from '../../appliance/src/vision/look-queue.ts'

const frame = (cameraId: string, sequence: number, fill = 1): Frame => ({
  cameraId,
  width: 2,
  height: 2,
  data: new Uint8Array(6).fill(fill),
  capturedAt: sequence,
  sequence,
})

test('the newest frame of a camera replaces the one that waits', () => {
  const queue = createLookQueue()
  queue.put({ frame: frame('a', 1), motion: [], isUrgent: true, weight: 1 })
  queue.put({ frame: frame('a', 2), motion: [], isUrgent: true, weight: 1 })
  assert.equal(queue.take()?.frame.sequence, 2)
  assert.equal(queue.take(), null)
})

test('the queue holds its own copy: the camera may use its buffer again', () => {
  const queue = createLookQueue()
  const original = frame('a', 1, 7)
  queue.put({ frame: original, motion: [], isUrgent: true, weight: 1 })
  original.data.fill(0)
  assert.deepEqual([...(queue.take()?.frame.data ?? [])], [7, 7, 7, 7, 7, 7])
})

test('a forgotten camera is not looked at any more', () => {
  const queue = createLookQueue()
  queue.put({ frame: frame('a', 1), motion: [], isUrgent: true, weight: 1 })
  queue.forget('a')
  assert.equal(queue.take(), null)
})

test('cameras take turns: while all of them have frames nobody is served twice before the others', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 30 }), (cameras, rounds) => {
      const queue = createLookQueue()
      const served: string[] = []
      for (let round = 0; round < rounds; round++) {
        // The first camera is the busiest: it puts three frames for one of everybody else.
        for (let i = 0; i < cameras; i++)
          for (let n = 0; n < (i === 0 ? 3 : 1); n++)
            queue.put({ frame: frame(`${i}`, round), motion: [], isUrgent: true, weight: 1 })
        const next = queue.take()
        if (next) served.push(next.frame.cameraId)
      }
      for (let from = 0; from + cameras <= served.length; from += cameras) {
        assert.equal(new Set(served.slice(from, from + cameras)).size, cameras)
      }
    }),
  )
})

test('looks are shared by weight while all cameras want more, and nobody waits for ever', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(1, 2, 4), { minLength: 2, maxLength: 8 }), (weights) => {
      const queue = createLookQueue()
      const served = new Map<string, number>()
      const rounds = 40 * weights.reduce((sum, weight) => sum + weight, 0)
      for (let round = 0; round < rounds; round++) {
        for (const [camera, weight] of weights.entries()) {
          queue.put({ frame: frame(`${camera}`, round), motion: [], isUrgent: true, weight })
        }
        const id = queue.take()?.frame.cameraId ?? ''
        served.set(id, (served.get(id) ?? 0) + 1)
      }
      for (const [camera, weight] of weights.entries()) {
        const got = served.get(`${camera}`) ?? 0
        assert.ok(Math.abs(got - 40 * weight) <= 3, `weight ${weight} got ${got} of ${rounds}`)
      }
    }),
  )
})

test('a camera that was quiet for long has saved nothing up', () => {
  const queue = createLookQueue()
  const put = (cameraId: string, round: number) =>
    queue.put({ frame: frame(cameraId, round), motion: [], isUrgent: true, weight: 1 })
  for (let round = 0; round < 100; round++) {
    put('busy', round)
    queue.take()
  }
  const served: string[] = []
  for (let round = 100; round < 110; round++) {
    put('busy', round)
    put('quiet', round)
    served.push(queue.take()?.frame.cameraId ?? '')
  }
  assert.equal(served.filter((each) => each === 'quiet').length, 5)
})

test('frames of a camera that is being looked at wait; that one gave way is told', () => {
  const queue = createLookQueue()
  const put = (sequence: number) => queue.put({ frame: frame('a', sequence), motion: [], isUrgent: true, weight: 1 })
  assert.equal(put(1), false)
  assert.equal(put(2), true)
  assert.equal(
    queue.take((id) => id === 'a'),
    null,
  )
  assert.equal(queue.take()?.frame.sequence, 2)
})

test('what several regions of a frame cost is paid by its camera', () => {
  const queue = createLookQueue()
  const served: string[] = []
  for (let round = 0; round < 40; round++) {
    for (const id of ['crops', 'plain']) queue.put({ frame: frame(id, round), motion: [], isUrgent: true, weight: 1 })
    const id = queue.take()?.frame.cameraId ?? ''
    if (id === 'crops') queue.charge(id, 2, 1)
    served.push(id)
  }
  assert.equal(served.filter((each) => each === 'crops').length, 10)
})
