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
          for (let n = 0; n < (i === 0 ? 3 : 1); n++) queue.put({ frame: frame(`${i}`, round), motion: [], isUrgent: true, weight: 1 })
        const next = queue.take()
        if (next) served.push(next.frame.cameraId)
      }
      for (let from = 0; from + cameras <= served.length; from += cameras) {
        assert.equal(new Set(served.slice(from, from + cameras)).size, cameras)
      }
    }),
  )
})
