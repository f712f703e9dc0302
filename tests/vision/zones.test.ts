import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Box } from '../../appliance/src/api/common.ts'
import { cameraZonesBody, NO_ZONES, type CameraZones, type Point, type Polygon } from '../../appliance/src/api/zones.ts'
import type { LaresError } from '../../appliance/src/core/errors.ts'
import { checkedZones } from '../../appliance/src/vision/zones/checked.ts'
import { createZoneFollower } from '../../appliance/src/vision/zones/follow.ts'
import { areaOfPolygon, crossesItself, doMeet, footOf, isInside } from '../../appliance/src/vision/zones/geometry.ts'
import { siftDetections, siftMotion } from '../../appliance/src/vision/zones/sift.ts'
import type { Detection, SeenTrack, ZoneEvent } from '../../appliance/src/vision/types.ts'

const share = fc.integer({ min: 0, max: 1_000 }).map((n) => n / 1_000)
const point = fc.record({ x: share, y: share })
/** Points around a middle, sorted by angle: never crosses itself. */
const star = fc
  .array(fc.record({ angle: fc.integer({ min: 0, max: 359 }), reach: fc.integer({ min: 10, max: 40 }) }), {
    ...{ minLength: 3, maxLength: 12 },
  })
  .map((spokes) => [...new Map(spokes.map((spoke) => [spoke.angle, spoke])).values()].sort((a, b) => a.angle - b.angle))
  .filter((spokes) => spokes.length >= 3 && widestGap(spokes.map(({ angle }) => angle)) < 175)
  .map((spokes) =>
    spokes.map(({ angle, reach }) => ({
      x: 0.5 + (Math.cos((angle * Math.PI) / 180) * reach) / 100,
      y: 0.5 + (Math.sin((angle * Math.PI) / 180) * reach) / 100,
    })),
  )
const widestGap = (angles: number[]): number =>
  Math.max(...angles.map((angle, n) => ((angles[(n + 1) % angles.length] ?? 0) - angle + 360) % 360))

const SQUARE: Polygon = [
  { x: 0.2, y: 0.2 },
  { x: 0.8, y: 0.2 },
  { x: 0.8, y: 0.8 },
  { x: 0.2, y: 0.8 },
]

describe('zones: geometry', () => {
  it('a point is inside a square as its coordinates say', () => {
    fc.assert(
      fc.property(point, (p) => {
        const inside = p.x >= 0.2 && p.x <= 0.8 && p.y >= 0.2 && p.y <= 0.8
        assert.equal(isInside(p, SQUARE), inside)
      }),
    )
  })

  it('does not depend on where a polygon begins, nor on which way round it goes', () => {
    fc.assert(
      fc.property(star, point, fc.nat(11), (polygon, p, turn) => {
        const turned = polygon.map((_, n) => polygon[(n + turn) % polygon.length] as Point)
        assert.equal(isInside(p, turned), isInside(p, polygon))
        assert.equal(isInside(p, polygon.toReversed()), isInside(p, polygon))
      }),
    )
  })

  it('the middle of a star and its corners are inside, what is beyond its box is not; it never crosses itself', () => {
    fc.assert(
      fc.property(star, (polygon) => {
        assert.ok(isInside({ x: 0.5, y: 0.5 }, polygon))
        for (const corner of polygon) assert.ok(isInside(corner, polygon))
        assert.ok(!isInside({ x: 0.95, y: 0.5 }, polygon))
        assert.ok(!crossesItself(polygon))
        assert.ok(areaOfPolygon(polygon) > 0)
      }),
    )
  })

  it('a bow tie crosses itself, and so does what folds back on its own edge', () => {
    const [a, b, c, d] = SQUARE as [Point, Point, Point, Point]
    assert.ok(crossesItself([a, c, b, d]))
    assert.ok(crossesItself([a, b, { x: 0.5, y: 0.2 }, c]))
    assert.ok(!crossesItself(SQUARE))
  })

  it('whether two ways meet does not depend on the order; a point halfway across does', () => {
    fc.assert(
      fc.property(point, point, point, point, (a, b, c, d) => {
        assert.equal(doMeet(a, b, c, d), doMeet(c, d, a, b))
        assert.equal(doMeet(a, b, c, d), doMeet(b, a, d, c))
        assert.ok(doMeet(a, b, a, c))
      }),
    )
  })
})

