import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { lengthsInClip, outdated, readSegments, segmentsBetween } from '../../appliance/src/recording/segments.ts'

const T = 1_800_000_000_000

it('believes the time of birth when it fits the name, the name otherwise', () => {
  const segments = readSegments([
    { name: '1800000002.ts', bornMs: T + 2_345, changedMs: T + 4_400 },
    { name: '1800000000.ts', bornMs: T + 99_000, changedMs: T + 2_340 },
    { name: 'notes.txt', bornMs: T, changedMs: T },
    { name: '1800000004.ts', bornMs: 0, changedMs: T + 5_000 },
  ])
  assert.deepEqual(
    segments.map((segment) => segment.startMs),
    [T, T + 2_345, T + 4_000],
  )
})

it('picks every segment that shows something of the time, and no other', () => {
  const starts = fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(
      starts,
      fc.integer({ min: 0, max: 520_000 }),
      fc.integer({ min: 1, max: 60_000 }),
      (seconds, from, length) => {
        const files = seconds.map((second) => ({
          name: `${1_800_000_000 + second}.ts`,
          bornMs: 0,
          changedMs: T + second * 1_000 + 1_000,
        }))
        const segments = readSegments(files)
        const [fromMs, toMs] = [T + from, T + from + length]
        const picked = segmentsBetween(segments, fromMs, toMs)
        for (const segment of segments) {
          const shows = segment.startMs < toMs && segment.endMs > fromMs
          if (shows) assert.ok(picked.includes(segment))
          if (segment.startMs >= toMs || segment.endMs + 1_500 <= fromMs) assert.ok(!picked.includes(segment))
        }
        const total = lengthsInClip(picked).reduce((sum, each) => sum + each, 0)
        const last = picked.at(-1)
        if (last && picked[0]) assert.equal(total, last.endMs - picked[0].startMs)
      },
    ),
  )
})

it('throws away what is old, and what a corrected clock put into the future', () => {
  const segments = [
    { file: 'old', startMs: T - 400_000, endMs: T - 398_000, masked: false },
    { file: 'kept', startMs: T - 4_000, endMs: T - 2_000, masked: false },
    { file: 'future', startMs: T + 86_400_000, endMs: T + 86_402_000, masked: false },
  ]
  assert.deepEqual(outdated(segments, T, 300_000), ['old', 'future'])
})
