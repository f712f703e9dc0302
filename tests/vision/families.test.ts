import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { recogniseModel, type ModelSignature } from '../../appliance/src/vision/families/index.ts'
import { decodeFinished } from '../../appliance/src/vision/families/finished.ts'
import { decodeLevel, expectedBin } from '../../appliance/src/vision/families/nanodet.ts'
import { decodeYolox } from '../../appliance/src/vision/families/yolox.ts'
import type { RawBox } from '../../appliance/src/vision/families/family.ts'

const float = (name: string, ...dims: (number | string)[]) => ({ name, type: 'float32', dims })
const yolox: ModelSignature = { inputs: [float('images', 1, 3, 416, 416)], outputs: [float('output', 1, 3549, 85)] }
const nanodet: ModelSignature = {
  inputs: [float('input', 1, 3, 416, 416)],
  outputs: [2704, 676, 169]
    .flatMap((n) => [float(`c${n}`, 1, n, 80)])
    .concat([2704, 676, 169].map((n) => float(`r${n}`, 1, n, 32))),
}
const centernet: ModelSignature = {
  inputs: [float('tower_0/images', 1, 512, 512, 3)],
  outputs: [float('tower_0/wh', 1, 128, 128, 4), float('tower_0/detections', 1, 100, 6)],
}

test('each family is known by the shape of what goes in and comes out', () => {
  assert.equal(recogniseModel(yolox)?.family, 'yolox')
  assert.equal(recogniseModel(nanodet)?.family, 'nanodet')
  const recipe = recogniseModel(centernet)
  assert.equal(recipe?.family, 'centernet')
  assert.deepEqual(recipe?.outputNames, ['tower_0/detections'])
})

const strangers: [string, ModelSignature][] = [
  ['nothing at all', { inputs: [], outputs: [] }],
  ['another number of rows', { ...yolox, outputs: [float('output', 1, 3548, 85)] }],
  ['another number of classes', { ...yolox, outputs: [float('output', 1, 3549, 25)] }],
  ['an open size', { ...yolox, inputs: [float('images', 1, 3, 'height', 'width')] }],
  ['bytes instead of floats', { ...yolox, inputs: [{ name: 'images', type: 'uint8', dims: [1, 3, 416, 416] }] }],
  ['a face model', { inputs: [float('x', 1, 112, 112, 3)], outputs: [float('y', 1, 192)] }],
]
for (const [what, signature] of strangers) {
  test(`a model with ${what} is not recognised`, () => assert.equal(recogniseModel(signature), null))
}

test('YOLOX: a box written into any cell is read back where it was', () => {
  const cells = [
    { stride: 8, from: 0, columns: 52 },
    { stride: 16, from: 2704, columns: 26 },
    { stride: 32, from: 3380, columns: 13 },
  ]
  const box = fc.record({
    grid: fc.constantFrom(...cells),
    place: fc.nat(10_000),
    name: fc.nat(79),
    dx: fc.double({ min: 0, max: 1, noNaN: true }),
    dy: fc.double({ min: 0, max: 1, noNaN: true }),
    width: fc.double({ min: 2, max: 400, noNaN: true }),
    height: fc.double({ min: 2, max: 400, noNaN: true }),
    score: fc.double({ min: 0.6, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(box, ({ grid, place, name, dx, dy, width, height, score }) => {
      const values = new Float32Array(3549 * 85)
      const cell = place % (grid.columns * grid.columns)
      const at = (grid.from + cell) * 85
      values.set([dx, dy, Math.log(width / grid.stride), Math.log(height / grid.stride), score], at)
      values[at + 5 + name] = 0.9
      const [found, ...more] = decodeYolox(values, 416, 416, 0.5)
      assert.ok(found && more.length === 0)
      const close = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 0.01, `${a} is not ${b}`)
      assert.equal(found.cocoClass, name)
      close(found.score, score * 0.9)
      close((found.left + found.right) / 2, ((cell % grid.columns) + dx) * grid.stride)
      close((found.top + found.bottom) / 2, (Math.floor(cell / grid.columns) + dy) * grid.stride)
      close(found.right - found.left, width)
      close(found.bottom - found.top, height)
    }),
    { numRuns: 60 },
  )
})

test('YOLOX: nothing below the wanted score comes out, whatever the numbers are', () => {
  const values = new Float32Array(3549 * 85).map((_, i) => ((i * 2_654_435_761) % 1_000) / 1_000)
  for (const minScore of [0.2, 0.5, 0.9]) {
    const boxes = decodeYolox(values, 416, 416, minScore)
    assert.ok(boxes.every(({ score }) => score >= minScore))
    assert.ok(boxes.length > 0)
  }
})

test('NanoDet: sides are the mean of their distribution, from the middle of the cell', () => {
  const sides = new Float32Array(2 * 32).fill(-50)
  // Second cell: 1 stride to the left, 2 up, 3 right, 4 down.
  for (const [side, bin] of [1, 2, 3, 4].entries()) sides[32 + side * 8 + bin] = 50
  const scores = new Float32Array(2 * 80)
  scores[80 + 16] = 0.7
  const boxes: RawBox[] = []
  decodeLevel(scores, sides, { stride: 16, columns: 2, cells: 2 }, 0.5, boxes)
  assert.equal(boxes.length, 1)
  const [box] = boxes
  assert.ok(box)
  assert.equal(box.cocoClass, 16)
  assert.deepEqual([box.left, box.top, box.right, box.bottom].map(Math.round), [8, -24, 72, 72])
})

test('NanoDet: the mean of a distribution lies between its ends and ignores a common shift', () => {
  const eight = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 8, maxLength: 8 })
  fc.assert(
    fc.property(eight, fc.double({ min: -5, max: 5, noNaN: true }), (values, shift) => {
      const mean = expectedBin(Float32Array.from(values), 0)
      assert.ok(mean >= 0 && mean <= 7)
      assert.ok(
        Math.abs(
          mean -
            expectedBin(
              Float32Array.from(values, (value) => value + shift),
              0,
            ),
        ) < 1e-3,
      )
    }),
  )
})

test('CenterNet: rows are boxes already; those below the score are left out', () => {
  const values = Float32Array.of(1, 2, 3, 4, 0.9, 15, 5, 6, 7, 8, 0.2, 0)
  assert.deepEqual(
    decodeFinished(values, 0.5).map((box) => ({ ...box, score: Math.round(box.score * 10) / 10 })),
    [{ cocoClass: 15, score: 0.9, left: 1, top: 2, right: 3, bottom: 4 }],
  )
})
