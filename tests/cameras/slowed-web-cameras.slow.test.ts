// Twenty cameras whose pictures come over HTTP on a box that cannot keep up: real cameras, real decoding, the pace given.
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { PaceMember, PaceStep } from '../../appliance/src/cameras/pace.ts'
import { pacedGapMs } from '../../appliance/src/cameras/pace.ts'
import { parseSource, runSource, type RunDeps, type Runner } from '../../appliance/src/cameras/sources/index.ts'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { createLog } from '../../appliance/src/core/log.ts'
import { startWebCamera, type WebCamera } from '../fakes/web-camera.ts'
import { until } from './box.ts'

const WATCHED_MS = 4_000
let camera: WebCamera
before(async () => {
  camera = await startWebCamera({ width: 64, height: 48 })
})
after(() => camera.stop())

function createGivenPace() {
  const members = new Set<PaceMember>()
  let step: PaceStep = 'full'
  const pace = {
    ...{ name: 'pace', start: async () => undefined, stop: async () => undefined, step: () => step },
    join(member: PaceMember) {
      members.add(member)
      return () => void members.delete(member)
    },
  }
  const set = (next: PaceStep): void => {
    step = next
    for (const member of members) member.onPace(step)
  }
  return { pace, members, set }
}

it('20 cameras on a small box: MJPEG and stills are looked at less often, in steps, and say so', async () => {
  const { pace, members, set } = createGivenPace()
  const log = createLog({ level: 'error', destination: { write: () => undefined } })
  const counts = Array.from({ length: 20 }, () => 0)
  const runners: Runner[] = counts.map((_, n) => {
    const isStill = n % 2 === 1
    const source = isStill
      ? { kind: 'still' as const, url: `${camera.url}/snapshot.jpg`, intervalS: 0.5 }
      : { kind: 'mjpeg' as const, url: `${camera.url}/video.mjpg` }
    const deps = {
      ...{
        cameraId: `camera-${n}`,
        cameraName: `Camera ${n}`,
        clock: systemClock,
        log,
        pace,
        mayReach: () => true,
        mayRecord: () => false,
      },
      ...{ onFrame: () => void counts[n]!++, onStatus: () => undefined },
    }
    return runSource(parseSource(source), deps as unknown as RunDeps)
  })
  await Promise.all(runners.map((runner) => runner.start()))
  try {
    await until('all live', () => runners.every((runner) => runner.status().state === 'live'), 30_000)
    assert.equal(members.size, 20)
    const seen: Record<string, { mjpeg: number; still: number }> = {}
    for (const step of ['full', 'half', 'key'] as const) {
      set(step)
      await wait(1_000)
      counts.fill(0)
      await wait(WATCHED_MS)
      const mean = (parity: number): number =>
        counts.filter((_, n) => n % 2 === parity).reduce((sum, each) => sum + each, 0) / 10
      seen[step] = { mjpeg: mean(0), still: mean(1) }
      assert.ok(
        runners.every((runner) => runner.status().streams?.pace === step),
        step,
      )
      assert.ok(
        runners.every((runner) => runner.status().state === 'live'),
        step,
      )
    }
    const { full, half, key } = seen as Record<PaceStep, { mjpeg: number; still: number }>
    for (const kind of ['mjpeg', 'still'] as const) {
      assert.ok(half[kind] <= full[kind] * 0.75, `${kind}: ${half[kind]} of ${full[kind]}`)
      assert.ok(key[kind] <= full[kind] * 0.45 && key[kind] > 0, `${kind}: ${key[kind]} of ${full[kind]}`)
    }
    for (const member of members) {
      const share = member.takeShare()
      assert.ok(share === null || (share >= 0 && share <= 1), String(share))
    }
  } finally {
    await Promise.all(runners.map((runner) => runner.stop()))
  }
  assert.equal(members.size, 0, 'who stops no longer counts')
})

it('what comes rarely anyway is hardly made rarer', () => {
  assert.deepEqual(
    [200, 1_000, 5_000, 60_000].map((gapMs) => pacedGapMs(gapMs, 'key')),
    [1_000, 5_000, 10_000, 60_000],
  )
  assert.equal(pacedGapMs(200, 'half'), 400)
})
