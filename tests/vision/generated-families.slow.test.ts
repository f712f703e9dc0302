import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { startDetectorThread } from '../../appliance/src/vision/detector-thread.ts'
import { parseNames, readClassNames } from '../../appliance/src/vision/families/class-names.ts'
import { recogniseModel } from '../../appliance/src/vision/families/index.ts'
import type { Detection } from '../../appliance/src/vision/types.ts'
import { CAR, CELLS, HEIGHT, PERSON, WIDTH, writeModel, type GeneratedModel } from './generated-models.ts'

const folder = mkdtempSync(join(tmpdir(), 'lares-families-'))
after(() => rmSync(folder, { recursive: true }))
const ONLY_CPU = { tensorrt: '', cuda: '', webgpu: '' }
let files = 0

interface Looked {
  family: string
  detections: readonly Detection[]
}

/** Through the product's own thread: recognised, fed, run, read, suppressed. */
async function lookWith(model: GeneratedModel): Promise<Looked> {
  const file = writeModel(join(folder, `model-${files++}.onnx`), model)
  const thread = startDetectorThread(systemClock)
  try {
    const { family } = await thread.open(file, 1, ONLY_CPU)
    const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128)
    const { detections } = await thread.look({ width: WIDTH, height: HEIGHT, data }, 0.3)
    return { family, detections }
  } finally {
    await thread.end()
  }
}

const BOTH = [
  { class: 'person', ...PERSON },
  { class: 'car', ...CAR },
]

/** The person and the car, best first, to a thousandth of the picture. */
function assertBoth({ detections }: Looked): void {
  assert.equal(detections.length, BOTH.length, JSON.stringify(detections))
  for (const [at, wanted] of BOTH.entries()) {
    const found = detections[at]
    assert.equal(found?.class, wanted.class)
    const numbers = [
      [found?.score, wanted.score],
      [found?.box.x, (wanted.x - wanted.width / 2) / WIDTH],
      [found?.box.y, (wanted.y - wanted.height / 2) / HEIGHT],
      [found?.box.width, wanted.width / WIDTH],
      [found?.box.height, wanted.height / HEIGHT],
    ]
    for (const [value = NaN, expected = NaN] of numbers)
      assert.ok(Math.abs(value - expected) < 1e-3, `${value} ${expected}`)
  }
}

const KINDS = [
  { at: 7, coco: 0, ...PERSON },
  { at: 93, coco: 2, ...CAR },
]

/** One row a proposal; `extra` values between box and classes. */
function rows(
  count: number,
  classes: number,
  extra: readonly number[] = [],
  toClass = (coco: number) => coco,
): Float32Array {
  const size = 4 + extra.length + classes
  const values = new Float32Array(count * size)
  for (const { at, coco, x, y, width, height, score } of KINDS) {
    values.set([x, y, width, height, ...extra], at * size)
    values[at * size + 4 + extra.length + toClass(coco)] = extra.length > 0 ? score / (extra[0] ?? 1) : score
  }
  return values
}

function transpose(values: Float32Array, count: number): Float32Array {
  const size = values.length / count
  return values.map((_, i) => values[(i % count) * size + Math.floor(i / count)] ?? 0)
}

test('YOLOv8, 9 and 11: one column a cell', async () => {
  const answer = { name: 'output0', shape: [1, 84, CELLS], values: transpose(rows(CELLS, 80), CELLS) }
  const looked = await lookWith({ answers: [answer] })
  assert.equal(looked.family, 'yolov8')
  assertBoth(looked)
})

test('the same transposed, and with the number of pictures left open', async () => {
  const answer = { name: 'output0', shape: ['N', CELLS, 84], values: rows(CELLS, 80) }
  const looked = await lookWith({ answers: [answer], hasOpenBatch: true })
  assert.equal(looked.family, 'yolov8')
  assertBoth(looked)
})

test('YOLOv5: three anchors a cell, objectness apart', async () => {
  const answer = { name: 'output', shape: [1, CELLS * 3, 85], values: rows(CELLS * 3, 80, [0.95]) }
  const looked = await lookWith({ answers: [answer] })
  assert.equal(looked.family, 'yolov5')
  assertBoth(looked)
})

test('YOLO with suppression built in: finished rows, unused ones are nought', async () => {
  const values = new Float32Array(300 * 6)
  for (const [at, { x, y, width, height, score, coco }] of KINDS.entries()) {
    values.set([x - width / 2, y - height / 2, x + width / 2, y + height / 2, score, coco], at * 6)
  }
  const looked = await lookWith({ answers: [{ name: 'output0', shape: [1, 300, 6], values }] })
  assert.equal(looked.family, 'yolo-nms')
  assertBoth(looked)
})

