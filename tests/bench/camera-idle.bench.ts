// What an idle camera costs: the product's whole way (ffmpeg with pictures and copied segments, Node, motion) against
// ffmpeg that only decodes the same stream. CPU time from /proc, rounds A B A B, the same fake camera for both.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { drawnClip } from '../fakes/clip.ts'
import { startRtspServer } from '../fakes/rtsp-server.ts'
import { isQuick, median, report } from './report.ts'

const ROUNDS = isQuick ? 1 : 4
const SETTLE_MS = isQuick ? 3_000 : 5_000
const MEASURE_MS = isQuick ? 6_000 : 15_000
/** Linux counts CPU time in hundredths of a second. */
const TICK_MS = 10
const program = fileURLToPath(new URL('./watch-one-camera.ts', import.meta.url))

/** CPU milliseconds of a process and its children, so far. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  const own = (Number(fields[11]) + Number(fields[12])) * TICK_MS
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  return own + children.reduce((sum, child) => sum + cpuMs(Number(child)), 0)
}

/** Per cent of one core while the stream runs. */
async function measure(start: () => ChildProcess, isReady: (child: ChildProcess) => Promise<unknown>): Promise<number> {
  const child = start()
  try {
    await isReady(child)
    await sleep(SETTLE_MS)
    const [cpuBefore, before] = [cpuMs(child.pid ?? 0), performance.now()]
    await sleep(MEASURE_MS)
    return ((cpuMs(child.pid ?? 0) - cpuBefore) / (performance.now() - before)) * 100
  } finally {
    child.kill('SIGTERM')
    await once(child, 'close')
  }
}

const decodeAlone = (url: string): Promise<number> => {
  const args = [
    '-nostdin',
    '-v',
    'error',
    '-rtsp_transport',
    'tcp',
    '-threads',
    '1',
    '-i',
    url,
    '-an',
    '-f',
    'null',
    '-',
  ]
  return measure(
    () => spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'inherit'] }),
    async () => sleep(1_000),
  )
}

const ourWay = (url: string): Promise<number> =>
  measure(
    () => spawn(process.execPath, [program, url], { stdio: ['ignore', 'pipe', 'inherit'] }),
    (child) => once(child.stdout ?? child, 'data'),
  )

async function compare(
  width: number,
  height: number,
  bitrateKbit: number,
): Promise<{ decode: number[]; ours: number[] }> {
  const file = await drawnClip({ what: 'still', width, height, seconds: 20, bitrateKbit })
  const camera = await startRtspServer({ file })
  const [decode, ours]: [number[], number[]] = [[], []]
  try {
    for (let round = 0; round < ROUNDS; round++) {
      decode.push(await decodeAlone(camera.url))
      ours.push(await ourWay(camera.url))
    }
  } finally {
    await camera.stop()
  }
  return { decode, ours }
}

const large = await compare(1_920, 1_080, 4_000)
const small = await compare(640, 360, 500)
report({
  bench: 'camera-idle',
  figures: {
    ratio_to_decode_1080p: median(large.ours.map((each, n) => each / (large.decode[n] ?? Number.NaN))),
    core_pct_360p: median(small.ours),
    core_pct_1080p: median(large.ours),
    decode_core_pct_1080p: median(large.decode),
    decode_core_pct_360p: median(small.decode),
  },
  conditions: {
    streams: 'still scene with sensor noise over RTSP/TCP, 15/s, H.264: 1080p 4 Mbit/s, 360p 0.5 Mbit/s',
    rounds: ROUNDS,
    seconds_each: MEASURE_MS / 1_000,
  },
  goals: { ratio_to_decode_1080p: { atMost: 1.1 }, core_pct_360p: { atMost: 2.5 } },
})
