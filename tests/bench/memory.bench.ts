// Memory of the box while four cameras see somebody all the time: as much as after the first minutes an hour later.
// `-- --minutes=20` measures for a shorter while.
import { setTimeout as sleep } from 'node:timers/promises'
import { dataFile, NO_DATA } from '../vision/data.ts'
import { isQuick, quantile, report } from './report.ts'
import { watchCameras } from './support/watched-cameras.ts'

const CAMERAS = 4
const MINUTES = Number(process.argv.find((arg) => arg.startsWith('--minutes='))?.split('=')[1] ?? 60)
/** Caches and the compiled code fill for a while. */
const SETTLE_MS = isQuick ? 8_000 : Math.min(10, MINUTES / 4) * 60_000
const MEASURE_MS = isQuick ? 24_000 : MINUTES * 60_000
const SAMPLE_EVERY_MS = isQuick ? 500 : 5_000

/** Slope of the line through the points (least squares). */
function slope(points: readonly { x: number; y: number }[]): number {
  const mean = (pick: (point: { x: number; y: number }) => number): number =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)]
  const above = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0)
  return above / points.reduce((sum, point) => sum + (point.x - x) ** 2, 0)
}

const yard = dataFile('video/synthetic-yard-360p15.mp4')
const model = dataFile('models/yolox_nano_416.onnx')
if (!yard || !model) console.log(NO_DATA)
else {
  const watched = await watchCameras(yard, model, CAMERAS)
  await sleep(SETTLE_MS)
  const points: { x: number; y: number }[] = []
  let rssAllMb = 0
  const startedAt = performance.now()
  for (let now = startedAt; now - startedAt < MEASURE_MS; now = performance.now()) {
    const usage = await watched.usage()
    points.push({ x: (now - startedAt) / 3_600_000, y: usage.rssMb })
    rssAllMb = Math.max(rssAllMb, usage.rssAllMb)
    await sleep(SAMPLE_EVERY_MS)
  }
  await watched.stop()
  const sizes = points.map(({ y }) => y)
  report({
    bench: 'memory',
    figures: {
      rss_4_cameras_mb: quantile(sizes, 0.95),
      // Half a minute says nothing about an hour: the garbage collector's own to and fro is steeper.
      ...(isQuick ? {} : { drift_mb_per_h: slope(points) }),
      rss_with_ffmpeg_mb: rssAllMb,
    },
    goals: { rss_4_cameras_mb: { atMost: 350 }, drift_mb_per_h: { atMost: 2 } },
    conditions: {
      model: 'YOLOX-Nano 416, processor',
      cameras: CAMERAS,
      seconds: MEASURE_MS / 1_000,
      after_s: SETTLE_MS / 1_000,
    },
  })
}
