import { createServer as createPlainServer, type Server as PlainServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer, type Server, type ServerOptions } from 'node:https'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Part } from '../core/part.ts'
import { createApiHandler } from './api-handler.ts'
import { createApp } from './app.ts'
import type { Authenticate } from './gate.ts'
import { listen } from './listen.ts'
import { openApiRoute } from './openapi.ts'
import { createPlainHttpHandler } from './plain-http.ts'
import { createRateLimits, type LimitTable } from './rate-limit.ts'
import type { Route } from './route.ts'
import { createRouteTable } from './route-table.ts'
import type { PathSigner } from './signed-path.ts'
import { createStaticFiles } from './static-files.ts'
import { createStream, type Stream, type StreamBusEvents } from './stream/index.ts'

export interface Certificate {
  /** Leaf first, then the root. */
  certPem: string
  keyPem: string
}

/** What tls/ hands in. */
export interface CertificateSource {
  current(): Certificate
  /** Called when `current` gives another certificate: it is served without a restart. */
  onChange(listener: () => void): () => void
  /** Names and addresses this box answers to. */
  hosts(): readonly string[]
  trustHandler(request: IncomingMessage, response: ServerResponse): boolean
}

/** How long a client may take; tests shorten them. */
export interface ClientTimeouts {
  headersMs: number
  requestMs: number
  checkMs: number
}

export interface HttpServerDeps {
  routes: readonly Route[]
  log: Log
  clock: Clock
  bus: Pick<Bus<StreamBusEvents>, 'on'>
  tls: CertificateSource
  authenticate: Authenticate
  isSetupDone(): boolean
  signer: PathSigner
  /** Relative paths of file replies begin here; what they serve lies in its `media` folder. */
  dataDir: string
  /** The built app. */
  staticDir: string
  version: string
  host: string
  /** 0 picks a free one. */
  httpsPort: number
  httpPort: number
  /** Told how many pages have the live stream open. */
  onViewers?(count: number): void
  limitTiers?: LimitTable
  timeouts?: Partial<ClientTimeouts>
}

export interface HttpServer extends Part {
  /** The ports that are really open; 0 before start. */
  httpsPort(): number
  httpPort(): number
  /** Everything that is mounted, the API document included. */
  readonly routes: readonly Route[]
}

const DEFAULT_TIMEOUTS: ClientTimeouts = { headersMs: 10_000, requestMs: 30_000, checkMs: 5_000 }
const LONGEST_HEADERS_BYTES = 16_384
const KEEP_ALIVE_MS = 65_000
const HANDSHAKE_MS = 10_000

function serverLimits(timeouts: Partial<ClientTimeouts> = {}): ServerOptions {
  const { headersMs, requestMs, checkMs } = { ...DEFAULT_TIMEOUTS, ...timeouts }
  return {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: LONGEST_HEADERS_BYTES,
  }
}

const secureContext = ({ certPem, keyPem }: Certificate): { cert: string; key: string } => ({ cert: certPem, key: keyPem })

/** Remembers raw sockets: `closeAllConnections` does not know those that are still in their TLS handshake. */
function trackSockets(server: Server | PlainServer): { closeAll(): Promise<void> } {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return {
    closeAll: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

/** Builds app, stream and both listeners. Throws `internal` for a route that must not be mounted. */
export function createHttpServer(deps: HttpServerDeps): HttpServer {
  const { log, tls } = deps
  const routes = [...deps.routes, openApiRoute(deps.routes, deps.version)]
  const limits = createRateLimits(deps.clock, deps.limitTiers)
  const hosts = (): readonly string[] => tls.hosts()
  const table = createRouteTable(routes)
  const api = createApiHandler({ ...deps, table, limits, mediaDir: join(deps.dataDir, 'media') })
  const app = createApp({ ...deps, hosts, api, staticFiles: createStaticFiles({ folder: deps.staticDir }) })
  const stream: Stream = createStream({ ...deps, hosts, limits })
  const listeners: { closeAll(): Promise<void> }[] = []
  let httpsPort = 0
  let httpPort = 0
  let stopWatching: () => void = () => undefined

  async function startSecure(): Promise<void> {
    const answer = app.callback()
    const tlsLimits = { minVersion: 'TLSv1.2' as const, handshakeTimeout: HANDSHAKE_MS }
    const options = { ...serverLimits(deps.timeouts), ...secureContext(tls.current()), ...tlsLimits }
    const server = createServer(options, (request, response) => void answer(request, response))
    server.on('upgrade', stream.upgrade)
    // A phone that does not trust the root yet breaks off here, every time.
    server.on('tlsClientError', (error) => log.debug({ err: error.message }, 'A TLS connection was broken off'))
    stopWatching = tls.onChange(() => server.setSecureContext(secureContext(tls.current())))
    const { host } = deps
    const sockets = trackSockets(server)
    httpsPort = await listen(server, { what: 'app', port: deps.httpsPort, host, variable: 'HTTPS_PORT' })
    listeners.push(sockets)
  }

  async function startPlain(): Promise<void> {
    const handler = createPlainHttpHandler({ hosts, httpsPort: () => httpsPort, trustHandler: (...pair) => tls.trustHandler(...pair) })
    const server = createPlainServer(serverLimits(deps.timeouts), handler)
    const sockets = trackSockets(server)
    httpPort = await listen(server, { what: 'trust page', port: deps.httpPort, host: deps.host, variable: 'HTTP_PORT' })
    listeners.push(sockets)
  }

  async function stop(): Promise<void> {
    stopWatching()
    await stream.stop()
    await Promise.all(listeners.splice(0).map((listener) => listener.closeAll()))
  }

  return {
    name: 'http',
    routes,
    httpsPort: () => httpsPort,
    httpPort: () => httpPort,
    async start() {
      if (listeners.length > 0) throw new LaresError('internal', 'The server is started already.')
      try {
        await startSecure()
        await startPlain()
        await stream.start()
      } catch (error) {
        await stop()
        throw error
      }
      log.info({ httpsPort, httpPort }, 'Listening')
    },
    stop,
  }
}
