import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { OBJECT_CLASSES, type Box } from '../../appliance/src/api/common.ts'
import { isStill, updateTracks, type Track, type TrackerOutput } from '../../appliance/src/vision/tracking/tracker.ts'
import type { Detection } from '../../appliance/src/vision/index.ts'

const box = (x: number, y = 0.3, width = 0.1, height = 0.3): Box => ({ x, y, width, height })
const seen = (name: Detection['class'], score: number, place: Box): Detection => ({ class: name, score, box: place })

/** Looks five times a second at what `scene` shows at each moment. */
function follow(looks: number, scene: (look: number) => Detection[], motion: readonly Box[] = []): TrackerOutput[] {
  let tracks: readonly Track[] = []
  let ids = 0
  return Array.from({ length: looks }, (_, look) => {
    const output = updateTracks(tracks, {
      detections: scene(look),
      at: 1_000 + look * 200,
      motion,
      newId: () => `t${ids++}`,
    })
    tracks = output.tracks
    return output
  })
}

const idsOf = (outputs: readonly TrackerOutput[]): Set<string> =>
  new Set(outputs.flatMap(({ visible }) => visible.map(({ id }) => id)))

test('one sure sighting is enough, a doubtful one needs a second within three looks', () => {
  assert.equal(follow(1, () => [seen('person', 0.6, box(0.1))])[0]?.visible.length, 1)
  const doubtful = (looks: readonly number[]) =>
    follow(5, (look) => (looks.includes(look) ? [seen('person', 0.5, box(0.1))] : []))
  assert.equal(idsOf(doubtful([0])).size, 0)
  assert.equal(idsOf(doubtful([0, 1])).size, 1)
  assert.equal(idsOf(doubtful([0, 2])).size, 1)
  assert.equal(idsOf(doubtful([0, 3])).size, 0)
})

test('somebody who walks through keeps one id, and is over two seconds after the last sighting', () => {
  const outputs = follow(40, (look) => (look < 20 ? [seen('person', 0.8, box(0.02 + look * 0.02))] : []))
  assert.equal(idsOf(outputs).size, 1)
  const endedAt = outputs.findIndex(({ ended }) => ended.length > 0)
  assert.equal((endedAt - 19) * 200, 2_000)
  assert.deepEqual(outputs[endedAt]?.ended, [...idsOf(outputs)])
  assert.equal(outputs.flatMap(({ ended }) => ended).length, 1)
  assert.equal(outputs.at(-1)?.tracks.length, 0)
})

test('a few missed looks in the middle do not make a second person', () => {
  const outputs = follow(20, (look) => (look > 8 && look < 13 ? [] : [seen('person', 0.8, box(0.02 + look * 0.03))]))
  assert.equal(idsOf(outputs).size, 1)
})

test('a fast thing whose boxes do not overlap is still one', () => {
  const outputs = follow(6, (look) => [seen('car', 0.8, box(0.02 + look * 0.15, 0.5, 0.14, 0.1))], [box(0, 0, 1, 1)])
  assert.equal(idsOf(outputs).size, 1)
})

test('two people who pass each other keep their ids', () => {
  const outputs = follow(20, (look) => [
    seen('person', 0.8, box(0.05 + look * 0.04, 0.3)),
    seen('person', 0.8, box(0.85 - look * 0.04, 0.42)),
  ])
  const first = outputs[0]?.visible.map(({ id }) => id)
  const last = outputs
    .at(-1)
    ?.visible.toSorted((a, b) => b.box.x - a.box.x)
    .map(({ id }) => id)
  assert.deepEqual(last, first)
})

test('a vehicle that is called car and truck by turns is one, named as most often', () => {
  const outputs = follow(9, (look) => [seen(look % 3 === 0 ? 'car' : 'truck', 0.7, box(0.1 + look * 0.03))], [
    box(0, 0, 1, 1),
  ])
  assert.equal(idsOf(outputs).size, 1)
  assert.equal(outputs.at(-1)?.visible[0]?.class, 'truck')
})

test('a parked car is never reported, whatever its box does; it is when it drives off', () => {
  const jitter = (look: number): number => 0.3 + ((look * 7) % 5) * 0.003
  const outputs = follow(80, (look) => [
    seen('car', 0.8, box(look < 60 ? jitter(look) : 0.3 + (look - 60) * 0.03, 0.5, 0.3, 0.2)),
  ])
  assert.equal(idsOf(outputs.slice(0, 60)).size, 0)
  assert.equal(outputs[59]?.tracks.length, 1)
  assert.equal(idsOf(outputs.slice(60)).size, 1)
})

test('a car that arrives is reported until it has stood for ten seconds, then only known', () => {
  const outputs = follow(120, (look) => [seen('car', 0.8, box(Math.min(0.02 + look * 0.02, 0.4), 0.5, 0.3, 0.2))], [
    box(0, 0.4, 1, 0.4),
  ])
  const lastReport = outputs.findLastIndex(({ visible }) => visible.length > 0)
  assert.ok(lastReport > 40 && lastReport < 80, `last reported at look ${lastReport}`)
  assert.equal(outputs.at(-1)?.tracks.length, 1)
  assert.equal(outputs.flatMap(({ ended }) => ended).length, 0)
})

test('a person who stands still stays reported, and is known as still', () => {
  const outputs = follow(60, () => [seen('person', 0.8, box(0.4))])
  assert.equal(outputs.at(-1)?.visible.length, 1)
  const [track] = outputs.at(-1)?.tracks ?? []
  assert.ok(track && isStill(track, track.lastSeenAt))
})

test('a doubtful box prolongs a track and never begins one', () => {
  const outputs = follow(10, (look) => [seen('person', look === 0 ? 0.8 : 0.3, box(0.1 + look * 0.01))])
  assert.equal(outputs.at(-1)?.visible.length, 1)
  assert.equal(idsOf(follow(10, () => [seen('person', 0.3, box(0.1))])).size, 0)
})

const fraction = fc.double({ min: 0, max: 0.9, noNaN: true })
const anything = fc.record({
  class: fc.constantFrom(...OBJECT_CLASSES),
  score: fc.double({ min: 0, max: 1, noNaN: true }),
  box: fc.record({
    x: fraction,
    y: fraction,
    width: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
    height: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
  }),
})

test('whatever is seen: ids are unique, each box is a real one, nothing returns after its end, nothing piles up', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anything, { maxLength: 8 }), { minLength: 1, maxLength: 40 }), (scenes) => {
      const gone = new Set<string>()
      for (const [look, { tracks, visible, ended }] of follow(scenes.length, (at) => scenes[at] ?? []).entries()) {
        const boxes = (scenes[look] ?? []).map((each) => each.box)
        assert.equal(new Set(tracks.map(({ id }) => id)).size, tracks.length)
        assert.equal(new Set(visible.map((each) => each.box)).size, visible.length)
        for (const each of visible) {
          assert.ok(boxes.includes(each.box) && !gone.has(each.id))
          assert.ok(each.bestScore >= each.score && each.firstSeenAt <= each.lastSeenAt)
        }
        for (const id of ended) {
          assert.ok(!gone.has(id) && !tracks.some((track) => track.id === id))
          gone.add(id)
        }
        assert.ok(tracks.length <= 8 * 15)
      }
    }),
    { numRuns: 60 },
  )
})
