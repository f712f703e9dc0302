import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPace } from '../../appliance/src/vision/pace.ts'

const TREE = { x: 0.02, y: 0.02, width: 0.1, height: 0.2 }
const PATH = { x: 0.6, y: 0.6, width: 0.05, height: 0.2 }

/** `seconds` of a tree in the wind, five pictures a second, looked at when the pace says so. */
function blow(pace: ReturnType<typeof createPace>, seconds: number, fromS = 0): number {
  let looks = 0
  for (let i = 0; i < seconds * 5; i++) {
    if (pace.skips([TREE], fromS * 1_000 + i * 200)) continue
    looks++
    pace.learn([TREE], [])
  }
  return looks
}

test('a tree that moves all the time is looked at in every third picture after half a minute', () => {
  const pace = createPace()
  assert.equal(blow(pace, 4), 20)
  assert.equal(pace.everyNth(), 1)
  blow(pace, 30, 4)
  assert.equal(pace.everyNth(), 3)
  assert.ok(Math.abs(blow(pace, 6, 34) - 10) <= 1)
})

test('motion elsewhere in the same picture is looked at as ever', () => {
  const pace = createPace()
  blow(pace, 40)
  for (let i = 0; i < 10; i++) assert.equal(pace.skips([TREE, PATH], 40_000 + i * 200), false)
})

test('somebody found in front of the tree ends it at once', () => {
  const pace = createPace()
  blow(pace, 40)
  pace.learn([TREE], [TREE])
  assert.equal(pace.skips([TREE], 40_200), false)
  assert.equal(pace.everyNth(), 1)
})

test('when the wind drops, the place is as good as new a few minutes later', () => {
  const pace = createPace()
  blow(pace, 60)
  for (let second = 60; second < 240; second++) pace.skips([PATH], second * 1_000)
  pace.skips([TREE], 240_000)
  assert.equal(pace.everyNth(), 1)
})
