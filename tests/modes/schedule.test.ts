import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { WEEKDAYS } from '../../appliance/src/api/risk.ts'
import { latestPoint, scheduledChange } from '../../appliance/src/modes/schedule.ts'
import { answeredArp } from '../../appliance/src/modes/presence/presence-probe.ts'
import {
  afterLook,
  afterWord,
  houseState,
  personState,
  type KnownDevice,
} from '../../appliance/src/modes/presence/presence-rules.ts'

const timeZone = 'Europe/Berlin'
const everyDay = [...WEEKDAYS]
const nights = [
  { mode: 'night' as const, weekdays: everyDay, at: '22:30' },
  { mode: 'home' as const, weekdays: everyDay, at: '06:30' },
]

describe('J9 the schedule of the modes', () => {
  test('changes at its moment, in the time of the home, on days of 23 and 25 hours too', () => {
    for (const [now, expected] of [
      [Date.UTC(2026, 2, 28, 21, 29), 'home'],
      [Date.UTC(2026, 2, 28, 21, 30), 'night'],
      [Date.UTC(2026, 2, 29, 4, 29), 'night'],
      [Date.UTC(2026, 2, 29, 4, 30), 'home'],
      [Date.UTC(2026, 9, 25, 5, 30), 'home'],
      [Date.UTC(2026, 9, 25, 21, 30), 'night'],
    ] as const)
      assert.equal(latestPoint(nights, now, timeZone)?.mode, expected, new Date(now).toISOString())
  })

  test('a minute that does not exist that night counts as the one an hour later', () => {
    const odd = [{ mode: 'night' as const, weekdays: everyDay, at: '02:30' }]
    assert.equal(latestPoint(odd, Date.UTC(2026, 2, 29, 1, 29), timeZone)?.at, Date.UTC(2026, 2, 28, 1, 30))
    assert.equal(latestPoint(odd, Date.UTC(2026, 2, 29, 1, 30), timeZone)?.at, Date.UTC(2026, 2, 29, 1, 30))
  })

  test('counts once: not after somebody chose, nor for what lay before it was made; nobody away is brought home', () => {
    const now = Date.UTC(2026, 5, 1, 20, 31)
    const asked = { schedule: nights, scheduleSince: 0, chosenAt: 0, now, timeZone } as const
    assert.equal(scheduledChange({ ...asked, mode: 'home' }), 'night')
    assert.equal(scheduledChange({ ...asked, mode: 'disarmed' }), 'night')
    assert.equal(scheduledChange({ ...asked, mode: 'away' }), null)
    assert.equal(scheduledChange({ ...asked, mode: 'night' }), null)
    assert.equal(scheduledChange({ ...asked, mode: 'home', chosenAt: now - 30_000 }), null)
    assert.equal(scheduledChange({ ...asked, mode: 'home', scheduleSince: now - 30_000 }), null)
    assert.equal(scheduledChange({ ...asked, mode: 'home', schedule: [] }), null)
  })
})

describe('J9 who is home', () => {
  const phone: KnownDevice = { id: 'a', userId: 'ada', kind: 'wifi', state: 'unknown', since: null, seenAt: null }
  const AWAY_AFTER_MS = 600_000

  test('a phone that sleeps is not away; one that is not seen for long is; one that is seen is home at once', () => {
    let device = afterLook(phone, false, 1_000, AWAY_AFTER_MS)
    assert.equal(device.state, 'unknown')
    device = afterLook(device, true, 2_000, AWAY_AFTER_MS)
    assert.deepEqual([device.state, device.since], ['home', 2_000])
    device = afterLook(device, false, 2_000 + AWAY_AFTER_MS - 1, AWAY_AFTER_MS)
    assert.equal(device.state, 'home')
    device = afterLook(device, false, 2_000 + AWAY_AFTER_MS, AWAY_AFTER_MS)
    assert.deepEqual([device.state, device.since], ['away', 2_000 + AWAY_AFTER_MS])
    assert.equal(afterLook(device, true, 9e9, AWAY_AFTER_MS).state, 'home')
    // A clock that was set back makes nobody leave.
    assert.equal(afterLook({ ...device, state: 'home', seenAt: 9e9 }, false, 5, AWAY_AFTER_MS).state, 'home')
  })

  test('one phone at home is enough; all must be away to be away; a house nobody tells of is not empty', () => {
    const home = afterWord({ ...phone, kind: 'geofence' }, 'home', 5)
    const away = afterWord({ ...phone, kind: 'geofence' }, 'away', 7)
    assert.equal(personState([home, away]).state, 'home')
    assert.equal(personState([away, away]).state, 'away')
    assert.equal(personState([away, phone]).state, 'unknown')
    assert.equal(personState([]).state, 'unknown')
    assert.equal(houseState([]), 'unknown')
    assert.equal(houseState(['away', 'unknown']), 'unknown')
    assert.equal(houseState(['away', 'away']), 'empty')
    assert.equal(houseState(['away', 'home']), 'lived-in')
  })

  test('the table of the kernel says who answered', () => {
    const table = [
      'IP address       HW type     Flags       HW address            Mask     Device',
      '192.168.1.20     0x1         0x2         a4:83:e7:00:11:22     *        wlan0',
      '192.168.1.21     0x1         0x0         a4:83:e7:00:11:23     *        wlan0',
      '192.168.1.22     0x1         0x2         00:00:00:00:00:00     *        wlan0',
    ].join('\n')
    assert.deepEqual(
      ['192.168.1.20', '192.168.1.21', '192.168.1.22', '192.168.1.2', ''].map((ip) => answeredArp(table, ip)),
      [true, false, false, false, false],
    )
  })
})
