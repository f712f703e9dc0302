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

const ROUNDS = isQuick ? 1 : 3
const SETTLE_MS = isQuick ? 1_000 : 5_000
/** What Node loads at its start is compiled and tidied up for a while; a camera idles for months. */
const NODE_SETTLE_MS = isQuick ? 4_000 : 15_000
const MEASURE_MS = isQuick ? 5_000 : 12_000
/** Linux counts CPU time in hundredths of a second. */
const TICK_MS = 10
const program = fileURLToPath(new URL('./watch-one-camera.ts', import.meta.url))

interface Cpu {
  /** Per cent of one core, of the process itself and of the programs it started. */
  own: number
  children: number
}

/** CPU milliseconds so far. */
function cpuMs(pid: number): Cpu {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  const own = (Number(fields[11]) + Number(fields[12])) * TICK_MS
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  const children = pids.map((child) => cpuMs(Number(child))).reduce((sum, child) => sum + child.own + child.children, 0)
  return { own, children }
}

/** While the stream runs, after everything has settled. */
async function measure(child: ChildProcess, isReady: Promise<unknown>, settleMs: number): Promise<Cpu> {
  try {
    await isReady
    await sleep(settleMs)
    const [before, startedMs] = [cpuMs(child.pid ?? 0), performance.now()]
    await sleep(MEASURE_MS)
    const [after, tookMs] = [cpuMs(child.pid ?? 0), performance.now() - startedMs]
    const share = (used: number): number => (used / tookMs) * 100
    return { own: share(after.own - before.own), children: share(after.children - before.children) }
  } finally {
    child.kill('SIGTERM')
    await once(child, 'close')
  }
}

async function decodeAlone(url: string): Promise<number> {
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
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  return (await measure(child, sleep(1_000), SETTLE_MS)).own
}

function ourWay(url: string): Promise<Cpu> {
  const child = spawn(process.execPath, [program, url], { stdio: ['ignore', 'pipe', 'inherit'] })
  return measure(child, once(child.stdout, 'data'), NODE_SETTLE_MS)
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
      rounds.decode.push(await decodeAlone(camera.url))
      const { own, children } = await ourWay(camera.url)
      rounds.ours.push(own + children)
      rounds.node.push(own)
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
