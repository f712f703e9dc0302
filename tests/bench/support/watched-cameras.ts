// Four real RTSP cameras and the product's whole way of their pictures in a process of its own, for vision-load and memory.
import { spawn, execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { PRODUCT_FLAGS } from '../../../scripts/bootstrap/hand-over.mjs'
import { startRtspServer } from '../../fakes/rtsp-server.ts'

const program = fileURLToPath(new URL('../watch-cameras.ts', import.meta.url))
/** Of the synthetic yard: from the first person to the last, nearly always in motion. */
const [FROM_S, SECONDS] = [8, 31]

export interface Figures {
  frames: number
  wanted: number
  dropped: number
  looks: number
  observations: number
  p50Ms: number
  p95Ms: number
  loopP99Ms: number
  inferenceMs: number
}

export interface Usage {
  /** CPU milliseconds so far: the process itself, and with ffmpeg. */
  ownMs: number
  allMs: number
  rssMb: number
  rssAllMb: number
}

export interface WatchedCameras {
  /** Begins a measurement; the figures of the one before it, if there was one. */
  measure(): void
  /** Ends it. */
  figures(): Promise<Figures>
  usage(): Promise<Usage>
  stop(): Promise<void>
}

export async function watchCameras(yard: string, model: string, count: number): Promise<WatchedCameras> {
  const folder = await mkdtemp(join(tmpdir(), 'lares-bench-yard-'))
  const file = join(folder, 'busy-yard.mp4')
  const encode = ['-an', '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0', '-g', '15', '-pix_fmt', 'yuv420p']
  const cut = ['-ss', String(FROM_S), '-i', yard, '-t', String(SECONDS)]
  await promisify(execFile)('ffmpeg', ['-nostdin', '-v', 'error', ...cut, ...encode, file])
  const servers = await Promise.all(Array.from({ length: count }, () => startRtspServer({ file })))
  const urls = servers.map(({ url }) => url)
  const child = spawn(process.execPath, [...PRODUCT_FLAGS, program, model, ...urls], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  await lines.next()
  return {
    measure: () => void child.stdin.write('\n'),
    async figures() {
      child.stdin.write('\n')
      return JSON.parse((await lines.next()).value ?? '') as Figures
    },
    usage: () => usageOf(child.pid ?? 0),
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'close')
      await Promise.all(servers.map((server) => server.stop()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function usageOf(pid: number): Promise<Usage> {
  const tasks = await readdir(`/proc/${pid}/task`)
  const times = await Promise.all(tasks.map((task) => readFile(`/proc/${pid}/task/${task}/schedstat`, 'utf8')))
  const ownMs = times.reduce((sum, line) => sum + Number(line.split(' ', 1)[0]) / 1e6, 0)
  const rssMb = Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024
  const pids = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').filter(Boolean)
  const children = await Promise.all(pids.map((child) => usageOf(Number(child))))
  return {
    ownMs,
    allMs: ownMs + children.reduce((sum, { allMs }) => sum + allMs, 0),
    rssMb,
    rssAllMb: rssMb + children.reduce((sum, { rssAllMb }) => sum + rssAllMb, 0),
  }
}
