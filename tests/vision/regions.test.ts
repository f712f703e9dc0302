import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Box } from '../../appliance/src/api/common.ts'
import { bytesOf, cutOut, toFrame, type RegionDetection } from '../../appliance/src/vision/regions/crop.ts'
import { joinSeen } from '../../appliance/src/vision/regions/join-seen.ts'
import { planRegions, type PlanInput, type Wanted } from '../../appliance/src/vision/regions/plan.ts'
import { wantedBoxes } from '../../appliance/src/vision/regions/wanted.ts'

const INPUT: PlanInput = { width: 640, height: 360, inputSide: 416, sizeAt: () => null, turn: 0 }
const thing = (x: number, y: number, width: number, height: number): Wanted => ({
  box: { x, y, width, height },
  isWholeThing: true,
})
const moved = (x: number, y: number, width: number, height: number): Wanted => ({
  ...thing(x, y, width, height),
  isWholeThing: false,
})

const even = (max: number) => fc.integer({ min: 1, max: max / 2 }).map((half) => half * 2)
const anyWanted = fc
  .record({
    x: fc.double({ min: 0, max: 0.95, noNaN: true }),
    y: fc.double({ min: 0, max: 0.95, noNaN: true }),
    width: fc.double({ min: 0.005, max: 1, noNaN: true }),
    height: fc.double({ min: 0.005, max: 1, noNaN: true }),
    isWholeThing: fc.boolean(),
  })
  .map(({ x, y, width, height, isWholeThing }) => ({
    box: { x, y, width: Math.min(width, 1 - x), height: Math.min(height, 1 - y) },
    isWholeThing,
  }))

test('what is cut out is pixel for pixel what lies there, luma and both chroma planes', () => {
  const frame = fc.record({ width: even(40), height: even(30), seed: fc.integer() })
  const place = fc.record({ left: fc.nat(), top: fc.nat(), width: fc.nat(), height: fc.nat() })
  fc.assert(
    fc.property(frame, place, ({ width, height, seed }, raw) => {
      const data = new Uint8Array((width * height * 3) / 2).map((_, i) => (i * 31 + seed) & 255)
      const size = (value: number, all: number): number => 2 * (1 + (value % (all / 2)))
      const region = { left: 0, top: 0, width: size(raw.width, width), height: size(raw.height, height) }
      region.left = 2 * (raw.left % ((width - region.width) / 2 + 1))
      region.top = 2 * (raw.top % ((height - region.height) / 2 + 1))
      const cut = cutOut({ width, height, data }, region, new Uint8Array(bytesOf(region)))
      const at = (picture: typeof cut, plane: number, x: number, y: number): number => {
        const luma = picture.width * picture.height
        if (plane === 0) return picture.data[y * picture.width + x] as number
        return picture.data[luma + ((plane - 1) * luma) / 4 + y * (picture.width / 2) + x] as number
      }
      for (let plane = 0; plane < 3; plane++) {
        const half = plane === 0 ? 1 : 2
        for (let y = 0; y < region.height / half; y++) {
          for (let x = 0; x < region.width / half; x++) {
            const from = at({ width, height, data }, plane, x + region.left / half, y + region.top / half)
            assert.equal(at(cut, plane, x, y), from)
          }
        }
      }
    }),
    { numRuns: 60 },
  )
})

test('whatever is wanted lies whole in one region; regions are even, inside the frame and of few sizes', () => {
  const sizes = new Set<string>()
  const frames = fc.constantFrom<[number, number]>([640, 360], [640, 480], [360, 640], [1_280, 720], [64, 48])
  fc.assert(
    fc.property(fc.array(anyWanted, { minLength: 1, maxLength: 8 }), frames, (wanted, [width, height]) => {
      const planned = planRegions(wanted, { ...INPUT, width, height })
      for (const { region } of planned) {
        assert.ok(Object.values(region).every((each) => each % 2 === 0 && each >= 0))
        assert.ok(region.left + region.width <= width && region.top + region.height <= height)
        if (width === 640 && height === 360) sizes.add(`${region.width}x${region.height}`)
      }
      if (planned.length === 0) return
      assert.equal(planned.flatMap((each) => each.wanted).length, wanted.length)
      for (const { region, wanted: inside } of planned) {
        for (const { box } of inside) {
          // Even pixels may cost one at each side.
          assert.ok(box.x * width >= region.left - 2 && (box.x + box.width) * width <= region.left + region.width + 2)
          assert.ok(box.y * height >= region.top - 2 && (box.y + box.height) * height <= region.top + region.height + 2)
        }
      }
    }),
  )
  assert.ok(sizes.size <= 8, `${sizes.size} sizes of crops: each costs the detector a table`)
})

