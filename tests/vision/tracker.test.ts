import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { OBJECT_CLASSES, type Box } from '../../appliance/src/api/common.ts'
import {
  isFollowed,
  isStill,
  updateTracks,
  type Track,
  type TrackerOutput,
} from '../../appliance/src/vision/tracking/tracker.ts'
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

const START = 1_000
interface Given {
  at: number
  detections: Detection[]
  looked?: readonly Box[]
  isAfterGap?: boolean
}
/** Looks at given times. */
function followAt(given: readonly Given[]): TrackerOutput[] {
  let tracks: readonly Track[] = []
  let ids = 0
  return given.map((look) => {
    const output = updateTracks(tracks, { ...look, motion: [], newId: () => `t${ids++}` })
    tracks = output.tracks
    return output
  })
}

test('whatever order a model lists its boxes in, the same tracks come of it, and the same again', () => {
  const scenes = fc.array(fc.array(anything, { maxLength: 8 }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(scenes, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (looks, dice) => {
      const shuffled = looks.map((scene) =>
        scene
          .map((each) => ({ each, key: dice.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ each }) => each),
      )
      const plain = follow(looks.length, (look) => looks[look] ?? [])
      assert.deepEqual(
        follow(looks.length, (look) => shuffled[look] ?? []),
        plain,
      )
      assert.deepEqual(
        follow(looks.length, (look) => looks[look] ?? []),
        plain,
      )
    }),
    { numRuns: 60 },
  )
})

test('what lay outside the regions that were looked at was not missed', () => {
  const here = seen('person', 0.8, box(0.1))
  const elsewhere: Box = { x: 0.6, y: 0, width: 0.4, height: 1 }
  const looks = (looked?: readonly Box[]): Given[] => [
    { at: START, detections: [here] },
    ...Array.from({ length: 30 }, (_, n) => ({
      at: START + 200 * (n + 1),
      detections: [],
      ...(looked ? { looked } : {}),
    })),
  ]
  assert.equal(followAt(looks()).flatMap(({ ended }) => ended).length, 1)
  const kept = followAt(looks([elsewhere]))
  assert.equal(kept.flatMap(({ ended }) => ended).length, 0)
  assert.equal(kept.at(-1)?.tracks[0]?.misses, 0)
})

test('who walks out at the edge and comes back there within four seconds is the same, later or elsewhere another', () => {
  const walkOut = Array.from({ length: 10 }, (_, n) => ({
    at: START + n * 200,
    detections: [seen('person', 0.8, box(0.5 + n * 0.045))],
  }))
  const leftAt = START + 9 * 200
  const idsAfter = (pauseMs: number, x: number): number => {
    const pause = Array.from({ length: Math.floor(pauseMs / 200) - 1 }, (_, n) => ({
      at: leftAt + (n + 1) * 200,
      detections: [],
    }))
    const back = [0, 1].map((n) => ({ at: leftAt + pauseMs + n * 200, detections: [seen('person', 0.8, box(x))] }))
    return idsOf(followAt([...walkOut, ...pause, ...back])).size
  }
  assert.equal(idsAfter(3_600, 0.88), 1)
  assert.equal(idsAfter(5_000, 0.88), 2)
  assert.equal(idsAfter(3_600, 0.05), 2)
})

test('who goes behind a standing car and comes out at its other side is the same person', () => {
  const car = seen('car', 0.9, { x: 0.4, y: 0.4, width: 0.3, height: 0.25 })
  const personAt = (x: number): Detection => seen('person', 0.8, { x, y: 0.35, width: 0.06, height: 0.2 })
  const looks = (isCarThere: boolean): Given[] =>
    Array.from({ length: 34 }, (_, n) => {
      const x = 0.2 + n * 0.018
      const isHidden = x > 0.38 && x < 0.68
      const detections = [...(isCarThere ? [car] : []), ...(isHidden ? [] : [personAt(x)])]
      return { at: START + n * 200, detections }
    })
  const people = (given: readonly Given[]): number =>
    new Set(
      followAt(given).flatMap(({ visible }) => visible.filter((each) => each.class === 'person').map(({ id }) => id)),
    ).size
  assert.equal(people(looks(true)), 1)
  assert.equal(people(looks(false)), 2, 'without a car to hide behind, three seconds are another person')
})

test('who is away is told as over four seconds later, once, and costs no looks meanwhile', () => {
  const outputs = followAt([
    ...Array.from({ length: 5 }, (_, n) => ({
      at: START + n * 200,
      detections: [seen('person', 0.8, box(0.8 + n * 0.02))],
    })),
    ...Array.from({ length: 60 }, (_, n) => ({ at: START + 1_000 + n * 200, detections: [] })),
  ])
  const endedAt = outputs.findIndex(({ ended }) => ended.length > 0)
  assert.equal((endedAt - 4) * 200, 4_000)
  const [away] = outputs[20]?.tracks ?? []
  assert.ok(away && !isFollowed(away, START + 20 * 200))
})

test('a clock that is set back by an hour loses nobody, and makes nobody immortal', () => {
  const back = 3_600_000
  const outputs = followAt([
    ...Array.from({ length: 10 }, (_, n) => ({ at: back + n * 200, detections: [seen('person', 0.8, box(0.3))] })),
    ...Array.from({ length: 5 }, (_, n) => ({ at: START + n * 200, detections: [seen('person', 0.8, box(0.3))] })),
    ...Array.from({ length: 15 }, (_, n) => ({ at: START + 1_000 + n * 200, detections: [] })),
  ])
  assert.equal(idsOf(outputs).size, 1)
  for (const { visible } of outputs) for (const each of visible) assert.ok(each.firstSeenAt <= each.lastSeenAt)
  assert.equal(outputs.flatMap(({ ended }) => ended).length, 1)
})

test('nobody is followed across a gap: all are told as over, and who stands there is new', () => {
  const person = seen('person', 0.8, box(0.3))
  const outputs = followAt([
    { at: START, detections: [person] },
    { at: START + 60_000, detections: [person], isAfterGap: true },
  ])
  assert.equal(idsOf(outputs).size, 2)
  assert.deepEqual(outputs[1]?.ended, ['t0'])
})

test('a doubtful cat needs better sightings than a doubtful person', () => {
  const ids = (name: Detection['class'], scores: readonly number[]): number =>
    idsOf(follow(scores.length, (look) => [seen(name, scores[look] ?? 0, box(0.1))])).size
  assert.equal(ids('person', [0.45, 0.45]), 1)
  assert.equal(ids('cat', [0.45, 0.45, 0.45, 0.45]), 0)
  assert.equal(ids('cat', [0.45, 0.55, 0.55]), 1)
  assert.equal(ids('cat', [0.75]), 1)
  assert.equal(ids('bird', [0.65]), 0)
})
