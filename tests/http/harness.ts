import { request, type RequestOptions } from 'node:https'
import type { IncomingHttpHeaders } from 'node:http'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Permission } from '../../appliance/src/api/permissions.ts'
import { createBus, type Bus } from '../../appliance/src/core/bus.ts'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { createLog } from '../../appliance/src/core/log.ts'
import {
  createHttpServer,
  createPathSigner,
  SESSION_COOKIE,
  type HttpServer,
  type HttpServerDeps,
  type PathSigner,
  type Principal,
  type Route,
} from '../../appliance/src/http/index.ts'
import type { Events } from '../../appliance/src/events.ts'
import { makeCertificate } from '../fakes/certificate.ts'
import { fakeDoor, fakeServing } from '../fakes/tls-serving.ts'

export interface Reply {
  status: number
  headers: IncomingHttpHeaders
  bytes: Buffer
  text: string
  json(): Record<string, unknown>
}

export interface Ask extends Omit<RequestOptions, 'headers'> {
  headers?: Record<string, string>
  body?: string | Buffer
  /** JSON body. */
  send?: unknown
  as?: string
}

export interface Harness {
  server: HttpServer
  bus: Bus<Events>
  signer: PathSigner
  dataDir: string
  staticDir: string
  logLines: string[]
  setupDone: boolean
  people: Map<string, Principal>
  port: number
  ask(path: string, options?: Ask): Promise<Reply>
  stop(): Promise<void>
}

const certificate = makeCertificate()

/** Token of a test person: `token-of-<name>`, long enough to look like one. */
export const tokenOf = (name: string): string => `token-of-${name}`.padEnd(32, '0')
export const cookieOf = (name: string): string => `${SESSION_COOKIE}=${tokenOf(name)}`

export function person(name: string, permissions: readonly Permission[], changes: Partial<Principal> = {}): Principal {
  return {
    ...{ kind: 'session', userId: `user-${name}`, username: name, role: 'made-up', sessionId: `session-${name}` },
    ...{ permissions: new Set(permissions), cameras: null, freshUntil: 0, ...changes },
  }
}

function send(port: number, path: string, options: Ask): Promise<Reply> {
  const { headers = {}, body, send: json, as, ...rest } = options
  const content = json === undefined ? body : JSON.stringify(json)
  const all: Record<string, string> = { connection: 'close', ...headers }
  if (json !== undefined) all['content-type'] = 'application/json'
  if (as !== undefined) all.cookie = cookieOf(as)
  if (content !== undefined) all['content-length'] = String(Buffer.byteLength(content))
  return new Promise((resolve, reject) => {
    const call = request(
      { host: '127.0.0.1', port, path, rejectUnauthorized: false, method: 'GET', ...rest, headers: all },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const bytes = Buffer.concat(chunks)
          const text = bytes.toString('utf8')
          const { statusCode: status = 0, headers: replied } = response
          resolve({ status, headers: replied, bytes, text, json: () => JSON.parse(text) as Record<string, unknown> })
        })
      },
    )
    call.on('error', reject)
    call.end(content)
  })
}

/** The real server on a free port of 127.0.0.1, with routes of the test's own. `anna` may everything listed, `otto` nothing. */
export async function startServer(routes: readonly Route[], changes: Partial<HttpServerDeps> = {}): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), 'lares-http-'))
  const dataDir = join(folder, 'data')
  const staticDir = join(folder, 'app')
  await mkdir(join(dataDir, 'media'), { recursive: true })
  await mkdir(join(staticDir, 'assets'), { recursive: true })
  const logLines: string[] = []
  const log = createLog({ level: 'debug', destination: { write: (line) => void logLines.push(line) } })
  const bus = createBus<Events>(log)
  const people = new Map([
    [tokenOf('anna'), person('anna', ['cameras.view', 'incidents.view', 'devices.view', 'system.view'])],
    [tokenOf('otto'), person('otto', [])],
  ])
  const clock = changes.clock ?? systemClock
  const signer = createPathSigner({ key: Buffer.alloc(32, 7), clock })
  const found = await certificate
  const harness = { setupDone: true }
  const server = createHttpServer({
    routes,
    log,
    clock,
    bus,
    signer,
    tls: fakeServing(
      fakeDoor(() => found),
      { hosts: () => ['lares.local', 'box.example.org'], promisesHttps: (name) => name === 'box.example.org' },
    ),
    authenticate: async ({ credentials: { accessToken, apiKey } }) => {
      const found = people.get(apiKey ?? accessToken ?? '')
      if (found) return found
      const code = accessToken === null ? 'TOKEN_INVALID' : 'TOKEN_EXPIRED'
      throw new LaresError('unauthenticated', 'Please sign in.', { code })
    },
    isInForce: async ({ sessionId }) => [...people.values()].some((one) => one.sessionId === sessionId),
    isSetupDone: () => harness.setupDone,
    dataDir,
    staticDir,
    version: '1.2.3',
    host: '127.0.0.1',
    httpsPort: 0,
    httpPort: 0,
    ...changes,
  })
  await server.start()
  return Object.assign(harness, {
    server,
    bus,
    signer,
    dataDir,
    staticDir,
    logLines,
    people,
    port: server.httpsPort(),
    ask: (path: string, options: Ask = {}) => send(server.httpsPort(), path, options),
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  })
}
