import assert from 'node:assert/strict'
import { test } from 'node:test'
import { suppress, toDetections } from '../../appliance/src/vision/suppress.ts'
import type { Detection } from '../../appliance/src/vision/index.ts'

const at = (name: Detection['class'], score: number, x: number, width = 0.2): Detection => ({
  class: name,
  score,
  box: { x, y: 0.1, width, height: 0.4 },
})

test('of boxes that overlap and mean the same thing the best one stays', () => {
  assert.deepEqual(suppress([at('person', 0.6, 0.11), at('person', 0.9, 0.1)]), [at('person', 0.9, 0.1)])
})

test('a dog that is also a cat is one animal; a car that is also a truck is one vehicle', () => {
  assert.deepEqual(
    suppress([at('cat', 0.4, 0.1), at('dog', 0.8, 0.1)]).map((each) => each.class),
    ['dog'],
  )
  assert.deepEqual(
    suppress([at('truck', 0.8, 0.1), at('car', 0.5, 0.12)]).map((each) => each.class),
    ['truck'],
  )
})

test('people side by side, and a person on a bicycle, stay', () => {
  assert.equal(suppress([at('person', 0.9, 0.1), at('person', 0.8, 0.18)]).length, 2)
  assert.equal(suppress([at('person', 0.9, 0.1), at('bicycle', 0.8, 0.1)]).length, 2)
})

test('model pixels become fractions of the frame; other classes and boxes outside are dropped', () => {
  const placement = { left: 0, top: 50, width: 400, height: 200 }
  const box = (cocoClass: number, left: number) => ({
    cocoClass,
    score: 0.5,
    left,
    top: 100,
    right: left + 100,
    bottom: 150,
  })
  assert.deepEqual(toDetections([box(0, 100), box(62, 100), box(0, 500), box(16, -50)], placement), [
    { class: 'person', score: 0.5, box: { x: 0.25, y: 0.25, width: 0.25, height: 0.25 } },
    { class: 'dog', score: 0.5, box: { x: 0, y: 0.25, width: 0.125, height: 0.25 } },
  ])
})
