// Program of the benches vision-load and memory: cameras, pictures, motion, detector and tracks of the product for the
// streams named on its command line, without the rest of the product. A model's file comes first. Prints `live` once every
// camera sends and the detector is ready; each line on its input begins a measurement, whose figures it prints as JSON
// when the next line comes.
import { mkdtemp, rm } from 'node:fs/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Events } from '../../appliance/src/events.ts'
import { createCameras } from '../../appliance/src/cameras/index.ts'
import { createBus } from '../../appliance/src/core/bus.ts'
import { systemClock as clock } from '../../appliance/src/core/clock.ts'
import { createSecretBox } from '../../appliance/src/core/crypto.ts'
import { createLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase } from '../../appliance/src/db/testing.ts'
import { createHardware } from '../../appliance/src/hardware/index.ts'
import { createMedia } from '../../appliance/src/media/index.ts'
import { createRecording } from '../../appliance/src/recording/index.ts'
import { createVision } from '../../appliance/src/vision/index.ts'
import { CAMERA_PORTS } from '../fakes/camera-ports.ts'
import { createFakeSettings } from '../fakes/settings.ts'
import { quantile } from './report.ts'

const [model = '', ...urls] = process.argv.slice(2)
const dataDir = await mkdtemp(join(tmpdir(), 'lares-bench-load-'))
const log = createLog({ level: 'warn', destination: process.stderr })
const bus = createBus<Events>(log)
const notices = { raise: () => undefined, clear: () => undefined }
const database = await openTestDatabase()
const media = createMedia({ dataDir, ffmpeg: 'ffmpeg', clock, log, notices })
const ground = { database, clock, log, bus, notices, media }
const cameras = createCameras({
  ...ground,
  ...CAMERA_PORTS,
  dataDir,
  settings: createFakeSettings(),
  secretBox: createSecretBox(Buffer.alloc(32)),
})
const recording = createRecording({ ...ground, cameras })
// No graphics processor: the figures are those of the two cores.
const hardware = createHardware({ root: dataDir })
const names = { cameraName: () => 'Camera', recordChange: async () => undefined }
const vision = createVision({ ...ground, ...names, settings: createFakeSettings(), hardware, dataDir, model })

const latenciesMs: number[] = []
const sending = new Set<string>()
let frames = 0
cameras.onFrame((frame) => {
  frames++
  sending.add(frame.cameraId)
  vision.see(frame)
})
vision.onObservation(({ at, tracks }) => {
  if (tracks.length > 0) latenciesMs.push(clock.now() - at)
})
const parts = [media, vision, cameras, recording]
for (const part of parts) await part.start()
await vision.startLate()
for (const [index, url] of urls.entries()) {
  await cameras.create({ name: `Camera ${index + 1}`, source: { kind: 'rtsp', url } })
}
while (sending.size < urls.length || vision.detector().state !== 'ready') {
  await new Promise((resolve) => setTimeout(resolve, 100))
}
process.stdout.write('live\n')

const loop = monitorEventLoopDelay({ resolution: 5 })
loop.enable()
let before: { frames: number; wanted: number; dropped: number; looks: number } | null = null
createInterface({ input: process.stdin }).on('line', () => {
  const now = { frames, ...vision.load().totals }
  if (before) {
    const figures = {
      frames: now.frames - before.frames,
      wanted: now.wanted - before.wanted,
      dropped: now.dropped - before.dropped,
      looks: now.looks - before.looks,
      observations: latenciesMs.length,
      p50Ms: quantile(latenciesMs, 0.5),
      p95Ms: quantile(latenciesMs, 0.95),
      // The timer's own step of 5 ms is no delay.
      loopP99Ms: Math.max(0, loop.percentile(99) / 1e6 - 5),
      inferenceMs: vision.detector().inferenceMsP50 ?? Number.NaN,
    }
    process.stdout.write(`${JSON.stringify(figures)}\n`)
  }
  before = now
  latenciesMs.length = 0
  loop.reset()
})

process.once('SIGTERM', () => {
  void (async () => {
    for (const part of parts.toReversed()) await part.stop()
    await database.close()
    await rm(dataDir, { recursive: true, force: true })
    process.exit(0)
  })()
})
