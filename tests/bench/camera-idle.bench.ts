// What an idle camera costs: the product's whole way (ffmpeg with pictures and copied segments, Node, motion) against
// ffmpeg that only decodes the same stream. CPU time from /proc. Both run side by side on the same fake camera, so that
// whatever else the machine does slows both alike: one after the other, ratios from 0.8 to 1.3 came out of a busy machine.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { PRODUCT_FLAGS } from '../../scripts/bootstrap/hand-over.mjs'
import { drawnClip } from '../fakes/clip.ts'
import { startRtspServer } from '../fakes/rtsp-server.ts'
import { isQuick, median, report } from './report.ts'

const ROUNDS = isQuick ? 1 : 5
/** What Node loads at its start is compiled and tidied up for a while; a camera idles for months. */
const SETTLE_MS = isQuick ? 5_000 : 15_000
const MEASURE_MS = isQuick ? 9_000 : 15_000
const program = fileURLToPath(new URL('./watch-one-camera.ts', import.meta.url))

interface Cpu {
  /** Per cent of one core, of the process itself and of the programs it started. */
  own: number
  children: number
}

/** CPU milliseconds so far, from the scheduler's own count: ticks of 10 ms are too coarse for what sleeps most of the time. */
function cpuMs(pid: number): Cpu {
  const lines = readdirSync(`/proc/${pid}/task`).map((task) =>
    readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8'),
  )
  const own = lines.reduce((sum, line) => sum + Number(line.split(' ', 1)[0]) / 1e6, 0)
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  const children = pids.map((child) => cpuMs(Number(child))).reduce((sum, child) => sum + child.own + child.children, 0)
  return { own, children }
}

function startDecoding(url: string): ChildProcess {
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
  return spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'inherit'] })
}

async function startWatching(url: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...PRODUCT_FLAGS, program, url], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}

/** What each of the programs uses in the same stretch of time. */
async function measure(programs: readonly ChildProcess[]): Promise<Cpu[]> {
  try {
    await sleep(SETTLE_MS)
    const now = (): Cpu[] => programs.map((each) => cpuMs(each.pid ?? 0))
    const [before, startedMs] = [now(), performance.now()]
    await sleep(MEASURE_MS)
    const [after, tookMs] = [now(), performance.now() - startedMs]
    const share = (later = 0, earlier = 0): number => ((later - earlier) / tookMs) * 100
    return after.map((cpu, n) => ({
      own: share(cpu.own, before[n]?.own),
      children: share(cpu.children, before[n]?.children),
    }))
  } finally {
    for (const each of programs) {
      each.kill('SIGTERM')
      await once(each, 'close')
    }
  }
}

interface Rounds {
  decode: number[]
  ours: number[]
  node: number[]
}

async function compare(width: number, height: number, bitrateKbit: number): Promise<Rounds> {
  const file = await drawnClip({ what: 'still', width, height, seconds: 20, bitrateKbit })
  const camera = await startRtspServer({ file })
  const rounds: Rounds = { decode: [], ours: [], node: [] }
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const [decode, ours] = await measure([startDecoding(camera.url), await startWatching(camera.url)])
      rounds.decode.push(decode?.own ?? Number.NaN)
      rounds.ours.push((ours?.own ?? Number.NaN) + (ours?.children ?? Number.NaN))
      rounds.node.push(ours?.own ?? Number.NaN)
    }
  } finally {
    await camera.stop()
  }
  return rounds
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
    node_core_pct_360p: median(small.node),
  },
  conditions: {
    streams: 'still scene with sensor noise over RTSP/TCP, 15/s, H.264: 1080p 4 Mbit/s, 360p 0.5 Mbit/s',
    rounds: ROUNDS,
    seconds_each: MEASURE_MS / 1_000,
  },
  goals: { ratio_to_decode_1080p: { atMost: 1.1 }, core_pct_360p: { atMost: 2.5 } },
})
