import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMotionWatcher } from '../../appliance/src/vision/motion/index.ts'
import { SEEDS_FOR_MAKING, truthClip } from '../fakes/truth/clips.ts'
import { CLIP_NAMES, scoreClip } from '../fakes/truth/score.ts'

const SEED = SEEDS_FOR_MAKING[0] as number
/** What it reaches, less one figure of eighteen, so that a change which sees less is noticed. `npm run bench motion` has the goals. */
const LEAST: Readonly<Record<string, { recall: number; falseFrames: number }>> = {
  still: { recall: 1, falseFrames: 0 },
  day: { recall: 0.94, falseFrames: 0.01 },
  night: { recall: 0.88, falseFrames: 0.02 },
  foliage: { recall: 0.88, falseFrames: 0.04 },
  light: { recall: 0.88, falseFrames: 0.02 },
  infrared: { recall: 0.88, falseFrames: 0.02 },
  lightning: { recall: 0.88, falseFrames: 0.03 },
  clock: { recall: 0.94, falseFrames: 0.02 },
  rain: { recall: 0.88, falseFrames: 0.06 },
  snow: { recall: 0.83, falseFrames: 0.05 },
  insects: { recall: 0.94, falseFrames: 0.02 },
  headlights: { recall: 0.88, falseFrames: 0.05 },
}

for (const name of CLIP_NAMES) {
  test(`motion on drawn truth: ${name}`, () => {
    const { recall, falseFrames, missed } = scoreClip(createMotionWatcher(), name, SEED)
    const least = LEAST[name]
    assert.ok(least, 'a new clip needs its figures here')
    assert.ok(recall >= least.recall, `recall ${recall}: ${missed.join(', ')}`)
    assert.ok(falseFrames <= least.falseFrames, `false frames ${falseFrames}`)
  })
}

test('who walks through the pool of a passing headlight is seen in it, not only before and after', () => {
  const { frameRecall } = scoreClip(createMotionWatcher(), 'headlights', SEED)
  assert.ok(frameRecall >= 0.9, `in ${frameRecall} of all frames`)
})

test('a watcher that sleeps on a still scene notices who comes in the same frame as one that is awake', () => {
  const asleep = createMotionWatcher()
  const awake = createMotionWatcher()
  const farAway = [{ x: 0, y: 0, width: 0.01, height: 0.01 }]
  let [sleeping, later] = [0, 0]
  const first = new Map<number, { asleep?: number; awake?: number }>()
  for (const { frame, atS, sights } of truthClip('day', SEED)) {
    const quiet = asleep.watch(frame, [])
    const full = awake.watch(frame, farAway)
    if (quiet.isAsleep) sleeping++
    assert.equal(full.isAsleep, false, 'who is followed keeps it awake')
    for (const { id } of sights) {
      const seen = first.get(id) ?? {}
      if (quiet.boxes.length > 0) seen.asleep ??= atS
      if (full.boxes.length > 0) seen.awake ??= atS
      first.set(id, seen)
    }
  }
  for (const seen of first.values()) if ((seen.asleep ?? 999) > (seen.awake ?? 999)) later++
  assert.ok(sleeping > 30, `asleep in ${sleeping} frames`)
  assert.ok(later <= 1, `${later} of 18 noticed later`)
})
