// What four busy cameras cost: RTSP sub-streams of 640×360 in which somebody walks or drives nine tenths of the time, five
// pictures a second looked at, all processes counted. Latency is from a picture's last byte to the track it is told with.
import { setTimeout as sleep } from 'node:timers/promises'
import { updateTracks, type Track } from '../../appliance/src/vision/tracking/tracker.ts'
import { dataFile, NO_DATA } from '../vision/data.ts'
import { isQuick, report } from './report.ts'
import { watchCameras } from './support/watched-cameras.ts'

const CAMERAS = 4
const SETTLE_MS = isQuick ? 6_000 : 15_000
const MEASURE_MS = isQuick ? 24_000 : 93_000

/** Twenty things followed by twenty boxes a look: microseconds of processor time. */
function trackerUs(): number {
  const looks = 2_000
  let tracks: readonly Track[] = []
  let ids = 0
  const startedAt = process.cpuUsage()
  for (let look = 0; look < looks; look++) {
    const detections = Array.from({ length: 20 }, (_, n) => ({
      class: 'person' as const,
      score: 0.7,
      box: { x: (n % 5) * 0.2 + (look % 50) * 0.001, y: Math.floor(n / 5) * 0.25, width: 0.06, height: 0.2 },
    }))
    tracks = updateTracks(tracks, { detections, at: look * 200, motion: [], newId: () => `${ids++}` }).tracks
  }
  const { user, system } = process.cpuUsage(startedAt)
  return (user + system) / looks
}

const yard = dataFile('video/synthetic-yard-360p15.mp4')
const model = dataFile('models/yolox_nano_416.onnx')
if (!yard || !model) console.log(NO_DATA)
else {
  const watched = await watchCameras(yard, model, CAMERAS)
  await sleep(SETTLE_MS)
  watched.measure()
  const [before, startedAt] = [await watched.usage(), performance.now()]
  await sleep(MEASURE_MS)
  const [after, tookMs] = [await watched.usage(), performance.now() - startedAt]
  const figures = await watched.figures()
  await watched.stop()
  const share = (ms: number): number => (ms / tookMs) * 100
  report({
    bench: 'vision-load',
    figures: {
      core_pct: share(after.allMs - before.allMs),
      dropped_pct: (figures.dropped / figures.wanted) * 100,
      p95_ms: figures.p95Ms,
      loop_p99_ms: figures.loopP99Ms,
      p50_ms: figures.p50Ms,
      node_core_pct: share(after.ownMs - before.ownMs),
      ms_of_core_a_look: (after.allMs - before.allMs) / figures.looks,
      frames_per_s: (figures.frames / tookMs) * 1_000,
      wanted_pct: (figures.wanted / figures.frames) * 100,
      looks_per_s: (figures.looks / tookMs) * 1_000,
      inference_ms_p50: figures.inferenceMs,
      rss_mb: after.rssMb,
      tracker_20x20_us: trackerUs(),
    },
    goals: {
      core_pct: { atMost: 60 },
      dropped_pct: { atMost: 1 },
      p95_ms: { atMost: 150 },
      loop_p99_ms: { atMost: 20 },
    },
    conditions: {
      model: 'YOLOX-Nano 416, processor',
      cameras: CAMERAS,
      stream: '640×360, 15/s over RTSP/TCP',
      seconds: MEASURE_MS / 1_000,
    },
  })
}
