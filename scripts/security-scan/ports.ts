import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { orGood, problem, type ScanFinding } from './finding.ts'

const LISTENS = '0A'
const START_LIMIT_MS = 120_000

/** Ports on which a process listens by TCP, on any address, as the kernel knows it. */
export function portsOf(pid: number): number[] {
  const folder = `/proc/${pid}/fd`
  const inodes = new Set(
    readdirSync(folder).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(join(folder, fd)))?.[1] ?? []
      } catch {
        return []
      }
    }),
  )
  const rows = ['tcp', 'tcp6'].flatMap((name) =>
    readFileSync(`/proc/${pid}/net/${name}`, 'utf8').trim().split('\n').slice(1),
  )
  const ports = rows.flatMap((row) => {
    const cells = row.trim().split(/\s+/)
    const isOurs = cells[3] === LISTENS && inodes.has(cells[9] ?? '')
    return isOurs ? [parseInt(cells[1]?.split(':')[1] ?? '', 16)] : []
  })
  return [...new Set(ports)].sort((a, b) => a - b)
}

/** Waits until it says that it is ready; the addresses that it shows are the documented ones. */
function started(child: ChildProcess): Promise<number[]> {
  return new Promise((resolve, reject) => {
    let text = ''
    const timer = setTimeout(() => reject(new Error('it was not ready in time')), START_LIMIT_MS)
    child.once('close', () => reject(new Error('it ended before it was ready')))
    const hear = (chunk: Buffer): void => {
      text += chunk.toString()
      if (!text.includes('Lares is ready')) return
      clearTimeout(timer)
      const shown = [...text.matchAll(/https?:\/\/[\w.-]+:(\d+)/g)].map(([, port]) => Number(port))
      resolve([...new Set(shown)].sort((a, b) => a - b))
    }
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', hear)
  })
}

/** Starts the product with an empty home and looks on what it really listens: app and trust page, nothing else. */
export async function scanPorts(command: readonly string[]): Promise<ScanFinding[]> {
  const data = mkdtempSync(join(tmpdir(), 'lares-scan-'))
  const options = ['--data', data, '--host', '127.0.0.1', '--https-port', '0', '--http-port', '0']
  const [program = '', ...args] = command
  const child = spawn(program, [...args, ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  try {
    const shown = await started(child)
    const open = portsOf(child.pid ?? 0)
    const extra = open.filter((port) => !shown.includes(port))
    const missing = shown.filter((port) => !open.includes(port))
    const words = [
      ...extra.map((port) => `It listens on ${port}, which is documented nowhere.`),
      ...missing.map((port) => `It shows the port ${port} and does not listen there.`),
    ]
    return orGood(words, 'It listens for the app and the trust page, and nowhere else.')
  } catch (error) {
    return [problem(`The product could not be started: ${(error as Error).message}.`)]
  } finally {
    child.kill('SIGKILL')
    await ended
    rmSync(data, { recursive: true, force: true })
  }
}
