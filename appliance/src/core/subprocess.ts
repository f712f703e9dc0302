import { spawn, type ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { Clock } from './clock.ts'
import { LaresError, systemCodeOf } from './errors.ts'
import { withoutCredentials, type Log } from './log.ts'

export interface SubprocessOptions {
  /** Short name for logs, for example `ffmpeg camera Front door`. */
  name: string
  command: string
  args: readonly string[]
  log: Log
  clock: Clock
  env?: Record<string, string>
  /** Called with every line of standard error, credentials cut. */
  onLine?(line: string): void
}

export interface ExitResult {
  /** null when a signal ended it. */
  code: number | null
  signal: NodeJS.Signals | null
  /** The last lines of standard error, credentials cut. */
  lastLines: readonly string[]
}

export interface Subprocess {
  readonly pid: number
  readonly stdout: Readable
  readonly exited: Promise<ExitResult>
  lastLines(): readonly string[]
  /** SIGTERM to the whole group, SIGKILL after `graceMs`. Resolves once it is gone. */
  stop(graceMs?: number): Promise<void>
}

const KEPT_LINES = 100
const live = new Set<ChildProcess>()
// A crash or process.exit of ours must leave no child behind; groups make that one signal each.
process.on('exit', () => live.forEach((child) => killGroup(child, 'SIGKILL')))

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    if (systemCodeOf(error) !== 'ESRCH') throw error
  }
}

/** Collects lines of a stream into a ring and hands each on. */
function keepLines(stream: Readable, ring: string[], onLine?: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n|\r/)
    rest = (lines.pop() ?? '').slice(-4_096)
    for (const raw of lines) {
      if (raw === '') continue
      const line = withoutCredentials(raw)
      ring.push(line)
      if (ring.length > KEPT_LINES) ring.shift()
      onLine?.(line)
    }
  })
}

/** A program that reads what cameras send has no use for our keys. */
function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/(KEYS?|SECRET|TOKEN|PASSWORD)(_FILE)?$/i.test(name)),
  )
}

/** Starts a program in its own process group. The only spawn of the product. */
export async function startSubprocess(options: SubprocessOptions): Promise<Subprocess> {
  const { name, command, args, log, clock } = options
  log.debug({ process: name, command: withoutCredentials([command, ...args].join(' ')) }, 'Starting')
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...withoutSecrets(process.env), ...options.env },
  })
  const ring: string[] = []
  keepLines(child.stderr, ring, options.onLine)
  const exited = new Promise<ExitResult>((resolve) => {
    child.on('close', (code, signal) => {
      live.delete(child)
      resolve({ code, signal, lastLines: ring })
    })
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) => reject(spawnError(command, error)))
  })
  child.on('error', (error) => log.warn({ process: name, err: error.message }, 'Process error'))
  live.add(child)
  return {
    pid: child.pid as number,
    stdout: child.stdout,
    exited,
    lastLines: () => ring,
    async stop(graceMs = 2_000) {
      killGroup(child, 'SIGTERM')
      const cancel = clock.after(graceMs, () => killGroup(child, 'SIGKILL'))
      await exited
      cancel()
    },
  }
}

function spawnError(command: string, error: Error): LaresError {
  const missing = systemCodeOf(error) === 'ENOENT'
  const text = missing
    ? `The program ${command} is not installed on this box.`
    : `The program ${command} cannot be started.`
  return new LaresError('unavailable', text, { code: missing ? 'PROGRAM_MISSING' : 'PROGRAM_FAILED', cause: error })
}

export interface RunResult extends ExitResult {
  stdout: Buffer
}

/** Runs a program to its end and returns what it printed; ends it when `timeoutMs` or `maxBytes` is passed. */
export async function runToEnd(
  options: SubprocessOptions & { timeoutMs: number; maxBytes?: number; signal?: AbortSignal },
): Promise<RunResult> {
  const child = await startSubprocess(options)
  const maxBytes = options.maxBytes ?? 32 * 1024 * 1024
  const chunks: Buffer[] = []
  let bytes = 0
  let why: LaresError | null = null
  const end = (reason: LaresError): void => {
    why ??= reason
    void child.stop(500)
  }
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > maxBytes) end(new LaresError('too-large', `${options.name} printed too much.`))
    else chunks.push(chunk)
  })
  const cancel = options.clock.after(options.timeoutMs, () =>
    end(new LaresError('timeout', `${options.name} took too long.`)),
  )
  const onAbort = (): void => end(new LaresError('unavailable', `${options.name} was stopped.`))
  options.signal?.addEventListener('abort', onAbort, { once: true })
  const exit = await child.exited
  cancel()
  options.signal?.removeEventListener('abort', onAbort)
  const reason = why as LaresError | null
  if (reason) throw reason
  return { ...exit, stdout: Buffer.concat(chunks) }
}
