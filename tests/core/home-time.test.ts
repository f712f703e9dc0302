import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  clockOf,
  dateOf,
  dayKey,
  dayLater,
  epochOfHomeTime,
  homeClock,
  homeTimeOf,
  isBetween,
  isWithin,
  minuteOf,
  startOfDay,
} from '../../appliance/src/core/home-time.ts'

const BERLIN = 'Europe/Berlin'
const ZONES = [BERLIN, 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC', 'America/Sao_Paulo']

describe('times of the home', () => {
  test('are those of the clock on the wall, on days of 23 and 25 hours too', () => {
    assert.deepEqual(homeTimeOf(Date.UTC(2026, 2, 29, 0, 59), BERLIN), {
      ...{ year: 2026, month: 3, day: 29, weekday: 6, hour: 1, minute: 119 },
    })
    assert.equal(homeClock(Date.UTC(2026, 2, 29, 1, 0), BERLIN), '03:00')
    assert.equal(homeClock(Date.UTC(2026, 9, 25, 0, 30), BERLIN), '02:30')
    assert.equal(homeClock(Date.UTC(2026, 9, 25, 1, 30), BERLIN), '02:30')
  })

  test('a minute that is skipped in spring is as long after the change; of two in autumn the first is meant', () => {
    const spring = { year: 2026, month: 3, day: 29 }
    assert.equal(homeClock(epochOfHomeTime(spring, 150, BERLIN), BERLIN), '03:30')
    assert.equal(epochOfHomeTime({ year: 2026, month: 10, day: 25 }, 150, BERLIN), Date.UTC(2026, 9, 25, 0, 30))
  })

  test('there and back again is the same, in every zone and on every day', () => {
    const minute = fc.integer({ min: 0, max: 1_439 })
    const day = fc.integer({ min: 0, max: 4_000 })
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), day, minute, (zone, days, wanted) => {
        const date = dayLater({ year: 2020, month: 1, day: 1 }, days)
        const at = epochOfHomeTime(date, wanted, zone)
        const back = homeTimeOf(at, zone)
        const isSkipped = back.minute !== wanted
        assert.deepEqual([back.year, back.month, back.day], [date.year, date.month, date.day])
        // What was skipped comes later by what was skipped: half an hour on Lord Howe, an hour elsewhere.
        if (isSkipped) assert.ok([30, 60].includes(back.minute - wanted), `${back.minute} for ${wanted}`)
        // Never the second of two.
        if (!isSkipped)
          for (const back of [30, 60]) assert.notEqual(homeTimeOf(at - back * 60_000, zone).minute, wanted)
      }),
    )
  })

  test('a day begins at its midnight, also where clocks change then', () => {
    const zones = fc.constantFrom(
      ...ZONES,
      'Pacific/Kiritimati',
      'Pacific/Pago_Pago',
      'America/Santiago',
      'Asia/Beirut',
    )
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 4_000 }), (zone, days) => {
        const date = dayLater({ year: 2020, month: 1, day: 1 }, days)
        const start = startOfDay(date, zone)
        assert.equal(dayKey(homeTimeOf(start, zone)), dayKey(date))
        assert.notEqual(dayKey(homeTimeOf(start - 1, zone)), dayKey(date))
        assert.deepEqual(dateOf(dayKey(date)), date)
      }),
    )
  })

  test('a minute lies between two times, past midnight too', () => {
    assert.ok(isBetween(minuteOf('23:30'), minuteOf('22:00'), minuteOf('06:00')))
    assert.ok(isBetween(minuteOf('05:59'), minuteOf('22:00'), minuteOf('06:00')))
    assert.ok(!isBetween(minuteOf('06:00'), minuteOf('22:00'), minuteOf('06:00')))
    assert.ok(isBetween(0, 600, 600), 'the whole day')
    fc.assert(fc.property(fc.integer({ min: 0, max: 1_439 }), (minute) => minuteOf(clockOf(minute)) === minute))
  })

  test('a window over midnight belongs to the day on which it begins', () => {
    const friday = { weekdays: [4], fromMinute: 22 * 60, toMinute: 7 * 60 }
    const at = (weekday: number, hour: number) => ({ weekday, minute: hour * 60 })
    assert.ok(isWithin(friday, at(4, 23)))
    assert.ok(isWithin(friday, at(5, 6)))
    assert.ok(!isWithin(friday, at(4, 6)))
    assert.ok(!isWithin(friday, at(5, 7)))
    assert.ok(isWithin({ ...friday, toMinute: friday.fromMinute }, at(4, 3)))
  })
})
