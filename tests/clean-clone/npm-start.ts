import { spawn, type ChildProcess } from 'node:child_process'
import { request } from 'node:https'
import { createServer } from 'node:net'

export interface Running {
  /** From typing the command to the first HTTPS answer. */
  readonly answeredAfterMs: number
  /** Everything it printed so far. */
  output(): string
  /** SIGTERM to what was typed, as a service manager does it. Resolves with the exit code. */
  stop(): Promise<number | null>
}

export interface Command {
  command: string
  args: readonly string[]
  cwd: string
  env: NodeJS.ProcessEnv
  httpsPort: number
  limitMs: number
}

const ASK_EVERY_MS = 15
const STOP_LIMIT_MS = 20_000
const ASK_TIMEOUT_MS = 2_000

/** Runs a command that starts Lares and waits until it answers HTTPS, whoever signed its certificate. */
export async function startUntilAnswered({ command, args, cwd, env, httpsPort, limitMs }: Command): Promise<Running> {
  const startedMs = performance.now()
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let text = ''
  const keep = (chunk: Buffer): void => {
    text += chunk.toString()
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  let isEnded = false
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      isEnded = true
      resolve(code)
    }),
  )
  while (!(await answers(httpsPort))) {
    if (isEnded) throw new Error(`${command} ${args.join(' ')} ended before it answered:\n${text}`)
    if (performance.now() - startedMs > limitMs) {
      endGroup(child)
      throw new Error(`${command} ${args.join(' ')} did not answer within ${limitMs} ms:\n${text}`)
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
  }
  const answeredAfterMs = Math.round(performance.now() - startedMs)
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM')
    const late = setTimeout(() => endGroup(child), STOP_LIMIT_MS)
    const code = await ended
    clearTimeout(late)
    endGroup(child)
    return code
  }
  return { answeredAfterMs, output: () => text, stop }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, path: '/api/health', rejectUnauthorized: false, timeout: ASK_TIMEOUT_MS }
    const call = request(options, (reply) => {
      reply.resume()
      resolve(true)
    })
    call.once('error', () => resolve(false))
    call.once('timeout', () => call.destroy())
    call.end()
  })
}

function endGroup(child: ChildProcess): void {
  try {
    process.kill(-(child.pid as number), 'SIGKILL')
  } catch {
    // Nobody of the group is left.
  }
}

/** A port of this machine that nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
