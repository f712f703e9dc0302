import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { certificateId, pauseAfterAdvice, pickMoment, windowIn } from '../../../appliance/src/tls/acme/ari.ts'

const NOW_MS = Date.UTC(2027, 0, 1)

describe('SEC-B4 what an authority advises (RFC 9773)', () => {
  test("the name of a certificate is that of the RFC's example", () => {
    const name = certificateId('69885B6B8746404 1E1B37B847BA0AE2CDE01C8D4'.replaceAll(' ', ''), '87654321')
    assert.equal(name, 'aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE')
    assert.equal(certificateId('00', '7F'), 'AA.fw')
    assert.equal(certificateId('00', '123'), 'AA.ASM', 'an odd number of digits')
  })

  test('the moment lies in the window, wherever the dice fall', () => {
    fc.assert(
      fc.property(
        fc.nat(1e9),
        fc.integer({ min: 1, max: 1e9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (from, length, fraction) => {
          const window = { startMs: from, endMs: from + length }
          for (const moment of [pickMoment(window), pickMoment(window, fraction)])
            assert.ok(moment >= window.startMs && moment <= window.endMs)
        },
      ),
    )
  })

  test('only a window that ends after it begins is one', () => {
    const body = (start: string, end: string): string => JSON.stringify({ suggestedWindow: { start, end } })
    const [early, late] = ['2027-01-03T04:00:00Z', '2027-01-05T04:00:00+01:00']
    assert.deepEqual(windowIn(body(early, late)), { startMs: Date.parse(early), endMs: Date.parse(late) })
    for (const bad of [body(late, early), body(early, early), body('soon', late), '{}', 'null', '<html>', ''])
      assert.equal(windowIn(bad), null)
    fc.assert(fc.property(fc.string(), (text) => windowIn(text) === null))
  })

  test('it is asked again as it says, within a minute and a day', () => {
    const hours = (header: string | undefined): number => pauseAfterAdvice(header, NOW_MS) / 3_600_000
    assert.deepEqual([hours(undefined), hours('21600'), hours('10800'), hours('soon')], [6, 6, 3, 6])
    assert.deepEqual([hours('0'), hours('99999999')], [1 / 60, 24])
    assert.equal(hours(new Date(NOW_MS + 7_200_000).toUTCString()), 2)
  })
})
