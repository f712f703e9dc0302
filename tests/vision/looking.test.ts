import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookingReply } from '../../appliance/src/api/looking.ts'
import { createLoadMeter, type CameraLoad, type LoadReport } from '../../appliance/src/vision/load.ts'
import { createLoadNotice, describeLoad } from '../../appliance/src/vision/looking.ts'
import { pictureQuality, sharpnessOf } from '../../appliance/src/vision/picture-quality.ts'
import { createFakeClock } from '../fakes/clock.ts'

const camera = (change: Partial<CameraLoad> = {}): CameraLoad => ({
  ...{ cameraId: 'yard', framesPerSecond: 5, wantedPerSecond: 4, lookedAtPerSecond: 4, looksPerSecond: 4, everyNth: 1 },
  ...change,
})
const report = (...cameras: CameraLoad[]): LoadReport => ({
  ...{ busyShare: 0.5, looksPerSecond: 12, cameras, totals: { wanted: 0, dropped: 0, looks: 0 } },
})
const behind = camera({ lookedAtPerSecond: 1 })

test('what each camera gets is said in words', () => {
  const looking = describeLoad(
    report(camera(), camera({ everyNth: 3 }), behind, camera({ wantedPerSecond: 0.2, lookedAtPerSecond: 0 })),
  )
  assert.deepEqual(looking, lookingReply.parse(looking))
  assert.deepEqual(
    looking.cameras.map(({ pace }) => pace),
    ['every', 'restless', 'busy', 'every'],
  )
  assert.match(looking.cameras[1]?.words ?? '', /every 3rd picture/)
  assert.match(looking.cameras[2]?.words ?? '', /about every 4th picture/)
})

test('the owner is told once that the box cannot keep up, after half a minute of it, and no more after half a minute without', () => {
  const told: string[] = []
  const notice = createLoadNotice({
    raise: ({ title, detail }) => void told.push(`${title}: ${detail}`),
    clear: (id) => void told.push(`clear ${id}`),
  })
  const [fine, slow] = [describeLoad(report(camera())), describeLoad(report(behind, behind))]
  notice.check(slow, 0)
  notice.check(fine, 10_000)
  notice.check(slow, 20_000)
  notice.check(slow, 45_000)
  assert.deepEqual(told, [])
  notice.check(slow, 50_000)
  notice.check(slow, 90_000)
  assert.equal(told.length, 1)
  assert.match(told[0] ?? '', /2 cameras ask for 8 looks a second.*about every 4th picture/)
  notice.check(fine, 100_000)
  notice.check(fine, 130_000)
  notice.check(fine, 170_000)
  assert.deepEqual(told.slice(1), ['clear vision.load'])
})

test('rates are those of the last seconds, right from the start, and fade when a camera falls silent', async () => {
  const clock = createFakeClock()
  const meter = createLoadMeter(clock)
  for (let i = 0; i < 25; i++) {
    meter.saw('yard', { isBusy: i % 2 === 0, isUrgent: i % 5 === 0, everyNth: 1 })
    await clock.advance(200)
  }
  const [early] = meter.report().cameras
  assert.ok(Math.abs((early?.framesPerSecond ?? 0) - 5) < 0.5)
  assert.ok(Math.abs((early?.wantedPerSecond ?? 0) - 1) < 0.3)
  await clock.advance(60_000)
  assert.ok((meter.report().cameras[0]?.framesPerSecond ?? 5) < 0.5)
  meter.forget('yard')
  assert.deepEqual(meter.report().cameras, [])
})

test('extra regions are looked at only while the detector is mostly free', () => {
  const meter = createLoadMeter(createFakeClock())
  assert.equal(meter.regionsAFrame(), 3)
  const see = (isBusy: boolean): void => meter.saw('yard', { isBusy, isUrgent: true, everyNth: 1 })
  for (let i = 0; i < 200; i++) see(i % 2 === 0)
  assert.equal(meter.regionsAFrame(), 2)
  for (let i = 0; i < 200; i++) see(true)
  assert.equal(meter.regionsAFrame(), 1)
})

/** Stripes of this width, blurred over `blur` pixels. */
function stripes(blur: number) {
  const [width, height] = [160, 90]
  const data = new Uint8Array((width * height * 3) / 2).fill(128)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0
      for (let b = 0; b < blur; b++) sum += Math.floor((x + b) / 8) % 2 === 0 ? 60 : 180
      data[y * width + x] = sum / blur
    }
  }
  return { width, height, data }
}

test('the better picture is the larger, surer, sharper and whole one', () => {
  const box = { x: 0.3, y: 0.2, width: 0.2, height: 0.6 }
  const sharp = stripes(1)
  const quality = pictureQuality(sharp, { box, score: 0.8 })
  assert.ok(quality > pictureQuality(sharp, { box: { ...box, width: 0.1, height: 0.3 }, score: 0.8 }))
  assert.ok(quality > pictureQuality(sharp, { box, score: 0.6 }))
  assert.ok(quality > pictureQuality(stripes(7), { box, score: 0.8 }))
  assert.ok(quality > pictureQuality(sharp, { box: { ...box, x: 0 }, score: 0.8 }))
  assert.ok(sharpnessOf(sharp, box) > 1.3 * sharpnessOf(stripes(7), box))
  assert.equal(sharpnessOf(sharp, { x: 2, y: 2, width: 0.1, height: 0.1 }), 0)
})
