import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { Bus } from '../core/bus.ts'
import type { Log } from '../core/log.ts'
import type { Part } from '../core/part.ts'
import { createApiHandler } from './api-handler.ts'
import { createApp } from './app.ts'
import { createOriginRules } from './cors.ts'
import type { GateDeps } from './gate.ts'
import { parseHost } from './hosts.ts'
import { createPlainListener, type ClientTimeouts, type Listener } from './listeners.ts'
import { openApiRoute } from './openapi.ts'
import { createPlainHttpHandler } from './plain-http.ts'
import { asClientError, endWithError } from './raw-reply.ts'
import { createRateLimits } from './rate-limit.ts'
import { limitBudgets, type BudgetKeeper, type LimitBudgets, type LimitTable } from './rate-budgets.ts'
import { calmly } from './refusals.ts'
import type { Route } from './route.ts'
import { createRouteTable } from './route-table.ts'
import { createSecureListener, type SecureDoor } from './secure-listener.ts'
import { createStaticFiles } from './static-files.ts'
import { createStream, type Stream, type StreamBusEvents } from './stream/index.ts'

/** What tls/ hands in. */
export interface TlsServing {
  /** null: no HTTPS at all, the app is served over plain HTTP (`TLS_MODE=disabled`). */
  readonly door: SecureDoor | null
  /** Names and addresses this box answers to; `*.x` stands for one label. */
  hosts(): readonly string[]
  /** Whether HTTPS may be promised for a year under this name. */
  promisesHttps(name: string): boolean
  trustHandler(request: IncomingMessage, response: ServerResponse): boolean
  challengeHandler(request: IncomingMessage, response: ServerResponse): boolean
}

export interface HttpServerDeps extends GateDeps {
  routes: readonly Route[]
  log: Log
  bus: Pick<Bus<StreamBusEvents>, 'on'>
  tls: TlsServing
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
  /** Asked at every request. */
  limitBudgets?: () => LimitBudgets
  limitTiers?: LimitTable
  /** Other pages that may call the API, checked: exact origins, `https://*.domain`, `*`. None when left out. */
  corsOrigins?: readonly string[]
  /** Remembers the budgets of sign-in across restarts. */
  budgetKeeper?: BudgetKeeper
  timeouts?: Partial<ClientTimeouts>
  /** For security.txt. */
  securityContact?(): string
}

export interface HttpServer extends Part {
  /** The ports that are really open; 0 before start. */
  httpsPort(): number
  httpPort(): number
  /** Everything that is mounted, the API document included. */
  readonly routes: readonly Route[]
}

/** Where there is no HTTPS. */
const nothing: Listener = { port: () => 0, open: async () => undefined, close: async () => undefined }

function createListeners(
  { tls, log, clock, host, timeouts, httpsPort, httpPort }: HttpServerDeps,
  app: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  stream: Stream,
): { secure: Listener; plain: Listener } {
  const clientError = (error: Error, socket: Duplex): void => endWithError(socket, asClientError(error), clock.now())
  const answer = (request: IncomingMessage, response: ServerResponse): void => void app(request, response)
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void =>
    stream.upgrade(request, socket, head)
  const place = { host, timeouts, clientError }
  const secure = tls.door
    ? createSecureListener({ ...place, port: httpsPort, log, door: tls.door, answer, upgrade })
    : nothing
  const answerPlain = createPlainHttpHandler({
    clock,
    hosts: () => tls.hosts(),
    httpsPort: () => secure.port(),
    trustHandler: (request, response) => tls.trustHandler(request, response),
    challengeHandler: (request, response) => tls.challengeHandler(request, response),
    app: tls.door ? null : answer,
  })
  const plain = createPlainListener({
    ...{ ...place, port: httpPort, answer: answerPlain },
    ...(tls.door === null && { upgrade }),
  })
  return { secure, plain }
}

/** Builds app, stream and both listeners. Throws `internal` for a route that must not be mounted. */
export function createHttpServer(deps: HttpServerDeps): HttpServer {
  const { log, tls } = deps
  const usual: LimitBudgets = { ...limitBudgets(), ...(deps.limitTiers ? { tiers: deps.limitTiers } : {}) }
  const budgets = deps.limitBudgets ?? (() => usual)
  const limits = createRateLimits({ clock: deps.clock, budgets, keeper: deps.budgetKeeper })
  const routes = [...deps.routes, openApiRoute(deps.routes, deps.version, () => budgets().tiers)]
  const onRefused = calmly(deps.clock, (refusal) => deps.onRefused?.(refusal))
  const hosts = (): readonly string[] => tls.hosts()
  const table = createRouteTable(routes)
  const doors = { ...deps, hosts, limits, origins: createOriginRules(deps.corsOrigins ?? []), onRefused }
  const stream: Stream = createStream(doors)
  const streamPosition = (): string => stream.position()
  const api = createApiHandler({ ...doors, table, mediaDir: join(deps.dataDir, 'media'), streamPosition })
  const promisesHttps = (hostHeader: string | undefined): boolean => {
    const host = parseHost(hostHeader)
    return host !== null && tls.promisesHttps(host.name)
  }
  const app = createApp({ ...doors, api, promisesHttps, staticFiles: createStaticFiles({ folder: deps.staticDir }) })
  const { secure, plain } = createListeners(deps, app.callback(), stream)

  async function stop(): Promise<void> {
    await stream.stop()
    await Promise.all([secure.close(), plain.close()])
  }

  return {
    name: 'http',
    routes,
    httpsPort: () => secure.port(),
    httpPort: () => plain.port(),
    async start() {
      try {
        await secure.open()
        await plain.open()
        await stream.start()
      } catch (error) {
        await stop()
        throw error
      }
      log.info({ httpsPort: secure.port(), httpPort: plain.port() }, 'Listening')
    },
    stop,
  }
}
