import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { frameBytes, type Frame } from '../../appliance/src/media/index.ts'
import { createSizeGrid } from '../../appliance/src/vision/regions/size-grid.ts'
import { createCameraWatch, type CameraWatch, type SeenRegion } from '../../appliance/src/vision/watch-camera.ts'
import type { Detection } from '../../appliance/src/vision/types.ts'

const START_MS = 1_000_000
const box = { x: 0.4, y: 0.3, width: 0.1, height: 0.4 }
const whole = { left: 0, top: 0, width: 64, height: 48 }
const seen = (detections: readonly Detection[]): SeenRegion[] => [{ region: whole, detections }]
const person = (score: number): SeenRegion[] => seen([{ class: 'person', score, box }])
const nobody = seen([])
const newWatch = (): CameraWatch => createCameraWatch({ newId: () => 'id', sizes: createSizeGrid() })

function picture(at: number, still?: 'first' | 'second'): Frame {
  const data = new Uint8Array(frameBytes(64, 48)).fill(120)
  return { cameraId: 'door', width: 64, height: 48, data, capturedAt: at, sequence: 0, ...(still ? { still } : {}) }
}

describe('a picture by itself', () => {
  it('is always looked at, however soon it follows and however little moves', () => {
    const watch = newWatch()
    for (const at of [START_MS, START_MS + 100, START_MS + 200]) {
      const frame = picture(at, 'first')
      assert.ok(watch.decide(frame).shouldLook)
      watch.conclude(frame, [], nobody)
    }
  })

  it('opens an incident by two looks at it: 0.42 whole and closer, or 0.60 at once', () => {
    const watch = newWatch()
    const [first, second] = [picture(START_MS, 'first'), picture(START_MS + 200, 'second')]
    watch.decide(first)
    assert.equal(watch.conclude(first, [], person(0.45)), null)
    assert.ok(watch.decide(second).shouldLook)
    assert.equal(watch.conclude(second, [], person(0.44))?.tracks[0]?.class, 'person')
    const sure = newWatch()
    sure.decide(first)
    assert.equal(sure.conclude(first, [], person(0.7))?.tracks.length, 1)
  })

  it('is looked at once only when nothing may be there, and what only one look shows does not count', () => {
    const watch = newWatch()
    const [first, second] = [picture(START_MS, 'first'), picture(START_MS + 200, 'second')]
    watch.decide(first)
    watch.conclude(first, [], nobody)
    assert.ok(!watch.decide(second).shouldLook)
    watch.conclude(first, [], person(0.5))
    assert.ok(watch.decide(second).shouldLook)
    assert.equal(watch.conclude(second, [], nobody), null)
  })
})