const boxAt = (x: number, foot: number, height = 0.2): Box => ({ x: x - 0.05, y: foot - height, width: 0.1, height })
const seen = (x: number, foot: number): SeenTrack => ({
  ...{ id: 'a', class: 'person', score: 0.8, bestScore: 0.8, firstSeenAt: 0, lastSeenAt: 0, box: boxAt(x, foot) },
})
const DRIVE = {
  ...{ id: 'drive', name: 'Drive', kind: 'drive' as const, colour: '#35a7ff', shape: SQUARE },
  ...{ inertiaLooks: 3, loiterS: 2 },
}
const GATE = { id: 'gate', name: 'Gate', from: { x: 0.2, y: 0.5 }, to: { x: 0.8, y: 0.5 } }

/** One look each 200 ms at where somebody stands. */
function walk(zones: Partial<CameraZones>, feet: readonly [number, number][]) {
  const follower = createZoneFollower()
  const drawn = { ...NO_ZONES, ...zones }
  const events: ZoneEvent[] = []
  const visible = feet.map(([x, y], n) => {
    const { tracks, zoneEvents } = follower.look(drawn, { visible: [seen(x, y)], ended: [] }, n * 200)
    events.push(...zoneEvents)
    return tracks[0]
  })
  events.push(...follower.look(drawn, { visible: [], ended: ['a'] }, feet.length * 200).zoneEvents)
  return { events: events.map(({ what, at }) => `${what} ${String(at)}`), last: visible.at(-1), visible }
}
const times = <Value>(n: number, value: Value): Value[] => Array.from({ length: n }, () => value)
const IN: [number, number] = [0.5, 0.7]
const OUT: [number, number] = [0.5, 0.1]

describe('zones: who is where', () => {
  it('it is the foot that counts, and it stays within the picture', () => {
    assert.deepEqual(footOf({ x: 0.4, y: 0.5, width: 0.2, height: 0.7 }), { x: 0.5, y: 1 })
    assert.deepEqual(walk({ zones: [DRIVE] }, times(5, [0.5, 0.1])).events, [])
  })

  it('is entered after three looks in a row, as of the first; left alike; a flicker is neither', () => {
    const flicker = walk({ zones: [DRIVE] }, [IN, IN, OUT, IN, IN, OUT, OUT])
    assert.deepEqual(flicker.events, [])
    const { events, last } = walk({ zones: [DRIVE] }, [OUT, IN, IN, IN, OUT, IN, IN, OUT, OUT, OUT])
    assert.deepEqual(events, ['entered 200', 'left 1400'])
    assert.deepEqual(last?.zones, ['drive'])
    assert.deepEqual(
      last.visits.map(({ enteredAt, leftAt }) => [enteredAt, leftAt]),
      [[200, 1_400]],
    )
  })

  it('loiters once, when it has stayed as long as that; whoever is gone for good has left', () => {
    assert.deepEqual(walk({ zones: [DRIVE] }, times(15, IN)).events, ['entered 0', 'loitering 2000', 'left 3000'])
  })

  it('a line is crossed in to the right of its way, out to the left; once each, however it jitters', () => {
    const down: [number, number][] = [0.3, 0.4, 0.49, 0.51, 0.49, 0.52, 0.6, 0.7].map((y) => [0.5, y])
    assert.deepEqual(walk({ lines: [GATE] }, down).events, ['crossed-in 1000'])
    assert.deepEqual(walk({ lines: [GATE] }, down.toReversed()).events, ['crossed-out 1000'])
    const turned = { ...GATE, from: GATE.to, to: GATE.from }
    assert.deepEqual(walk({ lines: [turned] }, down).events, ['crossed-out 1000'])
    const { last } = walk({ lines: [GATE] }, down)
    assert.deepEqual([last?.zones, last?.visits[0]?.what], [['gate'], 'in'])
  })

  it('around the end of a line is not across it', () => {
    const around: [number, number][] = [
      [0.5, 0.4],
      [0.9, 0.4],
      [0.9, 0.6],
      [0.9, 0.6],
      [0.5, 0.6],
      [0.5, 0.6],
    ]
    assert.deepEqual(walk({ lines: [GATE] }, around).events, [])
  })

  it('whatever way somebody takes: entered and left take turns, and stays do not overlap', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (way) => {
        const { events, last } = walk(
          { zones: [{ ...DRIVE, loiterS: 0 }] },
          way.map((inside) => (inside ? IN : OUT)),
        )
        events.forEach((event, n) => assert.ok(event.startsWith(n % 2 === 0 ? 'entered' : 'left'), events.join()))
        const visits = last?.visits ?? []
        visits.forEach(({ enteredAt, leftAt }, n) => {
          assert.ok((leftAt ?? Infinity) > enteredAt)
          assert.ok(enteredAt >= (visits[n - 1]?.leftAt ?? 0))
        })
      }),
    )
  })

  it('what was told earlier does not grow behind the listener’s back', () => {
    const { visible } = walk({ zones: [DRIVE] }, times(6, IN))
    assert.equal(visible[2]?.visits[0]?.lastSeenAt, 400)
  })
})

