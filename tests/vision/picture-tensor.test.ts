import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createPictureWriter, placeFrame, type PictureLayout } from '../../appliance/src/vision/picture-tensor.ts'
import { createRowBlender } from '../../appliance/src/vision/row-blender.ts'

const PLANAR: PictureLayout = {
  width: 416,
  height: 416,
  isPlanar: true,
  order: 'bgr',
  mean: [0, 0, 0],
  deviation: [1, 1, 1],
  padding: 114,
  place: 'top-left',
}
const INTERLEAVED: PictureLayout = { ...PLANAR, isPlanar: false, order: 'rgb', place: 'centre' }

/** A frame of one colour, in limited-range YUV. */
function plain(width: number, height: number, y: number, u: number, v: number): Uint8Array {
  const data = new Uint8Array((width * height * 3) / 2)
  data.fill(y, 0, width * height)
  data.fill(u, width * height, (width * height * 5) / 4)
  data.fill(v, (width * height * 5) / 4)
  return data
}

function colourAt(layout: PictureLayout, tensor: Float32Array, x: number, y: number): number[] {
  const pixel = y * layout.width + x
  return [0, 1, 2].map((channel) =>
    Math.round(tensor[layout.isPlanar ? channel * layout.width * layout.height + pixel : pixel * 3 + channel] ?? NaN),
  )
}

function write(layout: PictureLayout, width: number, height: number, data: Uint8Array): Float32Array {
  const writer = createPictureWriter(layout, width, height)
  const tensor = new Float32Array(layout.width * layout.height * 3).fill(-1)
  writer.pad(tensor)
  writer.write(data, tensor)
  return tensor
}

test('a red frame is red in each layout, and what lies beside it is gray', () => {
  const red = plain(640, 360, 81, 90, 240)
  const planar = write(PLANAR, 640, 360, red)
  assert.deepEqual(
    colourAt(PLANAR, planar, 200, 100).map((value) => Math.abs(value) < 3),
    [true, true, false],
  )
  assert.ok(Math.abs((colourAt(PLANAR, planar, 200, 100)[2] ?? 0) - 254) <= 2)
  assert.deepEqual(colourAt(PLANAR, planar, 200, 300), [114, 114, 114])
  const interleaved = write(INTERLEAVED, 640, 360, red)
  assert.ok(Math.abs((colourAt(INTERLEAVED, interleaved, 200, 200)[0] ?? 0) - 254) <= 2)
  assert.deepEqual(colourAt(INTERLEAVED, interleaved, 200, 20), [114, 114, 114])
  assert.deepEqual(colourAt(INTERLEAVED, interleaved, 200, 400), [114, 114, 114])
})

test('mean and deviation are taken off each channel, padding included', () => {
  const layout: PictureLayout = { ...PLANAR, mean: [100, 110, 120], deviation: [50, 55, 60], padding: 0 }
  const tensor = write(layout, 640, 360, plain(640, 360, 126, 128, 128))
  const gray = (126 - 16) * (255 / 219)
  const pixels = 416 * 416
  const expected = [100, 110, 120].map((mean, i) => (gray - mean) / (layout.deviation[i] ?? 1))
  for (const [channel, value] of expected.entries()) {
    assert.ok(Math.abs((tensor[channel * pixels + 5_000] ?? 0) - value) < 0.02)
    assert.ok(
      Math.abs(
        (tensor[channel * pixels + 400 * 416] ?? 0) + (layout.mean[channel] ?? 0) / (layout.deviation[channel] ?? 1),
      ) < 1e-4,
    )
  }
})

test('every frame size fits inside the picture, keeps its shape and is written nowhere else', () => {
  const size = fc.integer({ min: 16, max: 360 }).map((half) => half * 2)
  fc.assert(
    fc.property(size, size, fc.constantFrom(PLANAR, INTERLEAVED), (width, height, layout) => {
      const { left, top, width: placedWidth, height: placedHeight } = placeFrame(layout, width, height)
      assert.ok(left >= 0 && top >= 0 && left + placedWidth <= layout.width && top + placedHeight <= layout.height)
      assert.ok(Math.max(placedWidth / layout.width, placedHeight / layout.height) > 0.99)
      const ratio = placedWidth / placedHeight / (width / height)
      assert.ok(ratio > 0.85 && ratio < 1.15, `shape changed by ${ratio}`)
      const tensor = write(layout, width, height, plain(width, height, 16, 128, 128))
      const black = tensor.reduce((count, value) => count + (Math.abs(value) < 0.01 ? 1 : 0), 0)
      assert.equal(black, placedWidth * placedHeight * 3)
    }),
    { numRuns: 25 },
  )
})

test('a ramp from left to right and from top to bottom stays one', () => {
  const data = plain(640, 360, 0, 128, 128)
  for (let i = 0; i < 640 * 360; i++)
    data[i] = 16 + Math.round(((i % 640) / 639) * 100 + (Math.floor(i / 640) / 359) * 100)
  const tensor = write(PLANAR, 640, 360, data)
  for (let y = 0; y < 234; y += 9) {
    for (let x = 0; x < 416; x += 7) {
      const expected = ((x + 0.5) / 416) * 100 + ((y + 0.5) / 234) * 100
      assert.ok(Math.abs((tensor[y * 416 + x] ?? 0) / (255 / 219) - expected) < 1.5)
    }
  }
})

test('four pixels at a time give what one at a time gives', () => {
  const rows = fc.uint8Array({ minLength: 64 * 8, maxLength: 64 * 8 })
  fc.assert(
    fc.property(rows, fc.integer({ min: 2, max: 40 }), (bytes, targetHeight) => {
      const aligned = Uint8Array.from(bytes)
      const shifted = new Uint8Array(bytes.length + 1).subarray(1)
      shifted.set(bytes)
      const blender = createRowBlender(64, 8, targetHeight)
      for (let y = 0; y < targetHeight; y++) {
        const quick = [...blender.row(aligned, y)]
        assert.deepEqual([...blender.row(shifted, y)], quick)
      }
    }),
    { numRuns: 60 },
  )
})
