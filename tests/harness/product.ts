import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isOurs } from '../../scripts/testing/our-variables.mjs'
import { createHttpsClient, type HttpsClient } from './https-client.ts'

export const repository = fileURLToPath(new URL('../..', import.meta.url))

export interface ProductOptions {
  /** Kept after `stop` when given; a temporary folder that is removed otherwise. */
  dataDir?: string
  args?: readonly string[]
  /** False: ports, address and log level are the product's own defaults instead of free loopback ports. */
  defaults?: boolean
  env?: Readonly<Record<string, string>>
  /** Name of the network namespace to run it in (root only). */
  namespace?: string
  /** Shows the product's output as it comes. */
  verbose?: boolean
  onOutput?(text: string): void
}

export interface Product {
  readonly dataDir: string
  readonly httpsOrigin: string
  readonly httpOrigin: string
  /** The one-time code of the banner; null when the home is set up already. */
  readonly setupCode: string | null
  readonly rootPem: string
  readonly pid: number
  /** Resolves with the exit code when it ends, for whatever reason. */
  readonly ended: Promise<number | null>
  /** Everything it printed so far. */
  output(): string
  client(): HttpsClient
  /** SIGTERM, and waits for its end. Resolves with the exit code. */
  stop(): Promise<number | null>
  /** kill -9: the power cut. The data folder stays. */
  kill(): Promise<void>
}

const START_LIMIT_MS = 60_000
const FREE_LOOPBACK = ['--https-port', '0', '--http-port', '0', '--host', '127.0.0.1'] as const

/** Starts the real product as a process of its own on free loopback ports, as `npm start` does after its bootstrap. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'lares-test-')))
  const child = launch(dataDir, options)
  let text = ''
  const keep = (chunk: Buffer): void => {
    text += chunk.toString()
    options.onOutput?.(chunk.toString())
    if (options.verbose) process.stderr.write(chunk)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  const ends = (): void => void child.kill('SIGKILL')
  process.once('exit', ends)
  void ended.then(() => process.off('exit', ends))

  const { httpsOrigin, httpOrigin, setupCode } = await readBanner(() => text, ended)
  const rootPem = await readFile(join(dataDir, 'tls', 'root.pem'), 'utf8')
  const clients: HttpsClient[] = []
  const leave = async (): Promise<void> => {
    for (const client of clients) client.close()
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
  }
  return {
    dataDir,
    httpsOrigin,
    httpOrigin,
    setupCode,
    rootPem,
    pid: child.pid as number,
    ended,
    output: () => text,
    client() {
      const client = createHttpsClient(httpsOrigin, rootPem)
      clients.push(client)
      return client
    },
    async stop() {
      child.kill('SIGTERM')
      const code = await ended
      await leave()
      return code
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
      for (const client of clients) client.close()
    },
  }
}

function launch(dataDir: string, options: ProductOptions): ChildProcess {
  const place = options.defaults === false ? [] : FREE_LOOPBACK
  const args = ['--data', dataDir, ...place, ...(options.args ?? [])]
  const own = [process.execPath, join(repository, 'appliance/src/main.ts'), ...args]
  // `ip` becomes the product itself: signals reach it.
  const [command = '', ...rest] = options.namespace ? ['ip', 'netns', 'exec', options.namespace, ...own] : own
  return spawn(command, rest, {
    cwd: repository,
    env: {
      ...(options.defaults === false ? process.env : withoutOurs(process.env)),
      UV_THREADPOOL_SIZE: '8',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Variables of whoever runs the tests must not reach the product under test. */
export function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([key]) => !isOurs(key)))
}

/** Waits for the lines that a person would read: addresses and one-time code. */
async function readBanner(
  text: () => string,
  ended: Promise<number | null>,
): Promise<{ httpsOrigin: string; httpOrigin: string; setupCode: string | null }> {
  let exit: { code: number | null } | null = null
  void ended.then((code) => (exit = { code }))
  const limit = Date.now() + START_LIMIT_MS
  for (;;) {
    const https = /https:\/\/[\w.:[\]-]+/.exec(text())
    const http = /http:\/\/[\w.:[\]-]+/.exec(text())
    const ready = /Lares is ready/.test(text())
    if (https && http && ready) {
      const setupCode = /\b([A-Z2-9]{4}-[A-Z2-9]{4})\b/.exec(text())?.[1] ?? null
      return { httpsOrigin: https[0], httpOrigin: http[0], setupCode }
    }
    if (exit) throw new Error(`The product ended (${JSON.stringify(exit)}) before it was ready:\n${text()}`)
    if (Date.now() > limit) throw new Error(`The product was not ready within ${START_LIMIT_MS} ms:\n${text()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Real footage, photos and models for tests; null when this checkout has none beside it. */
export function sharedData(path: string): string | null {
  const file = join(repository, '..', 'shared', 'data', path)
  return existsSync(file) ? file : null
}