describe('zones: what is not looked at', () => {
  const found = (change: Partial<Detection>): Detection => ({
    class: 'person',
    score: 0.8,
    box: boxAt(0.5, 0.5),
    ...change,
  })
  const ignored = [{ id: 'i', name: 'Statue', shape: SQUARE, classes: [] }]

  it('drops what stands in an ignored area, or only some classes there', () => {
    const inside = found({ box: boxAt(0.5, 0.5) })
    const outside = found({ box: boxAt(0.5, 0.15, 0.1) })
    assert.deepEqual(siftDetections({ ignored, limits: [] }, [inside, outside]), [outside])
    const cars = [{ ...ignored[0]!, classes: ['car' as const] }]
    assert.deepEqual(siftDetections({ ignored: cars, limits: [] }, [inside]), [inside])
  })

  it('drops what is too small, too large or too doubtful for its class, and nothing of others', () => {
    const limits = [{ class: 'person' as const, minHeight: 0.1, maxHeight: 0.5, minScore: 0.6 }]
    const rules = { ignored: [], limits }
    const kept = [found({}), found({ class: 'cat', score: 0.3, box: boxAt(0.5, 0.5, 0.02) })]
    const dropped = [found({ score: 0.5 }), found({ box: boxAt(0.5, 0.9, 0.6) }), found({ box: boxAt(0.5, 0.5, 0.05) })]
    assert.deepEqual(siftDetections(rules, [...kept, ...dropped]), kept)
  })

  it('movement within a motion mask does not count; what reaches out of it does', () => {
    const masks = { motionMasks: [{ id: 'm', name: 'Tree', shape: SQUARE }] }
    const within = { x: 0.3, y: 0.3, width: 0.2, height: 0.2 }
    const across = { x: 0.7, y: 0.3, width: 0.3, height: 0.2 }
    assert.deepEqual(siftMotion(masks, [within, across]), [across])
  })
})

describe('zones: what is refused', () => {
  const body = (change: object) =>
    cameraZonesBody.parse({
      ...{ zones: [], lines: [], ignored: [], motionMasks: [], privacyMasks: [], limits: [], revision: 0 },
      ...change,
    })
  const check = (change: object, before: CameraZones = NO_ZONES) => checkedZones(body(change), before, () => 'new')
  const { id: _, ...drive } = DRIVE
  const codeOf = (change: object): string => {
    try {
      check(change)
      return 'taken'
    } catch (error) {
      return (error as LaresError).code ?? ''
    }
  }

  it('edges that cross, what is too small, names that are there twice, limits that nothing fits', () => {
    const [a, b, c, d] = SQUARE as [Point, Point, Point, Point]
    assert.equal(codeOf({ zones: [drive] }), 'taken')
    assert.equal(codeOf({ zones: [{ ...drive, shape: [a, c, b, d] }] }), 'SHAPE_CROSSES_ITSELF')
    assert.equal(
      codeOf({ privacyMasks: [{ name: 'M', shape: [a, { x: 0.201, y: 0.2 }, { x: 0.2, y: 0.201 }] }] }),
      'SHAPE_TOO_SMALL',
    )
    assert.equal(codeOf({ zones: [drive, { ...drive, name: 'DRIVE' }] }), 'NAME_TAKEN')
    assert.equal(codeOf({ lines: [{ name: 'L', from: a, to: a }] }), 'LINE_TOO_SHORT')
    const limit = { class: 'person', minHeight: 0.5, maxHeight: 0.2, minScore: null }
    assert.equal(codeOf({ limits: [limit] }), 'LIMIT_EMPTY')
  })

  it('points outside the picture, two points, 33 points', () => {
    const many = Array.from({ length: 33 }, (_, n) => ({ x: n / 40, y: 0.5 }))
    for (const shape of [[...SQUARE, { x: 1.01, y: 0.5 }], SQUARE.slice(0, 2), many])
      assert.ok(
        !cameraZonesBody.safeParse(body({})).error &&
          cameraZonesBody.safeParse({ ...body({}), zones: [{ ...drive, shape }] }).error,
      )
  })

  it('keeps the ids of this camera and gives new ones to all others', () => {
    const known = crypto.randomUUID()
    const before = { ...NO_ZONES, zones: [{ ...DRIVE, id: known }] }
    const zones = [
      { ...drive, id: known },
      { ...drive, name: 'Copy', id: known },
      { ...drive, name: 'Alien', id: crypto.randomUUID() },
    ]
    assert.deepEqual(
      check({ zones }, before).zones.map(({ id }) => id),
      [known, 'new', 'new'],
    )
  })
})
