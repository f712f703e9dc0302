// From the frame that first shows a person leaving the camera to the push request arriving at the push service. The whole
// product runs as its own process; camera (RTSP, 15 pictures a second) and push service run here, on one clock.
import { walkInClip, WALK_IN_S } from '../fakes/clip.ts'
import { startPushService } from '../fakes/push-service.ts'
import { startRtspServer, type RtspServer } from '../fakes/rtsp-server.ts'
import { sharedData, startProduct } from '../harness/product.ts'
import { setUpHome } from '../harness/setup.ts'
import type { HttpsClient } from '../harness/https-client.ts'
import { isQuick, quantile, report } from './report.ts'

const CAMERAS = 2
const ROUNDS = isQuick ? 2 : 15
/** So that two people never walk in at the same moment by design; by chance they may. */
const STAGGER_MS = 2_500
const MAX_WAIT_MS = 15_000

const model = sharedData('models/yolox_nano_416.onnx')
const clip = await walkInClip()
const push = await startPushService()
const product = await startProduct({
  env: { LARES_PUSH_CA: push.rootFile, ...(model && { LARES_MODEL: model }) },
})

/** Milliseconds from person to push, per trial; `null` where none came. */
async function trial(client: HttpsClient, name: string): Promise<number | null> {
  const camera = await startRtspServer({ file: clip, once: true })
  const walkedInAt = whenWalkedIn(camera)
  const { id } = await client.must<{ id: string }>('POST', '/api/cameras', {
    name,
    source: { kind: 'rtsp', url: camera.url },
  })
  try {
    const personAtMs = await withLimit(walkedInAt)
    const pushedAtMs = personAtMs === null ? null : await withLimit(whenPushed(name))
    return personAtMs === null || pushedAtMs === null ? null : pushedAtMs - personAtMs
  } finally {
    await client.call('DELETE', `/api/cameras/${id}`)
    await camera.stop()
  }
}

function whenWalkedIn(camera: RtspServer): Promise<number> {
  const index = Math.round(WALK_IN_S * camera.framesPerSecond)
  return new Promise((resolve) => camera.onSent((picture) => picture.index === index && resolve(picture.sentAtMs)))
}

async function whenPushed(cameraName: string): Promise<number> {
  for (;;) {
    const found = push.received.find((one) => push.read(one).notification.title.endsWith(` at ${cameraName}`))
    if (found) return found.atMs
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function withLimit(promise: Promise<number>): Promise<number | null> {
  return Promise.race([promise, new Promise<null>((resolve) => setTimeout(() => resolve(null), MAX_WAIT_MS).unref())])
}

const latencies: (number | null)[] = []
try {
  const client = product.client()
  await setUpHome(client, product.setupCode ?? '')
  const { endpoint, keys } = push.subscribe()
  await client.must('POST', '/api/push/targets', { endpoint, keys })
  for (let round = 0; round < ROUNDS; round++) {
    const trials = Array.from({ length: CAMERAS }, async (_, n) => {
      await new Promise((resolve) => setTimeout(resolve, n * STAGGER_MS))
      return trial(client, `Camera ${round}.${n}`)
    })
    latencies.push(...(await Promise.all(trials)))
  }
} finally {
  await product.stop()
  await push.stop()
}

const measured = latencies.filter((value) => value !== null)
report({
  bench: 'alert-latency',
  figures: {
    p50_ms: quantile(measured, 0.5),
    p95_ms: quantile(measured, 0.95),
    max_ms: Math.max(...measured),
    missed: latencies.length - measured.length,
  },
  conditions: {
    trials: latencies.length,
    cameras_at_once: CAMERAS,
    model: model === null ? 'centernet-mb3-512 (embedded)' : 'yolox-nano-416',
    clip: `${WALK_IN_S} s of an empty room, then a person from one picture to the next`,
    detection_rate: '5 pictures a second',
  },
  goals: { p50_ms: { atMost: 500 }, p95_ms: { atMost: 900 }, missed: { atMost: 0 } },
})
