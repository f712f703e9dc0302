// Sessions side by side on the processor: what each costs in memory, what they take together, and whether the main thread
// stays free meanwhile. And what the main thread pays for a look that goes to a sidecar or to another machine.
import { systemClock } from '../../appliance/src/core/clock.ts'
import { watchEventLoop } from '../../appliance/src/core/event-loop.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { encodeJpeg } from '../../appliance/src/media/index.ts'
import { createDetector, type Detector } from '../../appliance/src/vision/detector.ts'
import { DEFAULT_MODEL_FILE, buildDefaultModel } from '../../appliance/src/vision/index.ts'
import { createPictureWriter } from '../../appliance/src/vision/picture-tensor.ts'
import { dataFile } from '../vision/data.ts'
import { ONLY_CPU } from '../vision/detectors.ts'
import { isQuick, report } from './report.ts'

const LOOKS = isQuick ? 150 : 600
const [WIDTH, HEIGHT] = [640, 360]
const MOST_SESSIONS = 4
const MB = 1_048_576

const frame = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128)
for (let i = 0; i < WIDTH * HEIGHT; i++) frame[i] = 60 + (((i % WIDTH) ^ Math.floor(i / WIDTH)) % 160)

const sessionsOf = (detector: Detector): number =>
  detector.status().candidates.find(({ id }) => id === 'cpu')?.atOnce ?? 0

interface Run {
  cpuMsPerLook: number
  looksPerSecond: number
  mainCpuMs: number
  loopP99Ms: number
  rssMb: number
}

/** As many looks at once as there are sessions, over and over. */
async function run(file: string, sessions: number): Promise<Run> {
  const detector = createDetector({
    ...{ clock: systemClock, log: silentLog(), onStatus: () => undefined },
    models: async () => [{ name: 'bench', file }],
    ruledOut: async () => ONLY_CPU,
    poolSize: async () => sessions,
  })
  await detector.start()
  while (!detector.isIdle() || sessionsOf(detector) < sessions) await new Promise((resolve) => setTimeout(resolve, 20))
  const loop = watchEventLoop()
  const cpuBefore = process.cpuUsage()
  const mainBefore = process.threadCpuUsage()
  const startedAt = performance.now()
  let left = LOOKS
  const lane = async (): Promise<void> => {
    let buffer = new Uint8Array(frame.length)
    while (left-- > 0) {
      buffer.set(frame)
      const { data } = await detector.look({ width: WIDTH, height: HEIGHT, data: buffer }, 0.25)
      buffer = data as Uint8Array<ArrayBuffer>
    }
  }
  await Promise.all(Array.from({ length: sessions }, lane))
  const seconds = (performance.now() - startedAt) / 1_000
  const { user, system } = process.cpuUsage(cpuBefore)
  const main = process.threadCpuUsage(mainBefore)
  const mainCpuMs = (main.user + main.system) / 1_000 / LOOKS
  const loopP99Ms = loop.p99Ms()
  loop.stop()
  const rssMb = process.memoryUsage.rss() / MB
  await detector.stop()
  return { cpuMsPerLook: (user + system) / 1_000 / LOOKS, looksPerSecond: LOOKS / seconds, mainCpuMs, loopP99Ms, rssMb }
}

/** Processor time of one call, milliseconds. */
async function cpuMs(times: number, call: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  for (let i = 0; i < times; i++) await call()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000 / times
}

/** How late the loop of a process that does nothing is here: what others on this machine take. */
async function idleLoopP99Ms(): Promise<number> {
  const loop = watchEventLoop()
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  const p99Ms = loop.p99Ms()
  loop.stop()
  return p99Ms
}

await buildDefaultModel()
const idleMs = await idleLoopP99Ms()
const file = dataFile('models/yolox_nano_416.onnx') ?? DEFAULT_MODEL_FILE
const one = await run(file, 1)
const two = await run(file, 2)
const many = await run(file, MOST_SESSIONS)
const bytes = { width: 416, height: 416, isPlanar: false, order: 'bgr', padding: 114, place: 'top-left' } as const
const writer = createPictureWriter({ ...bytes, mean: [0, 0, 0], deviation: [1, 1, 1] }, WIDTH, HEIGHT)
const pixels = new Uint8ClampedArray(416 * 416 * 3)
const sidecarMs = await cpuMs(200, () => writer.write(frame, pixels))
const remoteMs = await cpuMs(100, () => encodeJpeg({ width: WIDTH, height: HEIGHT, data: frame }))
report({
  bench: 'detector-pool',
  figures: {
    session_mb: (many.rssMb - one.rssMb) / (MOST_SESSIONS - 1),
    rss_mb_1: one.rssMb,
    cpu_ms_per_look_1: one.cpuMsPerLook,
    cpu_ms_per_look_2: two.cpuMsPerLook,
    looks_per_second_1: one.looksPerSecond,
    looks_per_second_2: two.looksPerSecond,
    main_cpu_ms_per_look: two.mainCpuMs,
    loop_p99_ms: Math.max(one.loopP99Ms, two.loopP99Ms),
    loop_p99_ms_idle: idleMs,
    sidecar_cpu_ms: sidecarMs,
    remote_cpu_ms: remoteMs,
  },
  goals: { loop_p99_ms: { atMost: 20 }, session_mb: { atMost: 100 } },
  conditions: { model: file === DEFAULT_MODEL_FILE ? 'centernet' : 'yolox', frame: `${WIDTH}×${HEIGHT}`, looks: LOOKS },
})