test('somebody far away gets a crop of half the model’s input, the same thing near the door a large one', () => {
  const [far] = planRegions([thing(0.5, 0.3, 0.02, 0.08)], INPUT)
  assert.deepEqual([far?.region.width, far?.region.height], [208, 208])
  const [near] = planRegions([thing(0.4, 0.2, 0.15, 0.35)], INPUT)
  assert.ok((near?.region.width ?? 0) > 360)
})

test('motion where large things were seen is given room, where small ones were seen it is not; else both by turns', () => {
  const motion = moved(0.5, 0.4, 0.03, 0.05)
  const widthWith = (size: number | null, turn = 0): number =>
    planRegions([motion], { ...INPUT, turn, sizeAt: () => size })[0]?.region.width ?? 640
  assert.equal(widthWith(0.1), 208)
  assert.equal(widthWith(0.1, 1), 208)
  assert.ok(widthWith(0.4) > 400)
  assert.equal(widthWith(null), 208)
  assert.ok(widthWith(null, 1) > 350)
})

test('neighbours share a region, two corners get two, and what fills the picture gets the whole of it', () => {
  assert.equal(planRegions([thing(0.4, 0.4, 0.02, 0.08), thing(0.45, 0.42, 0.02, 0.08)], INPUT).length, 1)
  assert.equal(planRegions([thing(0.02, 0.1, 0.02, 0.08), thing(0.95, 0.85, 0.02, 0.08)], INPUT).length, 2)
  assert.equal(planRegions([thing(0.1, 0.05, 0.8, 0.9)], INPUT).length, 0)
})

const seen = (box: Box, score = 0.8, isCut = false, name: RegionDetection['class'] = 'person'): RegionDetection => ({
  ...{ class: name, score, box, isCut },
})

test('a box is put back to its place in the frame, and known to be cut only at edges that are not the frame’s', () => {
  const region = { left: 320, top: 0, width: 320, height: 180 }
  const frame = { width: 640, height: 360 }
  const whole = toFrame({ class: 'person', score: 0.8, box: { x: 0.25, y: 0, width: 0.5, height: 0.5 } }, region, frame)
  assert.deepEqual(whole.box, { x: 0.625, y: 0, width: 0.25, height: 0.25 })
  const cutAt = (box: Box): boolean => toFrame({ class: 'person', score: 0.8, box }, region, frame).isCut
  assert.equal(cutAt({ x: 0.7, y: 0, width: 0.3, height: 0.5 }), false, 'the top and right edges are the frame’s')
  assert.equal(cutAt({ x: 0, y: 0.2, width: 0.3, height: 0.5 }), true)
  assert.equal(cutAt({ x: 0.4, y: 0.6, width: 0.3, height: 0.4 }), true)
})

test('one thing in two regions is one; a part of it at a region’s edge says nothing new', () => {
  const whole = seen({ x: 0.4, y: 0.3, width: 0.1, height: 0.3 }, 0.7)
  const again = seen({ x: 0.401, y: 0.3, width: 0.1, height: 0.3 }, 0.6)
  const part = seen({ x: 0.4, y: 0.3, width: 0.1, height: 0.12 }, 0.9, true)
  assert.deepEqual(
    joinSeen([part, again, whole]).detections.map(({ score }) => score),
    [0.7],
  )
  assert.deepEqual(joinSeen([part, again, whole]).cut, [])
})

test('a cat in one region that is a dog in the other is one thing; a person on a bicycle is two', () => {
  const box = { x: 0.4, y: 0.3, width: 0.1, height: 0.1 }
  assert.equal(joinSeen([seen(box, 0.8, false, 'cat'), seen(box, 0.6, false, 'dog')]).detections.length, 1)
  assert.equal(joinSeen([seen(box), seen(box, 0.6, false, 'bicycle')]).detections.length, 2)
})

test('of what is only half seen nothing new begins, and the next look has room for all of it', () => {
  const part = seen({ x: 0.4, y: 0.3, width: 0.1, height: 0.12 }, 0.65, true)
  const { detections, cut } = joinSeen([part])
  assert.ok((detections[0]?.score ?? 1) < 0.42)
  const [wanted] = wantedBoxes({ tracks: [], motion: [], cut, at: 0 })
  const [next] = planRegions(wanted ? [wanted] : [], INPUT)
  assert.ok((next?.region.height ?? 0) >= 2 * 0.12 * 360)
})
