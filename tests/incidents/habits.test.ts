import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Expectation } from '../../appliance/src/api/risk.ts'
import { openTestDatabase } from '../../appliance/src/db/testing.ts'
import {
  decayed,
  HALF_LIFE_MS,
  usualnessOf,
  watchedWeeks,
  type Slot,
} from '../../appliance/src/incidents/risk/baseline.ts'
import {
  countVisit,
  forgetCamera,
  noteWatched,
  slotsOf,
  WHOLE_CAMERA,
  watchedSince,
} from '../../appliance/src/incidents/risk/baseline-store.ts'
import { fitting } from '../../appliance/src/incidents/risk/expectations.ts'
import { minuteOf } from '../../appliance/src/core/home-time.ts'
import { plugNews, switchedNames } from '../../appliance/src/incidents/risk/plug-watch.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 6, 1, 12)

/** The post at ten on every weekday for eight weeks. */
const post: Slot[] = [0, 1, 2, 3, 4, 5].map((weekday) => ({ weekday, hour: 10, visits: 6, updatedAt: NOW - 3 * DAY }))

describe('what is usual at an hour', () => {
  const watch = { since: NOW - 56 * DAY, now: NOW, weekday: 2, hour: 10 }

  it('is told from what is not', () => {
    assert.equal(usualnessOf(post, watch).state, 'usual')
    assert.equal(usualnessOf(post, { ...watch, hour: 3 }).state, 'unusual')
    assert.equal(usualnessOf(post, { ...watch, hour: 11 }).state, 'ordinary', 'an hour later is not so odd')
  })

  it('is not said before there is enough history', () => {
    assert.equal(usualnessOf(post, { ...watch, since: NOW - 13 * DAY }).state, 'learning')
    assert.equal(usualnessOf(post, { ...watch, since: null }).state, 'learning')
    assert.equal(usualnessOf(post.slice(0, 1), watch).state, 'learning')
  })

  it('fades: what has not come for half a year is unusual again, and then unknown', () => {
    const later = NOW + 60 * DAY
    const often = post.map((slot) => ({ ...slot, visits: 20 }))
    assert.equal(usualnessOf(often, { ...watch, now: later, weekday: 6, hour: 3 }).state, 'unusual')
    assert.equal(usualnessOf(post, { ...watch, now: NOW + 365 * DAY }).state, 'learning')
  })

  it('decays by half in a half-life, never grows, and a week a week stays at one visit a week', () => {
    assert.equal(decayed(8, NOW, NOW + HALF_LIFE_MS), 4)
    assert.equal(decayed(8, NOW, NOW - DAY), 8)
    let visits = 0
    for (let week = 0; week < 20; week++)
      visits = decayed(visits, NOW + week * 7 * DAY - 7 * DAY, NOW + week * 7 * DAY) + 1
    assert.ok(Math.abs(visits / watchedWeeks(NOW - 140 * DAY, NOW) - 1) < 0.05)
  })

  it('is kept in one row for each hour of the week, and forgotten with its camera', async () => {
    const database = await openTestDatabase()
    try {
      const { writer } = database
      await noteWatched(writer, 'cam', NOW - DAY)
      await noteWatched(writer, 'cam', NOW)
      assert.equal(await watchedSince(writer, 'cam'), NOW - DAY)
      const visit = { cameraId: 'cam', zoneId: WHOLE_CAMERA, class: 'person' as const, weekday: 2, hour: 10 }
      await countVisit(writer, { ...visit, at: NOW - HALF_LIFE_MS })
      await countVisit(writer, { ...visit, at: NOW })
      assert.deepEqual(
        (await slotsOf(writer, 'cam', 'person', WHOLE_CAMERA)).map((slot) => [slot.weekday, slot.hour, slot.visits]),
        [[2, 10, 1.5]],
      )
      await forgetCamera(writer, 'cam')
      assert.deepEqual(
        [await slotsOf(writer, 'cam', 'person', WHOLE_CAMERA), await watchedSince(writer, 'cam')],
        [[], null],
      )
    } finally {
      await database.close()
    }
  })
})

describe('who is expected', () => {
  const post: Expectation = {
    ...{ id: 'a', createdAt: 1, name: 'Post', who: 'visitor', classes: ['person', 'truck'], cameras: ['door'] },
    ...{ weekdays: ['monday', 'tuesday'], from: '10:00', to: '12:00', enabled: true },
  }
  const at = (weekday: number, clock: string) => ({ weekday, minute: minuteOf(clock) })
  const asks = (list: Expectation[], seen: Partial<Parameters<typeof fitting>[1]> = {}) =>
    fitting(list, { cameraId: 'door', classes: ['person'], time: at(0, '10:30'), ...seen })?.name ?? null

  it('fits by camera, class, weekday and time, and only while it is switched on', () => {
    assert.equal(asks([post]), 'Post')
    assert.equal(asks([post], { cameraId: 'yard' }), null)
    assert.equal(asks([{ ...post, cameras: null }], { cameraId: 'yard' }), 'Post')
    assert.equal(asks([post], { classes: ['person', 'dog'] }), null, 'a dog that nobody expects came along')
    assert.equal(asks([post], { classes: ['person', 'truck'] }), 'Post')
    assert.equal(asks([post], { time: at(2, '10:30') }), null)
    assert.equal(asks([post], { time: at(0, '12:00') }), null)
    assert.equal(asks([{ ...post, enabled: false }]), null)
    assert.equal(asks([post], { classes: [] }), null)
  })

  it('what reaches past midnight belongs to the evening on which it began', () => {
    const shift: Expectation = { ...post, weekdays: ['sunday'], from: '22:00', to: '06:00' }
    assert.equal(asks([shift], { time: at(6, '23:00') }), 'Post')
    assert.equal(asks([shift], { time: at(0, '05:00') }), 'Post')
    assert.equal(asks([shift], { time: at(6, '05:00') }), null)
  })
})

describe('the plugs at the time', () => {
  const light = { id: 'l', name: 'Porch light', on: false, powerMw: 0 }
  const kettle = { id: 'k', name: 'Kettle', on: true, powerMw: 2_000_000 }

  it('are all written at the beginning, then those that changed', () => {
    const first = plugNews(null, [light, kettle], 1)
    assert.deepEqual(
      first.rows.map(({ name }) => name),
      ['Porch light', 'Kettle'],
    )
    const second = plugNews(first.now, [{ ...light, on: true }, kettle], 2)
    assert.deepEqual(second.rows, [{ at: 2, plugId: 'l', name: 'Porch light', on: true, powerMw: 0 }])
    assert.deepEqual(plugNews(second.now, [{ ...light, on: true }], 3).rows, [])
    assert.deepEqual(switchedNames([...first.rows, ...second.rows]), ['Porch light'])
  })
})