/** Scores before the sigmoid, and boxes in fractions. */
function logitsAndBoxes(
  classes: number,
  toClass: (coco: number) => number,
): { logits: Float32Array; boxes: Float32Array } {
  const logits = new Float32Array(300 * classes).fill(-9)
  const boxes = new Float32Array(300 * 4)
  for (const { at, coco, x, y, width, height, score } of KINDS) {
    logits[at * classes + toClass(coco)] = Math.log(score / (1 - score))
    boxes.set([x / WIDTH, y / HEIGHT, width / WIDTH, height / HEIGHT], at * 4)
  }
  return { logits, boxes }
}

test('RT-DETR and D-FINE: class scores and boxes in fractions, in either order', async () => {
  const { logits, boxes } = logitsAndBoxes(80, (coco) => coco)
  const scores = { name: 'logits', shape: [1, 300, 80], values: logits }
  const sides = { name: 'pred_boxes', shape: [1, 300, 4], values: boxes }
  for (const answers of [
    [scores, sides],
    [sides, scores],
  ]) {
    const looked = await lookWith({ answers })
    assert.equal(looked.family, 'detr')
    assertBoth(looked)
  }
})

test('RF-DETR: 91 classes are COCO’s own ids', async () => {
  const { logits, boxes } = logitsAndBoxes(91, (coco) => coco + 1)
  const looked = await lookWith({
    answers: [
      { name: 'dets', shape: [1, 300, 4], values: boxes },
      { name: 'labels', shape: [1, 300, 91], values: logits },
    ],
  })
  assert.equal(looked.family, 'rf-detr')
  assertBoth(looked)
})

test('RT-DETR and D-FINE with the size handed in: labels are whole numbers', async () => {
  const labels = new Float32Array(300)
  const boxes = new Float32Array(300 * 4)
  const scores = new Float32Array(300)
  for (const { at, coco, x, y, width, height, score } of KINDS) {
    labels[at] = coco
    scores[at] = score
    boxes.set([x - width / 2, y - height / 2, x + width / 2, y + height / 2], at * 4)
  }
  const looked = await lookWith({
    takesSizes: true,
    hasOpenBatch: true,
    answers: [
      { name: 'labels', shape: ['N', 300], values: labels, isWhole: true },
      { name: 'boxes', shape: ['N', 300, 4], values: boxes },
      { name: 'scores', shape: ['N', 300], values: scores },
    ],
  })
  assert.equal(looked.family, 'detr')
  assertBoth(looked)
})

test('a list of classes of its own, out of the file: what does not matter to a home is dropped', async () => {
  const names = ['parcel', 'Pedestrian', 'car']
  const values = rows(CELLS, 3, [], (coco) => (coco === 0 ? 1 : 2))
  values.set([10, 10, 8, 8, 0.99, 0, 0], 50 * 7)
  assertBoth(await lookWith({ names, answers: [{ name: 'output0', shape: [1, CELLS, 7], values }] }))
})

test('names beside the file win over those in it; neither is no error', async () => {
  const answers = [{ name: 'output0', shape: [1, CELLS, 6], values: rows(CELLS, 2, [], (coco) => Math.min(coco, 1)) }]
  const file = writeModel(join(folder, 'named.onnx'), { answers, names: ['a', 'b'] })
  assert.deepEqual(await readClassNames(file), ['a', 'b'])
  writeFileSync(join(folder, 'named.names'), '# ours\nperson\n\ncar\n')
  assert.deepEqual(await readClassNames(file), ['person', 'car'])
  assert.equal(await readClassNames(writeModel(join(folder, 'bare.onnx'), { answers })), null)
  assert.equal(await readClassNames(join(folder, 'missing.onnx')), null)
  writeFileSync(join(folder, 'junk.onnx'), Buffer.alloc(500, 0xff))
  assert.equal(await readClassNames(join(folder, 'junk.onnx')), null)
})

test('lists of names as programs write them', () => {
  assert.deepEqual(parseNames(`{0: 'person', 1: "cat's eye", 3: 'it\\'s'}`), ['person', "cat's eye", '', "it's"])
  assert.deepEqual(parseNames('["person", "dog"]'), ['person', 'dog'])
  assert.deepEqual(parseNames('{"0": "person", "1": "dog"}'), ['person', 'dog'])
  assert.deepEqual(parseNames('nothing of this kind'), [])
})

test('without names, another number of classes is not guessed', () => {
  const float = (name: string, ...dims: number[]) => ({ name, type: 'float32', dims })
  const inputs = [float('images', 1, 3, HEIGHT, WIDTH)]
  assert.equal(recogniseModel({ inputs, outputs: [float('output0', 1, 24, CELLS)] }), null)
  assert.equal(recogniseModel({ inputs, outputs: [float('a', 1, 300, 4), float('b', 1, 300, 12)] }), null)
})
