// Program of the camera-idle bench: the product's whole way of one camera (ffmpeg, pictures, segments, pruning, motion),
// without the rest of the product. Prints `live` with the first picture; ends on SIGTERM.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Events } from '../../appliance/src/events.ts'
import { createCameras } from '../../appliance/src/cameras/index.ts'
import { createBus } from '../../appliance/src/core/bus.ts'
import { systemClock as clock } from '../../appliance/src/core/clock.ts'
import { createSecretBox } from '../../appliance/src/core/crypto.ts'
import { createLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase } from '../../appliance/src/db/testing.ts'
import { createMedia } from '../../appliance/src/media/index.ts'
import { createRecording } from '../../appliance/src/recording/index.ts'
import { createMotionWatcher } from '../../appliance/src/vision/motion/index.ts'
import { CAMERA_PORTS } from '../fakes/camera-ports.ts'
import { createFakeSettings } from '../fakes/settings.ts'

const url = process.argv[2] ?? ''
const dataDir = await mkdtemp(join(tmpdir(), 'lares-bench-camera-'))
const log = createLog({ level: 'warn', destination: process.stderr })
const bus = createBus<Events>(log)
const notices = { raise: () => undefined, clear: () => undefined }
const database = await openTestDatabase()
const media = createMedia({ dataDir, ffmpeg: 'ffmpeg', clock, log, notices })
const cameras = createCameras({
  database,
  secretBox: createSecretBox(Buffer.alloc(32)),
  clock,
  log,
  bus,
  notices,
  media,
  ...{ ...CAMERA_PORTS, dataDir, settings: createFakeSettings() },
})
const recording = createRecording({ media, cameras, bus, clock, log })
const motion = createMotionWatcher()
let pictures = 0
cameras.onFrame((frame) => {
  motion.watch(frame, [])
  if (pictures++ === 0) process.stdout.write('live\n')
})
const parts = [media, cameras, recording]
for (const part of parts) await part.start()
await cameras.create({ name: 'Idle', source: { kind: 'rtsp', url } })

process.once('SIGTERM', () => {
  void (async () => {
    for (const part of parts.toReversed()) await part.stop()
    await database.close()
    await rm(dataDir, { recursive: true, force: true })
    process.stdout.write(`pictures ${pictures}\n`, () => process.exit(0))
  })()
})
