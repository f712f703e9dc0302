import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { ageWords, backupName } from '../../appliance/src/backup/files.ts'
import { isDue, whichGo } from '../../appliance/src/backup/which-stay.ts'

const ZONE = 'Europe/Berlin'
const DAY_MS = 24 * 60 * 60_000
/** Three at night and a bit, in Berlin. A Monday. */
const MONDAY = Date.UTC(2026, 10, 2, 2, 7)

/** What is there after so many nights, each made and then thinned out. */
function afterNights(count: number, kept = { daily: 7, weekly: 4 }): number[] {
  let times: number[] = []
  for (let night = 0; night < count; night++) {
    times.push(MONDAY + night * DAY_MS)
    const going = new Set(whichGo(times, kept, ZONE))
    times = times.filter((at) => !going.has(at))
  }
  return times.map((at) => (MONDAY + (count - 1) * DAY_MS - at) / DAY_MS).reverse()
}

describe('which backups stay', () => {
  test('seven days, then the last one of each of four weeks before them', () => {
    // The 60th night is that of a Thursday: 11, 18, 25 and 32 days before it were Sundays.
    assert.deepEqual(afterNights(60), [0, 1, 2, 3, 4, 5, 6, 7, 11, 18, 25])
    assert.deepEqual(afterNights(3), [0, 1, 2])
    assert.deepEqual(afterNights(60, { daily: 2, weekly: 0 }), [0, 1])
  })

  test('of one day the last one is kept; a box that was off for weeks loses nothing over it', () => {
    const noon = MONDAY + 9 * 60 * 60_000
    assert.deepEqual(whichGo([MONDAY, noon], { daily: 7, weekly: 0 }, ZONE), [MONDAY])
    const old = [MONDAY - 200 * DAY_MS, MONDAY - 100 * DAY_MS, MONDAY]
    assert.deepEqual(whichGo(old, { daily: 7, weekly: 4 }, ZONE), [])
  })

  test('the newest always stays, and never more than are wanted', () => {
    const time = fc.integer({ min: MONDAY - 400 * DAY_MS, max: MONDAY })
    fc.assert(
      fc.property(
        fc.uniqueArray(time, { minLength: 1, maxLength: 60 }),
        fc.record({ daily: fc.integer({ min: 1, max: 10 }), weekly: fc.integer({ min: 0, max: 6 }) }),
        (times, kept) => {
          const going = new Set(whichGo(times, kept, ZONE))
          const stay = times.filter((at) => !going.has(at))
          assert.ok(stay.includes(Math.max(...times)))
          assert.ok(stay.length <= kept.daily + kept.weekly)
          assert.deepEqual(whichGo(stay, kept, ZONE), [], 'what stays would stay again')
        },
      ),
    )
  })
})

test('one is due a day, after three by the clock of the home', () => {
  assert.equal(isDue([], Date.UTC(2026, 10, 2, 1, 59), ZONE), false)
  assert.equal(isDue([], Date.UTC(2026, 10, 2, 2, 0), ZONE), true)
  assert.equal(isDue([MONDAY], MONDAY + 20 * 60 * 60_000, ZONE), false, 'the same day')
  assert.equal(isDue([MONDAY], MONDAY + DAY_MS, ZONE), true)
  assert.equal(isDue([MONDAY], MONDAY + DAY_MS + 10 * 60 * 60_000, ZONE), true, 'the box was off at night')
})

test('names say when, ages are for people', () => {
  assert.equal(backupName(Date.UTC(2026, 10, 2, 2, 7, 5, 9)), 'lares-20261102T020705Z.db')
  const ages = [1, 60, 60 * 47, 60 * 48, 60 * 24 * 9].map((minutes) => ageWords(MONDAY, MONDAY + minutes * 60_000))
  assert.deepEqual(ages, ['less than an hour old', '1 hour old', '47 hours old', '2 days old', '9 days old'])
})
